/** The one test of the room that uses the network: 127.0.0.1 only. */

import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { REPLY_BYTES_MAX } from "../limits.ts";
import type { SendError } from "../send-error.ts";
import type { HttpRequest } from "../types.ts";
import { createHttpSender } from "./http-sender.ts";

const sender = createHttpSender();
const servers: Server[] = [];

afterEach(async () => {
  await sender.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const request = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  url,
  headers: { "content-type": "application/json" },
  body: '{"a":1}',
  http: { followRedirects: true },
  signal: new AbortController().signal,
  ...changes,
});

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test("a request arrives with its body and credentials; the reply comes back", async () => {
  const seen: unknown[] = [];
  const url = await serve(async (message, response) => {
    const { method, headers } = message;
    seen.push([method, headers["content-type"], headers.authorization, await bodyOf(message)]);
    response.writeHead(429, { "content-type": "text/plain", "retry-after": "7" }).end("slow down");
  });
  const http = { followRedirects: true, basicAuth: { username: "u", password: "p" } };
  expect(await sender.send(request(url, { http }))).toEqual({
    status: 429,
    contentType: "text/plain",
    retryAfter: "7",
    body: "slow down",
  });
  expect(seen).toEqual([["POST", "application/json", "Basic dTpw", '{"a":1}']]);
});

test("a redirect that keeps the method is followed when http_config allows it", async () => {
  const target = await serve(async (message, response) => response.end(await bodyOf(message)));
  const url = await serve((_, response) => response.writeHead(307, { location: target }).end());
  expect((await sender.send(request(url))).body).toBe('{"a":1}');
  const http = { followRedirects: false };
  expect((await sender.send(request(url, { http }))).status).toBe(307);
});

test("of an endless reply only the start is read", async () => {
  const url = await serve((_, response) => {
    const chunk = Buffer.alloc(65_536, "x");
    const pump = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pump);
    pump();
  });
  expect((await sender.send(request(url))).body).toHaveLength(REPLY_BYTES_MAX);
});

test("no reply is a typed error that does not tell the address", async () => {
  const url = await serve(() => {});
  const abort = new AbortController();
  const sent = sender.send(request(`${url}/secret-path`, { signal: abort.signal }));
  setTimeout(() => abort.abort(), 20);
  await expect(sent).rejects.toMatchObject({ code: "aborted" });
  const gone = "http://127.0.0.1:1/secret-path";
  const error = await sender.send(request(gone)).catch((cause: SendError) => cause);
  expect(error).toMatchObject({ code: "refused" });
  expect((error as SendError).message).not.toContain("secret-path");
  await expect(sender.send(request("not a url"))).rejects.toMatchObject({ code: "bad-url" });
});
