/**
 * Requests to receivers over the real network: undici, one pool of connections per way of
 * connecting (TLS material, proxy), kept while it is in use.
 */
import type { Dispatcher } from "undici";
import { Agent, ProxyAgent, request as undiciRequest } from "undici";
import type { HttpClientConfig, TlsConfig } from "../config/types.ts";
import { REPLY_BYTES_MAX } from "../limits.ts";
import { SendError } from "../send-error.ts";
import type { HttpReply, HttpRequest, HttpSender } from "../types.ts";

/** Redirects followed when http_config allows it: Go's number. */
const REDIRECTS_MAX = 10;

export function createHttpSender(): HttpSender {
  const pools = new Map<string, Dispatcher>();
  const poolFor = (http: HttpClientConfig): Dispatcher => {
    const key = JSON.stringify([http.tls, http.proxyUrl]);
    const pool = pools.get(key) ?? tryCreatePool(http);
    pools.set(key, pool);
    return pool;
  };
  return {
    send: async (request) => sendFollowing(request, poolFor(request.http)),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      pools.clear();
    },
  };
}

function tryCreatePool(http: HttpClientConfig): Dispatcher {
  try {
    return createPool(http);
  } catch (cause) {
    // What Node says of a bad certificate or proxy may quote it.
    const problem = "Cannot send: the TLS or proxy settings of http_config are not usable";
    throw new SendError("bad-url", problem, { cause });
  }
}

function createPool({ tls, proxyUrl }: HttpClientConfig): Dispatcher {
  const connect = tls === undefined ? {} : connectOptions(tls);
  if (proxyUrl === undefined) return new Agent({ connect });
  return new ProxyAgent({ uri: proxyUrl, requestTls: connect });
}

function connectOptions({ ca, cert, key, serverName, insecureSkipVerify }: TlsConfig) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: !insecureSkipVerify,
  };
}

async function sendFollowing(request: HttpRequest, pool: Dispatcher): Promise<HttpReply> {
  let url = parseUrl(request.url);
  for (let hop = 0; ; hop++) {
    const { reply, location } = await sendOnce(request, url, pool);
    const isRedirect = reply.status === 307 || reply.status === 308;
    const mayFollow = request.http.followRedirects && hop < REDIRECTS_MAX;
    if (!isRedirect || location === "" || !mayFollow) return reply;
    url = new URL(location, url);
  }
}

async function sendOnce(
  { body, headers, http, signal }: HttpRequest,
  url: URL,
  pool: Dispatcher,
): Promise<{ readonly reply: HttpReply; readonly location: string }> {
  try {
    const answer = await undiciRequest(url, {
      method: "POST",
      headers: { ...http.headers, ...headers, ...authorizationOf(http, url) },
      body,
      signal,
      dispatcher: pool,
    });
    const reply: HttpReply = {
      status: answer.statusCode,
      contentType: headerOf(answer.headers, "content-type"),
      retryAfter: headerOf(answer.headers, "retry-after"),
      body: await readBounded(answer.body),
    };
    return { reply, location: headerOf(answer.headers, "location") };
  } catch (error) {
    throw toSendError(error, signal);
  }
}

/** Reads the start of a reply and drops the rest, however much there is of it. */
async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, REPLY_BYTES_MAX - sizeBytes));
    sizeBytes += chunk.length;
    if (sizeBytes >= REPLY_BYTES_MAX) break; // ends the stream, and with it the connection
  }
  return Buffer.concat(chunks).toString("utf8");
}

function authorizationOf(http: HttpClientConfig, url: URL): Readonly<Record<string, string>> {
  const encode = (user: string, password: string) =>
    `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  if (http.basicAuth) {
    return { authorization: encode(http.basicAuth.username, http.basicAuth.password) };
  }
  if (http.authorization) {
    return { authorization: `${http.authorization.type} ${http.authorization.credentials}` };
  }
  if (url.username === "") return {};
  const password = decodeURIComponent(url.password);
  return { authorization: encode(decodeURIComponent(url.username), password) };
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string) {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new SendError("bad-url", "Cannot send: the address is not a URL, expected http or https");
  }
  const url = new URL(text);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  const problem = `Cannot send: the address is for ${url.protocol}, expected http or https`;
  throw new SendError("bad-url", problem);
}

/** Node's messages name host and port, which may be all of the secret there is: codes only. */
function toSendError(error: unknown, signal: AbortSignal): SendError {
  if (signal.aborted) return new SendError("aborted", "Cannot send: called off", { cause: error });
  const code = codeOf(error);
  const refused = code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN";
  const kind = refused ? "refused" : code.includes("TIMEOUT") ? "timeout" : "network";
  return new SendError(kind, `Cannot send: no reply (${code})`, { cause: error });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "unknown" : codeOf(cause);
}
