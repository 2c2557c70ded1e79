import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { createTestApi, NOW_SECONDS } from "../testkit/test-api.ts";

const { ask } = await createTestApi();

const UP_API = { __name__: "up", instance: "a:1", job: "api" };
const UP_DB = { __name__: "up", instance: "b:2", job: "db" };
const FUTURE = NOW_SECONDS + 60;

function form(url: string, payload: string): InjectOptions {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, payload, headers };
}

test.each<[request: string | InjectOptions, data: unknown]>([
  ["/api/v1/series?match[]=up", [UP_API, UP_DB]],
  ["/api/v1/series?match%5B%5D=up%7Bjob%3D%22db%22%7D&match[]=up", [UP_API, UP_DB]],
  [form("/api/v1/series?match[]=nothing", "match[]=up{job='db'}"), [UP_DB]],
  [`/api/v1/series?match[]=up&start=${FUTURE}`, []],
  ["/api/v1/series?match[]=up&start=2&end=1", []],
  ["/api/v1/labels", ["__name__", "gpu.name", "instance", "job"]],
  ["/api/v1/labels?match[]=up", ["__name__", "instance", "job"]],
  [form("/api/v1/labels", "match[]=up"), ["__name__", "instance", "job"]],
  [`/api/v1/labels?start=${FUTURE}`, []],
  ["/api/v1/label/job/values", ["api", "db"]],
  ['/api/v1/label/job/values?match[]=up{job="db"}&match[]={job="api"}', ["api", "db"]],
  ["/api/v1/label/__name__/values", ["my.metric", "up"]],
  ["/api/v1/label/U__gpu_2e_name/values", ["H100 + NVLink"]],
  ["/api/v1/label/gpu.name/values", ["H100 + NVLink"]],
  ["/api/v1/label/nothing/values", []],
])("%j gives %j", async (request, data) => {
  expect(await ask(request)).toEqual({ status: 200, body: { status: "success", data } });
});

test.each([
  ["/api/v1/series?match[]=up&limit=1", [UP_API]],
  ["/api/v1/labels?limit=1", ["__name__"]],
  ["/api/v1/label/job/values?limit=1", ["api"]],
])("%s is cut, and says so", async (url, data) => {
  expect((await ask(url)).body).toEqual({
    status: "success",
    data,
    warnings: ["results truncated due to limit"],
  });
});

test.each<[url: string, error: string | RegExp]>([
  ["/api/v1/series", "no match[] parameter provided"],
  ["/api/v1/series?match[]=up{", /^invalid parameter "match\[\]": 1:\d+: parse error: /],
  [
    '/api/v1/series?match[]={job=~".*"}',
    /match\[\] must contain at least one non-empty matcher|at least one non-empty matcher/,
  ],
  ["/api/v1/series?match[]=up&start=x", /^invalid parameter "start": invalid time value/],
  ["/api/v1/labels?match[]=up{", /^1:\d+: parse error: /],
  ["/api/v1/label/U__a_/values", 'invalid label name: "U__a_"'],
])("%s is refused with 400 bad_data", async (url, error) => {
  expect(await ask(url)).toEqual({
    status: 400,
    body: {
      status: "error",
      errorType: "bad_data",
      error: error instanceof RegExp ? expect.stringMatching(error) : error,
    },
  });
});

test("/federate gives the newest samples as text, with external labels and an instance", async () => {
  const { status, body } = await ask(
    '/federate?match[]=up{job="db"}&match[]={__name__="my.metric"}',
  );
  expect(status).toBe(200);
  const timeMs = NOW_SECONDS * 1000;
  expect(body).toBe(
    [
      '# TYPE "my.metric" untyped',
      `{"my.metric","gpu.name"="H100 + NVLink",job="api",cluster="lab",instance=""} 1e-07 ${timeMs}`,
      "# TYPE up untyped",
      `up{instance="b:2",job="db",cluster="lab"} 0 ${timeMs}`,
      "",
    ].join("\n"),
  );
});

test("/federate answers a bad selector in plain text", async () => {
  const { status, body } = await ask("/federate?match[]=up{");
  expect(status).toBe(400);
  expect(body).toMatch(/^1:\d+: parse error: /);
});
