/**
 * Keeps other web pages away from a server on somebody's own machine.
 *
 * Two attacks: a page posts to us across origins (the browser tells by Sec-Fetch-Site or Origin),
 * and a page makes its own host name resolve to 127.0.0.1 (DNS rebinding; the Host header tells).
 * Programs send neither header wrongly, so curl, Prometheus and Grafana notice nothing.
 */
import type { FastifyRequest } from "fastify";
import { ApiError } from "./api-error.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Reading by POST: changes nothing, so nothing is to be guarded. */
const READING_PATH = /^\/api\/v1\/(query|query_range|series|labels|format_query|query_exemplars)$/;

/** @throws {ApiError} "forbidden" when another origin's page asks us to change something */
export function refuseCrossOrigin(request: FastifyRequest, path: string): void {
  if (SAFE_METHODS.has(request.method) || READING_PATH.test(path)) return;
  if (isSameOrigin(request)) return;
  const origin = request.headers.origin ?? "another site";
  const wanted = "expected a page of this server, or a client that is no browser";
  throw new ApiError("forbidden", `Cannot take this request from "${origin}": ${wanted}`);
}

function isSameOrigin({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  if (headers.origin === undefined) return true;
  // "null" is an opaque origin: a sandboxed frame, a file.
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

/** @throws {ApiError} "forbidden" when the Host header names neither us nor an IP address */
export function refuseUnknownHost(
  request: FastifyRequest,
  allowedHosts: "any" | readonly string[],
): void {
  if (allowedHosts === "any") return;
  const name = hostNameOf(request.headers.host ?? "");
  if (name === "" || isOwnName(name) || allowedHosts.includes(name)) return;
  const wanted = "expected localhost, an IP address, or the host of --web.external-url";
  throw new ApiError("forbidden", `Cannot answer for host "${name}": ${wanted}`);
}

/** Without port, lower case; an IPv6 address keeps its brackets. */
function hostNameOf(host: string): string {
  return host.replace(/:\d*$/, "").toLowerCase();
}

/** Names that no foreign DNS server can hand out: loopback ones and plain addresses. */
function isOwnName(name: string): boolean {
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || /^\[[0-9a-f:.%]+\]$/.test(name);
}
