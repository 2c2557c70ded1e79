/**
 * The one listening socket. It is opened before anything else, because links in messages need the
 * address and a port in use should say so at once; until there are routes it answers 503.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface Listener {
  /** Where this machine reaches it. */
  readonly url: string;
  serve(handler: RequestHandler): void;
  /** Ends open connections too: a browser's keep-alive must not hold a stop up. */
  close(): Promise<void>;
}

/** The address cannot be listened on: in use, or not ours. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** @throws {ListenError} */
export async function listen({ host, port }: { host: string; port: number }): Promise<Listener> {
  let handler: RequestHandler = (_, response) => {
    response
      .writeHead(503, { "content-type": "text/plain" })
      .end("Service Unavailable: starting\n");
  };
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(explain(error, `${host}:${port}`)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${reachableHost(host)}:${address.port}`,
    serve(routes) {
      handler = routes;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function explain(error: Error, address: string): ListenError {
  const code = "code" in error ? String(error.code) : error.message;
  const why = code === "EADDRINUSE" ? "another program listens there" : code;
  const problem = `Cannot listen on ${address}: ${why}, wanted a free address of this machine; choose one with --web.listen-address`;
  return new ListenError(problem, { cause: error });
}

function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
