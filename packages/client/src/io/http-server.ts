/** Serves a registry at /metrics, for a process that has no HTTP server of its own. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { MetricError } from "../metric-error.ts";
import type { Registry } from "../registry.ts";
import { defaultRegistry } from "../registry.ts";
import { CONTENT_TYPE_TEXT } from "../text-format.ts";

const gzipAsync = promisify(gzip);

export interface HttpServerOptions {
  /** 0 picks a free one. Default 8000. */
  readonly port?: number;
  /** Default 127.0.0.1: metrics tell a lot, so other machines see them only when asked for. */
  readonly host?: string;
  readonly registry?: Registry;
}

export interface MetricsServer {
  readonly port: number;
  /** Of the metrics, ready for a browser. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Starts listening.
 *
 * @throws {MetricError} "client/listen" when the address is taken or not ours; `cause` says which
 */
export async function startHttpServer(options: HttpServerOptions = {}): Promise<MetricsServer> {
  const { port = 8000, host = "127.0.0.1", registry = defaultRegistry } = options;
  const server = createServer((request, response) => {
    answer(request, response, registry).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      response.end(`Cannot collect metrics: ${String(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(listenError(`${host}:${port}`, cause)));
    server.listen(port, host, resolve);
  });
  const boundPort = (server.address() as AddressInfo).port;
  return {
    port: boundPort,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}/metrics`,
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  registry: Registry,
): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path !== "/metrics") return refuse(response, 404, "Not here: metrics are at /metrics");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return refuse(response, 405, "Metrics are only read: use GET");
  }
  const text = Buffer.from(registry.expose());
  const isZipped = acceptsGzip(request.headers["accept-encoding"]);
  const body = isZipped ? await gzipAsync(text) : text;
  response.writeHead(200, {
    "content-type": CONTENT_TYPE_TEXT,
    "content-length": body.length,
    vary: "accept-encoding",
    ...(isZipped ? { "content-encoding": "gzip" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${reason}\n`);
}

/** Whether the header names gzip, or everything, without forbidding it by `q=0`. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? "").split(",");
  return codings.some((coding) => {
    const [name, ...parameters] = coding.split(";").map((part) => part.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return (name === "gzip" || name === "*") && !isRefused;
  });
}

function listenError(address: string, cause: NodeJS.ErrnoException): MetricError {
  const state = cause.code === "EADDRINUSE" ? "the port is in use" : cause.message;
  return new MetricError(
    "client/listen",
    `Cannot serve metrics on "${address}": ${state}, expected a free local address`,
    { cause },
  );
}
