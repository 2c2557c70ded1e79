/** The seam to HTTP: scrapes and HTTP discovery fetch through it, tests give a fake. */
import type { HttpClientConfig } from "./config/types.ts";

export interface ScrapeFetcher {
  /**
   * GETs `url`, following redirects when the job says so, and returns whatever status the server
   * gives. Holds at no time more than `bodyBytesMax` of the body.
   *
   * @throws {FetchError} when there is no complete answer
   */
  fetch(request: FetchRequest): Promise<FetchResponse>;
  /** Closes idle connections. Nothing may be fetched after. */
  close?(): Promise<void>;
}

export interface FetchRequest {
  readonly url: string;
  /** Requests with the same key share connections: the job's name. */
  readonly poolKey: string;
  readonly http: HttpClientConfig;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body after decompression. */
  readonly bodyBytesMax: number;
  readonly signal: AbortSignal;
}

export interface FetchResponse {
  readonly status: number;
  readonly statusText: string;
  /** "" when the server sent none. */
  readonly contentType: string;
  readonly body: Uint8Array;
}

export type FetchErrorCode =
  | "timeout"
  | "connection"
  | "tls"
  | "body-limit"
  | "redirect"
  | "credentials"
  | "canceled";

/** There is no answer. Messages are in Prometheus' words, which people search for. */
export class FetchError extends Error {
  override readonly name = "FetchError";
  readonly code: FetchErrorCode;

  constructor(code: FetchErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
