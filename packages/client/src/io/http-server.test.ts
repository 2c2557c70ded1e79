import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Registry } from "../registry.ts";
import type { MetricsServer } from "./http-server.ts";
import { startHttpServer } from "./http-server.ts";

const TEXT = "# HELP a_total A.\n# TYPE a_total counter\na_total 0\n";

let registry: Registry;
let server: MetricsServer;

beforeEach(async () => {
  registry = new Registry();
  registry.counter({ name: "a_total", help: "A." });
  server = await startHttpServer({ port: 0, registry });
});

afterEach(() => server.close());

interface Reply {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Plain node:http, as fetch() hides what was compressed. */
function ask(path: string, method = "GET", headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: server.port, path, method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    sent.on("error", reject).end();
  });
}

test("serves the registry as text format 0.0.4", async () => {
  const { status, headers, body } = await ask("/metrics?x=1");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(headers["content-encoding"]).toBeUndefined();
  expect(body.toString()).toBe(TEXT);
});

test.each([
  ["gzip", true],
  ["deflate, gzip;q=0.5", true],
  ["*", true],
  ["gzip;q=0", false],
  ["identity", false],
])("accept-encoding %s is zipped: %s", async (accepted, isZipped) => {
  const { headers, body } = await ask("/metrics", "GET", { "accept-encoding": accepted });
  expect(headers["content-encoding"]).toBe(isZipped ? "gzip" : undefined);
  expect((isZipped ? gunzipSync(body) : body).toString()).toBe(TEXT);
});

test("HEAD tells the length and sends nothing", async () => {
  const { status, headers, body } = await ask("/metrics", "HEAD");
  expect(status).toBe(200);
  expect(headers["content-length"]).toBe(String(TEXT.length));
  expect(body.length).toBe(0);
});

test.each([
  ["GET", "/", 404],
  ["GET", "/metrics/", 404],
  ["POST", "/metrics", 405],
])("%s %s answers %d", async (method, path, status) => {
  expect((await ask(path, method)).status).toBe(status);
});

test("a throwing hook answers 500 with its reason, and the server goes on", async () => {
  let isBroken = true;
  registry.collect(() => {
    if (isBroken) throw new Error("no driver");
  });
  const broken = await ask("/metrics");
  expect(broken.status).toBe(500);
  expect(broken.body.toString()).toContain("no driver");
  isBroken = false;
  expect((await ask("/metrics")).status).toBe(200);
});

test("a port in use says so", async () => {
  await expect(startHttpServer({ port: server.port, registry })).rejects.toThrow(
    `Cannot serve metrics on "127.0.0.1:${server.port}": the port is in use`,
  );
});
