/** What Grafana, promtool and curl ask, and what they get. Wordings are Prometheus 3's. */
import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import type { QueryBackend, QueryOptions } from "../../storage/index.ts";
import { QueryError } from "../../storage/index.ts";
import { createTestApi, NOW_SECONDS } from "../testkit/test-api.ts";

const { ask } = await createTestApi();

const UP_API = { __name__: "up", instance: "a:1", job: "api" };
const UP_DB = { __name__: "up", instance: "b:2", job: "db" };

function form(url: string, payload: string): InjectOptions {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, payload, headers };
}

const instant = (metric: object, value: string) => ({ metric, value: [NOW_SECONDS, value] });

test.each<[name: string, request: string | InjectOptions, data: unknown]>([
  [
    "now, when no time is given",
    "/api/v1/query?query=up",
    { resultType: "vector", result: [instant(UP_API, "1"), instant(UP_DB, "0")] },
  ],
  [
    "a form's plus signs and escapes",
    form("/api/v1/query", "query=up%7Bjob%3D%22api%22%7D+%2B+1"),
    { resultType: "vector", result: [instant({ instance: "a:1", job: "api" }, "2")] },
  ],
  [
    "the form's value before the query string's",
    form("/api/v1/query?query=2&time=7", "query=1"),
    { resultType: "scalar", result: [7, "1"] },
  ],
  [
    "RFC 3339 and a fraction of a second",
    "/api/v1/query?query=1&time=2015-07-01T20:10:51.781Z",
    { resultType: "scalar", result: [1435781451.781, "1"] },
  ],
  ["a text", "/api/v1/query?query=%22hi%22&time=0", { resultType: "string", result: [0, "hi"] }],
  [
    "a value below 1e-6 with an exponent, a name in UTF-8",
    "/api/v1/query?query=%7B%22my.metric%22%7D",
    {
      resultType: "vector",
      result: [
        instant({ __name__: "my.metric", "gpu.name": "H100 + NVLink", job: "api" }, "1e-07"),
      ],
    },
  ],
  [
    "a range, both ends included",
    `/api/v1/query_range?query=up{job="db"}&start=${NOW_SECONDS - 30}&end=${NOW_SECONDS}&step=15s`,
    {
      resultType: "matrix",
      result: [
        {
          metric: UP_DB,
          values: [-30, -15, 0].map((offset) => [NOW_SECONDS + offset, "0"]),
        },
      ],
    },
  ],
  ["no series", "/api/v1/query?query=nothing", { resultType: "vector", result: [] }],
  ["no exemplars", "/api/v1/query_exemplars?query=up", []],
])("answers with %s", async (_, request, data) => {
  expect(await ask(request)).toEqual({ status: 200, body: { status: "success", data } });
});

const RANGE = "/api/v1/query_range?query=up";

test.each<[request: string | InjectOptions, error: string | RegExp]>([
  [
    "/api/v1/query?query=up&time=now",
    'invalid parameter "time": invalid time value for \'time\': cannot parse "now" to a valid timestamp',
  ],
  [
    "/api/v1/query?query=up&timeout=x",
    'invalid parameter "timeout": cannot parse "x" to a valid duration',
  ],
  [
    "/api/v1/query?query=up&lookback_delta=x",
    'error parsing lookback delta duration: cannot parse "x" to a valid duration',
  ],
  ["/api/v1/query?query=up&limit=-1", 'invalid parameter "limit": limit must be non-negative'],
  [
    "/api/v1/query?query=up&limit=x",
    'invalid parameter "limit": strconv.Atoi: parsing "x": invalid syntax',
  ],
  ["/api/v1/query?query=sum(", /^invalid parameter "query": 1:\d+: parse error: /],
  [
    "/api/v1/query?query=rate(up)",
    /^invalid parameter "query": 1:6: parse error: expected type range vector/,
  ],
  ["/api/v1/query", /^invalid parameter "query": /],
  [form("/api/v1/query", "query=%zz"), 'error parsing form values: invalid URL escape "%zz"'],
  ["/api/v1/query?query=%zz", 'error parsing form values: invalid URL escape "%zz"'],
  [RANGE, 'invalid parameter "start": cannot parse "" to a valid timestamp'],
  [`${RANGE}&start=0`, 'invalid parameter "end": cannot parse "" to a valid timestamp'],
  [
    `${RANGE}&start=1&end=0&step=1`,
    'invalid parameter "end": end timestamp must not be before start time',
  ],
  [
    `${RANGE}&start=0&end=1&step=0`,
    'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
  ],
  [`${RANGE}&start=0&end=1`, 'invalid parameter "step": cannot parse "" to a valid duration'],
  [
    `${RANGE}&start=0&end=11001&step=1`,
    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
  ],
  ["/api/v1/format_query?query=sum(", /^invalid parameter "query": 1:\d+: parse error: /],
  [
    "/api/v1/query_exemplars?query=up&start=2&end=1",
    "end timestamp must not be before start timestamp",
  ],
])("refuses %j with 400 bad_data", async (request, error) => {
  expect(await ask(request)).toEqual({
    status: 400,
    body: {
      status: "error",
      errorType: "bad_data",
      error: error instanceof RegExp ? expect.stringMatching(error) : error,
    },
  });
});

test("11,000 steps are allowed", async () => {
  const { status } = await ask("/api/v1/query_range?query=1&start=0&end=11000&step=1");
  expect(status).toBe(200);
});

test("limit cuts a vector and a matrix, and says so", async () => {
  for (const url of [
    "/api/v1/query?query=up&limit=1",
    `/api/v1/query_range?query=up&start=${NOW_SECONDS}&end=${NOW_SECONDS}&step=1&limit=1`,
  ]) {
    const { body } = await ask(url);
    expect(body).toMatchObject({ warnings: ["results truncated due to limit"] });
    expect((body as { data: { result: unknown[] } }).data.result).toHaveLength(1);
  }
});

test("format_query prints the query in the one way", async () => {
  const { body } = await ask("/api/v1/format_query?query=sum(up)by(job)");
  expect(body).toEqual({ status: "success", data: "sum by (job) (up)" });
});

test("stats are there when asked for", async () => {
  const { body } = await ask("/api/v1/query?query=1&stats=all");
  expect(body).toMatchObject({ data: { stats: { timings: { execTotalTime: 0 } } } });
});

test.each([
  ["timeout", 503, "query timed out in expression evaluation"],
  ["canceled", 499, "query was canceled"],
  ["execution", 422, "found duplicate series for the match group"],
  ["internal", 500, "the store is broken"],
] as const)("a query that ends with %s is answered %d", async (kind, status, message) => {
  const { ask } = await createTestApi({
    backend: backendOf(async () => {
      throw new QueryError(kind, message);
    }),
  });
  const body = { status: "error", errorType: kind, error: message };
  expect(await ask("/api/v1/query?query=up")).toEqual({ status, body });
});

test("annotations become warnings and infos, each once, ten of each", async () => {
  const value = { kind: "scalar", timeMs: 0, value: 1 } as const;
  const many = Array.from({ length: 12 }, (_, i) => ({
    severity: "info" as const,
    message: `info ${i}`,
  }));
  const warning = { severity: "warning" as const, message: "odd (1:1)" };
  const { ask } = await createTestApi({
    backend: backendOf(async () => ({ value, annotations: [warning, warning, ...many] })),
  });
  const { body } = await ask("/api/v1/query?query=up");
  const { warnings, infos } = body as { warnings: string[]; infos: string[] };
  expect(warnings).toEqual(["odd (1:1)"]);
  expect(infos).toHaveLength(11);
  expect(infos.at(-1)).toBe("2 more info annotations omitted");
});

test("a request cannot ask for more time than there is, and is told to the backend", async () => {
  const asked: QueryOptions[] = [];
  const { ask } = await createTestApi({
    backend: backendOf(async (options) => {
      asked.push(options);
      return { value: { kind: "scalar", timeMs: 0, value: 1 }, annotations: [] };
    }),
  });
  await ask("/api/v1/query?query=1");
  await ask("/api/v1/query?query=1&timeout=5s&lookback_delta=1m");
  await ask("/api/v1/query?query=1&timeout=1h&lookback_delta=0");
  expect(asked.map(({ timeoutMs, lookbackMs }) => [timeoutMs, lookbackMs])).toEqual([
    [120_000, undefined],
    [5000, 60_000],
    [120_000, undefined],
  ]);
});

test("a large matrix arrives whole", async () => {
  const length = 11_000;
  const timesMs = Float64Array.from({ length }, (_, i) => i * 1000);
  const series = Array.from({ length: 20 }, (_, i) => ({
    labels: Labels.from({ i: String(i) }),
    timesMs,
    values: new Float64Array(length).fill(i),
  }));
  const value = { kind: "matrix", series } as const;
  const { ask } = await createTestApi({
    backend: backendOf(async () => ({ value, annotations: [] })),
  });
  const { body } = await ask("/api/v1/query_range?query=up&start=0&end=1&step=1");
  const { result } = (body as { data: { result: { values: unknown[] }[] } }).data;
  expect(result.map(({ values }) => values.length)).toEqual(series.map(() => length));
});

test("a client that goes away aborts its query", async () => {
  const aborted = createEvent();
  const started = createEvent();
  const { app } = await createTestApi({
    backend: backendOf(({ signal }) => {
      started.happen();
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          aborted.happen();
          reject(new QueryError("canceled", "query was canceled"));
        });
      });
    }),
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const client = new AbortController();
  const answer = fetch(`${url}/api/v1/query?query=up`, { signal: client.signal });
  await started.happened;
  client.abort();
  await expect(answer).rejects.toThrow();
  await aborted.happened;
  await app.close();
});

function backendOf(answer: (options: QueryOptions) => ReturnType<QueryBackend["instant"]>) {
  return { instant: answer, range: answer } satisfies QueryBackend;
}

function createEvent() {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => {
    happen = resolve;
  });
  return { happened, happen: () => happen() };
}
