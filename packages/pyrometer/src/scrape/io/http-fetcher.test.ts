/** The real fetcher against real servers on 127.0.0.1, behaving as badly as targets do. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { BYTES_PER_GIB, BYTES_PER_MIB } from "../../std/index.ts";
import type { HttpClientConfig } from "../config/types.ts";
import type { FetchRequest } from "../fetcher.ts";
import { FetchError } from "../fetcher.ts";
import { createHttpFetcher } from "./http-fetcher.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

function newFetcher() {
  const fetcher = createHttpFetcher();
  cleanups.push(() => fetcher.close?.());
  return fetcher;
}

function requestOf(url: string, changes: Partial<FetchRequest> = {}): FetchRequest {
  return {
    url,
    poolKey: "job",
    http: { followRedirects: true },
    headers: { "accept-encoding": "gzip" },
    bodyBytesMax: BYTES_PER_MIB,
    signal: new AbortController().signal,
    ...changes,
  };
}

async function textOf(request: FetchRequest): Promise<string> {
  const { body } = await newFetcher().fetch(request);
  return Buffer.from(body).toString();
}

async function failureOf(request: FetchRequest): Promise<string> {
  const error = await newFetcher()
    .fetch(request)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof FetchError)) throw new Error(`expected a FetchError, got ${error}`);
  return `${error.code}: ${error.message}`;
}

test("a body comes whole, plain or gzipped, with its content type", async () => {
  const plain = await serve((_, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4").end("a 1\n");
  });
  const response = await newFetcher().fetch(requestOf(plain));
  expect(response).toMatchObject({ status: 200, statusText: "OK" });
  expect(response.contentType).toBe("text/plain; version=0.0.4");
  const packed = await serve((_, answer) => {
    answer.setHeader("content-encoding", "gzip").end(gzipSync("b 2\n"));
  });
  expect([Buffer.from(response.body).toString(), await textOf(requestOf(packed))]).toEqual([
    "a 1\n",
    "b 2\n",
  ]);
});

test("a 500 is an answer; its page is not read", async () => {
  const url = await serve((_, response) => response.writeHead(500).end("x".repeat(10_000)));
  const { status, statusText, body } = await newFetcher().fetch(requestOf(url));
  expect([status, statusText, body.byteLength]).toEqual([500, "Internal Server Error", 0]);
});

test("a body without end is cut off at its limit, and memory stays flat", async () => {
  const chunk = Buffer.alloc(BYTES_PER_MIB, "a 1\n");
  let sentBytes = 0;
  const url = await serve((_, response) => {
    const send = () => {
      while (sentBytes < BYTES_PER_GIB && !response.destroyed) {
        sentBytes += chunk.length;
        if (!response.write(chunk)) return response.once("drain", send);
      }
      return response.end();
    };
    send();
  });
  const beforeBytes = process.memoryUsage().arrayBuffers; // this thread's, unlike rss
  const bodyBytesMax = 8 * BYTES_PER_MIB;
  expect(await failureOf(requestOf(url, { bodyBytesMax }))).toBe(
    `body-limit: body size limit exceeded (limit: ${bodyBytesMax} bytes)`,
  );
  expect(process.memoryUsage().arrayBuffers - beforeBytes).toBeLessThan(64 * BYTES_PER_MIB);
  expect(sentBytes).toBeLessThan(64 * BYTES_PER_MIB);
});

test("a small body that unpacks to a large one is cut off as well", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * BYTES_PER_MIB));
  const url = await serve((_, response) => {
    response.setHeader("content-encoding", "gzip").end(bomb);
  });
  expect(bomb.length).toBeLessThan(BYTES_PER_MIB);
  expect(await failureOf(requestOf(url))).toContain("body size limit exceeded");
});

test("aborting ends a request that hangs before, and one that hangs within, the body", async () => {
  const silent = await serve(() => {});
  const halting = await serve((_, response) => {
    response.write("a 1\n");
  });
  for (const url of [silent, halting]) {
    const aborter = new AbortController();
    const failure = failureOf(requestOf(url, { signal: aborter.signal }));
    setTimeout(() => aborter.abort(new FetchError("timeout", "context deadline exceeded")), 50);
    expect(await failure).toBe("timeout: context deadline exceeded");
  }
});

test("what is not there, not HTTP, broken off, or badly packed is told in Go's words", async () => {
  const closed = await serve(() => {});
  await cleanups.pop()?.();
  const host = new URL(closed).host;
  expect(await failureOf(requestOf(closed))).toBe(
    `connection: dial tcp ${host}: connect: connection refused`,
  );
  const tcp = createTcpServer((socket) => socket.end("hello, I am SSH\r\n"));
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => tcp.close());
  const { port } = tcp.address() as AddressInfo;
  expect(await failureOf(requestOf(`http://127.0.0.1:${port}/`))).toMatch(
    /^connection: malformed HTTP response/,
  );
  const broken = await serve((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("a 1\n", () => response.destroy());
  });
  expect(await failureOf(requestOf(broken))).toMatch(/^connection: (unexpected )?EOF$/);
  const unpackable = await serve((_, response) => {
    response.setHeader("content-encoding", "gzip").end("no gzip at all");
  });
  expect(await failureOf(requestOf(unpackable))).toMatch(/^connection: gzip: invalid data/);
});

test("redirects are followed, unless the job says no, and never in circles", async () => {
  const url = await serve((request, response) => {
    if (request.url === "/metrics") response.writeHead(302, { location: "/there" }).end();
    else if (request.url === "/there") response.end("a 1\n");
    else response.writeHead(302, { location: "/circle" }).end();
  });
  expect(await textOf(requestOf(url))).toBe("a 1\n");
  const { status } = await newFetcher().fetch(requestOf(url, { http: { followRedirects: false } }));
  expect(status).toBe(302);
  const circle = new URL("/circle", url).href;
  expect(await failureOf(requestOf(circle))).toBe("redirect: stopped after 10 redirects");
});

test("credentials go to the target, read from their files each time, and not to another host", async () => {
  const dir = await mkdtemp(join(tmpdir(), "pyrometer-"));
  cleanups.push(() => rm(dir, { recursive: true }));
  const passwordFile = join(dir, "password");
  const seen: (string | undefined)[] = [];
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end("a 1\n");
  });
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: other }).end();
  });
  const fetcher = newFetcher();
  const http = { followRedirects: true, basicAuth: { username: "me", passwordFile } };
  for (const password of ["one", "two"]) {
    await writeFile(passwordFile, `${password}\n`);
    await fetcher.fetch(requestOf(url, { http }));
  }
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  expect(seen).toEqual([basic("me:one"), undefined, basic("me:two"), undefined]);
  await rm(passwordFile);
  expect(await failureOf(requestOf(url, { http }))).toMatch(/^credentials: unable to read file/);
});

test("a connection is kept and used again; one that the server closed is replaced", async () => {
  const ports = new Set<number | undefined>();
  let doesClose = false;
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.end("a 1\n", () => doesClose && request.socket.destroy());
  });
  const fetcher = newFetcher();
  const fetchThrice = async () => {
    for (let i = 0; i < 3; i++) {
      await fetcher.fetch(requestOf(url));
      await setImmediate(); // a connection is free again a turn after its answer ended
    }
  };
  await fetchThrice();
  expect(ports.size).toBe(1);
  doesClose = true;
  await fetchThrice();
  expect(ports.size).toBeGreaterThan(1);
});

test("TLS: an unknown certificate is refused, its CA or insecure_skip_verify lets it pass", async () => {
  const testdata = new URL("testdata/", import.meta.url);
  const caFile = fileURLToPath(new URL("test-only-cert.pem", testdata));
  const cert = await readFile(caFile);
  const key = await readFile(new URL("test-only-key.pem", testdata));
  const server = createTlsServer({ cert, key }, (_, response) => response.end("a 1\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const withTls = (tls: HttpClientConfig["tls"] & object) =>
    requestOf(url, { http: { followRedirects: true, tls } });
  expect(await failureOf(requestOf(url))).toMatch(/^tls: tls: failed to verify certificate: /);
  expect(await textOf(withTls({ insecureSkipVerify: true }))).toBe("a 1\n");
  const serverName = "pyrometer-test";
  expect(await textOf(withTls({ insecureSkipVerify: false, caFile, serverName }))).toBe("a 1\n");
  expect(await failureOf(withTls({ insecureSkipVerify: false, caFile }))).toMatch(/^tls: /);
});
