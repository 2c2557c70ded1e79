/**
 * The only place that fetches. Errors are ApiError, with the server's own words; "unreachable" is
 * a server that did not answer at all.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** Prometheus' error types, "not_found", or "unreachable". */
  readonly kind: string;

  constructor(kind: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface Answer<T> {
  readonly data: T;
  readonly warnings: readonly string[];
}

interface Envelope {
  readonly status?: string;
  readonly data?: unknown;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** An endpoint of Prometheus' kind: `{status, data}`. The shape of the data is the server's word. */
export async function getData<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request<T>(path, signal ? { signal } : {})).data;
}

/** Parameters in the body: queries outgrow URLs. */
export function postForm<T>(
  path: string,
  fields: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Answer<T>> {
  const body = new URLSearchParams(fields);
  return request<T>(path, { method: "POST", body, ...(signal && { signal }) });
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await request<T>(path, init)).data;
}

/** An endpoint of Alertmanager's kind: bare JSON, errors as a JSON text. */
export async function bareJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(path, init);
  const text = await response.text();
  const body = text === "" ? undefined : parse(text);
  if (response.ok) return body as T;
  const message = typeof body === "string" ? body : (messageOf(body) ?? text.slice(0, 500));
  throw new ApiError(response.status === 404 ? "not_found" : "bad_data", message);
}

async function request<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  const response = await send(path, init);
  const text = await response.text();
  const body = parse(text) as Envelope | undefined;
  if (response.ok && body?.status === "success") {
    return { data: body.data as T, warnings: [...(body.warnings ?? []), ...(body.infos ?? [])] };
  }
  const kind = body?.errorType ?? (response.status === 404 ? "not_found" : "internal");
  const fallback = `The server answered ${response.status} to ${path.replace(/\?.*/, "")}`;
  throw new ApiError(kind, messageOf(body) ?? fallback);
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("unreachable", "Pyrometer does not answer. Is it running?", { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's error page: the status says enough
  }
}

function messageOf(body: unknown): string | undefined {
  const { error, message } = (body ?? {}) as {
    readonly error?: unknown;
    readonly message?: unknown;
  };
  const text = error ?? message;
  return typeof text === "string" ? text : undefined;
}
