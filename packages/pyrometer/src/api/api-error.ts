/** Prometheus' API errors: what went wrong as a word, a text, and the HTTP status they go with. */
import { SourceError } from "../std/index.ts";
import { QueryError, StorageError } from "../storage/index.ts";

export type ApiErrorType =
  | "bad_data"
  | "execution"
  | "canceled"
  | "timeout"
  | "internal"
  | "unavailable"
  | "not_found"
  | "forbidden";

/** nginx's "client closed request": nobody reads it, but our metrics show it. */
const CLIENT_CLOSED_REQUEST = 499;

const STATUS: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  forbidden: 403,
  not_found: 404,
  execution: 422,
  canceled: CLIENT_CLOSED_REQUEST,
  internal: 500,
  timeout: 503,
  unavailable: 503,
};

/** Ends a request: the error handler prints it as Prometheus does. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly type: ApiErrorType;
  readonly statusCode: number;

  constructor(
    type: ApiErrorType,
    message: string,
    options: { readonly cause?: unknown; readonly statusCode?: number | undefined } = {},
  ) {
    super(message, options);
    this.type = type;
    this.statusCode = options.statusCode ?? STATUS[type];
  }
}

/** A parameter's value cannot be used; worded as Prometheus words it. */
export function invalidParameter(name: string, why: string): ApiError {
  return new ApiError("bad_data", `invalid parameter "${name}": ${why}`);
}

/** Errors in a query or selector, as "1:5: parse error: …": Prometheus' form, first one only. */
export function parseErrorText(errors: readonly SourceError[]): string {
  const [first] = errors;
  if (first === undefined) return "parse error";
  return `${first.line}:${first.column}: parse error: ${first.problem}`;
}

/** Whatever was thrown, as an API error; undefined when it is a defect of ours or of Fastify's. */
export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof QueryError) return fromQueryError(error);
  if (error instanceof StorageError) {
    const type = error.code === "closed" ? "unavailable" : "internal";
    return new ApiError(type, error.message, { cause: error });
  }
  return undefined;
}

function fromQueryError(error: QueryError): ApiError {
  const cause = { cause: error };
  const hint = error.hint === undefined ? "" : `. ${error.hint}`;
  if (error.kind !== "bad_data") return new ApiError(error.kind, error.message + hint, cause);
  const message =
    error.cause instanceof SourceError ? parseErrorText([error.cause]) : error.message;
  return new ApiError("bad_data", `invalid parameter "query": ${message}`, cause);
}
