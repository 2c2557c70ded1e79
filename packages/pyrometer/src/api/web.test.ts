import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestApi } from "./testkit/test-api.ts";
import { createTestApi } from "./testkit/test-api.ts";

const PAGE = "<!doctype html><title>app</title>";
const HTML = { accept: "text/html,application/xhtml+xml" };

let webDir = "";
let api: TestApi;

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "pyrometer-web-"));
  await mkdir(join(webDir, "assets"));
  await writeFile(join(webDir, "index.html"), PAGE);
  await writeFile(join(webDir, "assets", "index-abc123.js"), "export {};");
  await writeFile(join(webDir, "favicon.svg"), "<svg/>");
  api = await createTestApi({ webDir });
});

afterAll(async () => {
  await api.app.close();
  await rm(webDir, { recursive: true });
});

test.each(["/", "/index.html", "/d/ml", "/d/v1.2", "/alerts?x=1"])(
  "%s is the app's page, asked for anew each time",
  async (url) => {
    const { statusCode, body, headers } = await api.app.inject({ url, headers: HTML });
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: PAGE });
    expect(headers["content-type"]).toMatch(/^text\/html/);
    expect(headers["cache-control"]).toBe("no-cache");
  },
);

test("a hashed asset may be kept for ever, another file may not", async () => {
  const asset = await api.app.inject("/assets/index-abc123.js");
  expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect(asset.headers["content-type"]).toMatch(/javascript/);
  const icon = await api.app.inject("/favicon.svg");
  expect(icon.headers["cache-control"]).toBe("no-cache");
});

test.each([
  ["/assets/gone.js", HTML],
  ["/nothing", { accept: "*/*" }],
  ["/../api.ts", { accept: "*/*" }],
  ["/%2e%2e/package.json", { accept: "*/*" }],
  ["/.env", { accept: "*/*" }],
])("%s is no page: 404 or worse, never a file of ours", async (url, headers) => {
  const { statusCode } = await api.app.inject({ url, headers });
  expect([403, 404]).toContain(statusCode);
});

test("an unknown path under /api is JSON, also to a browser", async () => {
  const { statusCode, headers } = await api.app.inject({ url: "/api/x", headers: HTML });
  expect(statusCode).toBe(404);
  expect(headers["content-type"]).toMatch(/^application\/json/);
});

test.each(["/", "/-/healthy", "/api/v1/labels", "/nothing"])(
  "%s comes with the headers that keep a browser careful",
  async (url) => {
    const { headers } = await api.app.inject(url);
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'self'");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
    });
  },
);

test.each([undefined, "/no/such/folder"])("without a built app (%s), / says how", async (dir) => {
  const { app } = await createTestApi({ webDir: dir });
  const { statusCode, body } = await app.inject({ url: "/", headers: HTML });
  expect(statusCode).toBe(200);
  expect(body).toContain("npm run build");
  expect((await app.inject({ url: "/d/ml", headers: HTML })).statusCode).toBe(404);
});
