/** Node's and undici's errors in the words that Go's client, and so every Prometheus forum, uses. */
import type { FetchRequest } from "../fetcher.ts";
import { FetchError } from "../fetcher.ts";

const DIAL_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ETIMEDOUT: "i/o timeout",
  UND_ERR_CONNECT_TIMEOUT: "i/o timeout",
  EADDRNOTAVAIL: "connect: cannot assign requested address",
};

const READ_REASONS: Readonly<Record<string, string>> = {
  ECONNRESET: "read: connection reset by peer",
  EPIPE: "write: broken pipe",
  UND_ERR_SOCKET: "EOF",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "unexpected EOF",
};

export function toFetchError(cause: unknown, { url, signal }: FetchRequest): FetchError {
  if (signal.aborted && signal.reason instanceof FetchError) return signal.reason;
  if (cause instanceof FetchError) return cause;
  const error = firstOf(cause);
  const code = typeof error.code === "string" ? error.code : "";
  const host = URL.canParse(url) ? new URL(url).host : url;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const reason = code === "ENOTFOUND" ? "no such host" : "server misbehaving";
    return new FetchError("connection", `dial tcp: lookup ${host}: ${reason}`, { cause });
  }
  const dial = DIAL_REASONS[code];
  if (dial !== undefined)
    return new FetchError("connection", `dial tcp ${host}: ${dial}`, { cause });
  const read = READ_REASONS[code];
  if (read !== undefined) return new FetchError("connection", read, { cause });
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|UNABLE_TO|SELF_SIGNED|EPROTO)/.test(code)) {
    const message = `tls: failed to verify certificate: ${error.message}`;
    return new FetchError("tls", message, { cause });
  }
  if (error.name === "HTTPParserError") {
    return new FetchError("connection", `malformed HTTP response: ${error.message}`, { cause });
  }
  if (code.startsWith("Z_")) {
    return new FetchError("connection", `gzip: invalid data: ${error.message}`, { cause });
  }
  return new FetchError("connection", error.message, { cause });
}

/** When a name has several addresses, Node reports one error for each. */
function firstOf(cause: unknown): Error & { readonly code?: unknown } {
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0];
  return cause instanceof Error ? cause : new Error(String(cause));
}
