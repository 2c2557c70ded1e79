/**
 * Fetches over HTTP with undici: connections kept per job, redirects, decompression, credentials,
 * and a body that is cut off at its limit rather than held.
 */
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Agent, request as undiciRequest } from "undici";
import { MS_PER_MINUTE } from "../../std/index.ts";
import type { FetchRequest, FetchResponse, ScrapeFetcher } from "../fetcher.ts";
import { FetchError } from "../fetcher.ts";
import { REDIRECTS_MAX } from "../limits.ts";
import { authorizationOf, tlsOptionsOf } from "./credentials.ts";
import { toFetchError } from "./fetch-errors.ts";

/** Longer than any usual interval, as Prometheus keeps its connections; a server may ask for less. */
const IDLE_CONNECTION_MS = 5 * MS_PER_MINUTE;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

type UndiciResponse = Awaited<ReturnType<typeof undiciRequest>>;

interface Pool {
  readonly agent: Agent;
  /** What its connections were made with: certificates may be renewed on disk. */
  readonly tlsKey: string;
}

export function createHttpFetcher(): ScrapeFetcher {
  return new HttpFetcher();
}

class HttpFetcher implements ScrapeFetcher {
  readonly #pools = new Map<string, Pool>();

  async fetch(request: FetchRequest): Promise<FetchResponse> {
    try {
      const agent = await this.#agentFor(request);
      const response = await follow(request, agent);
      const { statusCode, statusText, headers, body } = response;
      const bytes = await readBody(body, {
        isGzip: headerOf(headers, "content-encoding") === "gzip",
        // An error page is not read, but must not stay in the pipe either.
        bytesMax: statusCode === 200 ? request.bodyBytesMax : undefined,
      });
      const contentType = headerOf(headers, "content-type");
      return { status: statusCode, statusText, contentType, body: bytes };
    } catch (error) {
      throw toFetchError(error, request);
    }
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ agent }) => agent.destroy()));
  }

  async #agentFor({ poolKey, http }: FetchRequest): Promise<Agent> {
    const tls = await tlsOptionsOf(http);
    const tlsKey = JSON.stringify(tls);
    const pool = this.#pools.get(poolKey);
    if (pool?.tlsKey === tlsKey) return pool.agent;
    if (pool) void pool.agent.close(); // after the requests that are under way
    const agent = new Agent({
      connect: tls,
      keepAliveTimeout: IDLE_CONNECTION_MS,
      keepAliveMaxTimeout: IDLE_CONNECTION_MS,
      // The scrape's own deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#pools.set(poolKey, { agent, tlsKey });
    return agent;
  }
}

/** The answer at the end of a chain of redirects, if the job follows them. */
async function follow(request: FetchRequest, agent: Agent): Promise<UndiciResponse> {
  const { http, signal } = request;
  const first = new URL(request.url);
  let url = first;
  for (let redirectCount = 0; redirectCount <= REDIRECTS_MAX; redirectCount++) {
    // Credentials are for the host they were given for.
    const authorization = url.host === first.host ? await authorizationOf(http) : undefined;
    const headers = {
      ...request.headers,
      ...http.headers,
      ...(authorization && { authorization }),
    };
    const response = await getOnce(url, { headers, agent, signal });
    const location = headerOf(response.headers, "location");
    const isRedirect = REDIRECT_STATUSES.has(response.statusCode) && location !== "";
    if (!isRedirect || !http.followRedirects) return response;
    await response.body.dump();
    if (!URL.canParse(location, url.href)) {
      throw new FetchError("redirect", `failed to parse Location header "${location}"`);
    }
    url = new URL(location, url);
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new FetchError("redirect", `unsupported protocol scheme "${url.protocol}"`);
    }
  }
  throw new FetchError("redirect", `stopped after ${REDIRECTS_MAX} redirects`);
}

interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

/**
 * One GET. A kept connection may be closed by the server just as it is used again; that says
 * nothing about the target, so such a request is made once more, on a new connection.
 */
async function getOnce(url: URL, { headers, agent, signal }: GetOptions): Promise<UndiciResponse> {
  const options = { method: "GET", headers, dispatcher: agent, signal } as const;
  try {
    return await undiciRequest(url, options);
  } catch (error) {
    const code = (error as { readonly code?: unknown }).code;
    const isClosed = code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
    if (!isClosed || signal.aborted) throw error;
    return undiciRequest(url, options);
  }
}

interface BodyOptions {
  readonly isGzip: boolean;
  /** undefined when nobody wants the body. */
  readonly bytesMax: number | undefined;
}

/**
 * However large the body, or what it unpacks to, reading ends one chunk past the limit. (Joining
 * the chunks holds a good body twice, for a moment.)
 */
async function readBody(
  body: UndiciResponse["body"],
  { isGzip, bytesMax }: BodyOptions,
): Promise<Uint8Array> {
  if (bytesMax === undefined) {
    await body.dump();
    return new Uint8Array();
  }
  const stream: Readable = isGzip ? unpack(body) : body;
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      byteCount += chunk.byteLength;
      if (byteCount > bytesMax) {
        throw new FetchError("body-limit", `body size limit exceeded (limit: ${bytesMax} bytes)`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    body.destroy(); // what is left of it is not worth a kept connection
    throw error;
  }
  return Buffer.concat(chunks, byteCount);
}

function unpack(body: Readable): Readable {
  const gunzip = createGunzip();
  body.on("error", (error) => gunzip.destroy(error));
  return body.pipe(gunzip);
}

function headerOf(headers: UndiciResponse["headers"], name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
