/**
 * Reads a request's parameters, as Go's r.FormValue: a form body's come before the query string's,
 * a name may repeat (`match[]`), `+` is a space.
 */
import type { FastifyRequest } from "fastify";
import { ApiError, invalidParameter } from "./api-error.ts";
import { parseTimeMs, readDurationMs } from "./time.ts";

export class Params {
  readonly #body: URLSearchParams;
  readonly #query: URLSearchParams;

  constructor(body: URLSearchParams, query: URLSearchParams) {
    this.#body = body;
    this.#query = query;
  }

  /** The first value; "" when there is none. */
  text(name: string): string {
    return this.#body.get(name) ?? this.#query.get(name) ?? "";
  }

  all(name: string): readonly string[] {
    return [...this.#body.getAll(name), ...this.#query.getAll(name)];
  }

  /** @throws {ApiError} "bad_data" */
  timeMs(name: string, defaultMs: number): number {
    const text = this.text(name);
    if (text === "") return defaultMs;
    const timeMs = parseTimeMs(text);
    if (timeMs !== undefined) return timeMs;
    const why = `invalid time value for '${name}': ${badTime(text)}`;
    throw invalidParameter(name, why);
  }

  /** @throws {ApiError} "bad_data" when absent or not a time */
  requiredTimeMs(name: string): number {
    const text = this.text(name);
    const timeMs = parseTimeMs(text);
    if (timeMs === undefined) throw invalidParameter(name, badTime(text));
    return timeMs;
  }

  /**
   * A duration, as a number of seconds or in Prometheus' notation; undefined when absent.
   * @throws {ApiError} "bad_data"
   */
  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === "" ? undefined : this.requiredDurationMs(name);
  }

  /** @throws {ApiError} "bad_data" when absent or not a duration */
  requiredDurationMs(name: string): number {
    const parsed = readDurationMs(this.text(name));
    if ("problem" in parsed) throw invalidParameter(name, parsed.problem);
    return parsed.ms;
  }

  /** A count of 0 or more; 0, which means no limit, when absent. @throws {ApiError} "bad_data" */
  limit(name = "limit"): number {
    const text = this.text(name);
    if (text === "") return 0;
    const limit = readInteger(text);
    if (limit === undefined) {
      throw invalidParameter(name, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
    if (limit < 0) throw invalidParameter(name, "limit must be non-negative");
    return limit;
  }

  /** Any whole number; undefined when absent. @throws {ApiError} "bad_data" */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === "") return undefined;
    const number = readInteger(text);
    if (number === undefined) throw new ApiError("bad_data", `${name} must be a number`);
    return number;
  }
}

/** The parameters of one request, whatever its method. @throws {ApiError} "bad_data" */
export function paramsOf(request: FastifyRequest): Params {
  const body = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const [, query] = splitAtQuestionMark(request.url);
  return new Params(body, parseForm(query));
}

/** The path as it was asked for, not decoded, without the query string. */
export function pathOf(request: FastifyRequest): string {
  return splitAtQuestionMark(request.url)[0];
}

function splitAtQuestionMark(url: string): readonly [path: string, query: string] {
  const at = url.indexOf("?");
  return at === -1 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

/**
 * Parses a query string or a form.
 *
 * Stricter than URLSearchParams, as Go is: a broken escape is an error, not a text.
 * @throws {ApiError} "bad_data"
 */
export function parseForm(text: string): URLSearchParams {
  const broken = /%(?![0-9a-fA-F]{2})[^&]{0,2}/.exec(text);
  if (broken === null) return new URLSearchParams(text);
  const found = JSON.stringify(broken[0]);
  throw new ApiError("bad_data", `error parsing form values: invalid URL escape ${found}`);
}

/** Go's strconv.ParseBool; undefined for anything else. */
export function readBoolean(text: string): boolean | undefined {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return false;
  return undefined;
}

function readInteger(text: string): number | undefined {
  const number = /^[-+]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

function badTime(text: string): string {
  return `cannot parse ${JSON.stringify(text)} to a valid timestamp`;
}
