/** What holds for all routes: readiness, reload, guards, bodies, unknown paths. */
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { SourceError } from "../std/index.ts";
import { BODY_BYTES_MAX } from "./limits.ts";
import { createTestApi } from "./testkit/test-api.ts";

const { ask, app } = await createTestApi();

test("healthy and ready", async () => {
  expect(await ask("/-/healthy")).toEqual({ status: 200, body: "Pyrometer is Healthy.\n" });
  expect(await ask("/-/ready")).toEqual({ status: 200, body: "Pyrometer is Ready.\n" });
  expect(await ask({ method: "HEAD", url: "/-/ready" })).toMatchObject({ status: 200 });
});

test("until it is ready, it is healthy, and every API answers 503", async () => {
  const { ask } = await createTestApi({ status: notReady() });
  expect(await ask("/-/healthy")).toMatchObject({ status: 200 });
  expect(await ask("/-/ready")).toEqual({ status: 503, body: "Service Unavailable\n" });
  expect(await ask("/api/v1/query?query=1")).toEqual({
    status: 503,
    body: { status: "error", errorType: "unavailable", error: "Service Unavailable" },
  });
  expect(await ask("/api/v2/alerts")).toMatchObject({ status: 503 });
  expect(await ask("/federate")).toEqual({ status: 503, body: "Service Unavailable\n" });
  expect(await ask("/api/pyrometer/v1/status")).toMatchObject({ status: 200 });
});

function notReady() {
  const no = () => {
    throw new Error("BUG: asked for more than readiness");
  };
  return {
    isReady: () => false,
    report: () => ({}) as never,
    configYaml: no,
    flags: no,
    buildInfo: no,
    alertmanagerUrls: no,
  };
}

test("/metrics shows the registry, requests to us included", async () => {
  await ask("/-/healthy");
  const response = await app.inject("/metrics");
  expect(response.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(response.body).toContain('pyrometer_api_requests_total{handler="/-/healthy",code="200"}');
});

test.each(["POST", "PUT"] as const)("%s /-/reload that works is 200 and empty", async (method) => {
  expect(await ask({ method, url: "/-/reload" })).toEqual({ status: 200, body: "" });
});

test("/-/reload of a bad file is 500 and shows every place", async () => {
  const source = { name: "prometheus.yml", text: "global:\n  bad: 1\n" };
  const span = { start: 10, end: 13 };
  const error = new SourceError("config/unknown-key", "Cannot read key", { source, span });
  const { ask } = await createTestApi({
    lifecycle: { reload: async () => ({ ok: false, errors: [error, new Error("and more")] }) },
  });
  expect(await ask({ method: "POST", url: "/-/reload" })).toEqual({
    status: 500,
    body: [
      "failed to reload config: prometheus.yml:2:3: Cannot read key",
      "2 |   bad: 1",
      "      ^^^",
      "and more",
      "",
    ].join("\n"),
  });
});

test("/-/quit is 403 unless enabled, and then comes after its answer", async () => {
  expect(await ask({ method: "POST", url: "/-/quit" })).toEqual({
    status: 403,
    body: "Lifecycle API is not enabled.\n",
  });
  expect(await ask("/-/quit")).toMatchObject({ status: 405 });
  let quitCount = 0;
  const { ask: askEnabled } = await createTestApi({
    lifecycle: {
      reload: async () => ({ ok: true }),
      quit: () => {
        quitCount++;
      },
    },
  });
  expect(await askEnabled({ method: "POST", url: "/-/quit" })).toMatchObject({ status: 200 });
  expect(quitCount).toBe(1);
});

test.each([
  ["/api/v1/nothing", "/api/v1/nothing"],
  ["/api/v3/x?y=1", "/api/v3/x"],
])("unknown path %s under /api is 404 in JSON", async (url, path) => {
  const error = `Cannot find "${path}": no such endpoint`;
  expect(await ask(url)).toEqual({
    status: 404,
    body: { status: "error", errorType: "not_found", error },
  });
});

const JSON_HEADERS = { "content-type": "application/json" };
const INBOX: InjectOptions = { method: "POST", url: "/api/pyrometer/v1/inbox" };

test.each<[name: string, request: InjectOptions, status: number]>([
  ["bad JSON", { ...INBOX, headers: JSON_HEADERS, payload: "{" }, 400],
  ["a prototype in JSON", { ...INBOX, headers: JSON_HEADERS, payload: '{"__proto__":{}}' }, 400],
  ["JSON of another shape", { ...INBOX, payload: { version: "3" } }, 400],
  ["an unknown type", { ...INBOX, headers: { "content-type": "text/plain" }, payload: "x" }, 415],
  [
    "a body too large",
    { ...INBOX, headers: JSON_HEADERS, payload: `"${"x".repeat(BODY_BYTES_MAX)}"` },
    413,
  ],
])("%s is refused", async (_, request, status) => {
  expect(await ask(request)).toEqual({
    status,
    body: { status: "error", errorType: "bad_data", error: expect.any(String) },
  });
});

test("a defect of ours is 500, logged, and says nothing of the inside", async () => {
  const logged: string[] = [];
  const log = (message: string) => {
    logged.push(message);
  };
  const { ask } = await createTestApi({
    logger: { debug: log, info: log, warn: log, error: log },
    dashboards: {
      list: () => {
        throw new Error("password=1234");
      },
      get: () => undefined,
    },
  });
  const { status, body } = await ask("/api/pyrometer/v1/dashboards");
  expect(status).toBe(500);
  expect(body).toMatchObject({ errorType: "internal" });
  expect(JSON.stringify(body)).not.toContain("1234");
  expect(logged).toHaveLength(1);
});

const RELOAD: InjectOptions = { method: "POST", url: "/-/reload" };

test.each<[headers: Record<string, string>, status: number]>([
  [{}, 200],
  [{ "sec-fetch-site": "same-origin", origin: "http://localhost:5173" }, 200],
  [{ "sec-fetch-site": "none" }, 200],
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ "sec-fetch-site": "same-site" }, 403],
  [{ origin: "http://localhost:80" }, 200],
  [{ origin: "http://evil.example" }, 403],
  [{ origin: "null" }, 403],
])("a change asked for with %j is %d", async (headers, status) => {
  expect(await ask({ ...RELOAD, headers: { host: "localhost", ...headers } })).toMatchObject({
    status,
  });
});

test("reading by POST is nobody's harm", async () => {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "sec-fetch-site": "cross-site",
  };
  const request: InjectOptions = { method: "POST", url: "/api/v1/query", headers };
  expect(await ask({ ...request, payload: "query=1" })).toMatchObject({ status: 200 });
});

test.each([
  ["localhost:9090", 200],
  ["127.0.0.1:9090", 200],
  ["[::1]:9090", 200],
  ["demo.localhost", 200],
  ["gpu-box:9090", 200],
  ["GPU-BOX", 200],
  ["rebind.evil.example:9090", 403],
  ["127.0.0.1.evil.example", 403],
])("on loopback, host %s is answered %d", async (host, status) => {
  const { ask } = await createTestApi({ allowedHosts: ["gpu-box"] });
  expect(await ask({ url: "/-/healthy", headers: { host } })).toMatchObject({ status });
});

test("a URL that cannot be decoded is 400, and the server lives on", async () => {
  const { app } = await createTestApi();
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  expect(await statusOf(port, "/api/v1/label/%E0%A4%A/values")).toBe(400);
  expect(await statusOf(port, "/api/v1/query?query=%E0%A4%A")).toBe(400);
  expect(await statusOf(port, "/-/healthy")).toBe(200);
  await app.close();
});

/** fetch() would mend the path. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject);
    request.end();
  });
}
