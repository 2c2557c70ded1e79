/** What Grafana, promtool and curl ask, and what they get. Wordings are Prometheus 3's. */
import type { InjectOptions } from "fastify";
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { queryFeatures } from "../../promql/index.ts";
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

test("what a request asks of time and lookback is told to the backend, which has its own limits", async () => {
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
    [undefined, undefined],
    [5000, 60_000],
    [3_600_000, undefined],
  ]);
});

test("stats count samples, per step where that is asked for and enabled", async () => {
  const range = `query=rate(up[1m])&start=${NOW_SECONDS - 30}&end=${NOW_SECONDS}&step=15`;
  const statsOf = async (text: string, changes?: Parameters<typeof createTestApi>[0]) => {
    const { body } = await (await createTestApi(changes)).ask(`/api/v1/query_range?${text}`);
    return (body as { data: { stats: { samples: Record<string, unknown> } } }).data.stats.samples;
  };
  const all = await statsOf(`${range}&stats=all`);
  const perStep = all.totalQueryableSamplesPerStep as [number, number][];
  expect(perStep.map(([time]) => time)).toEqual(
    [-30, -15, 0].map((offset) => NOW_SECONDS + offset),
  );
  const total = perStep.reduce((sum, [, count]) => sum + count, 0);
  expect(all.totalQueryableSamples).toBe(total);
  expect(total).toBeGreaterThan(all.samplesRead as number);
  expect(all.peakSamples).toBeGreaterThan(0);
  expect(await statsOf(`${range}&stats=1`)).not.toHaveProperty("totalQueryableSamplesPerStep");
  const off = await statsOf(`${range}&stats=all`, { features: queryFeatures([]) });
  expect(off).not.toHaveProperty("totalQueryableSamplesPerStep");
});

test.each([
  [
    "1 + vector(NaN)",
    {
      type: "binaryExpr",
      op: "+",
      lhs: { type: "numberLiteral", val: "1" },
      rhs: {
        type: "call",
        func: { name: "vector", argTypes: ["scalar"], variadic: 0, returnType: "vector" },
        args: [{ type: "numberLiteral", val: "NaN" }],
      },
      matching: null,
      bool: false,
    },
  ],
  [
    'topk(2, a{b!="c"}) and on (d) -max_over_time(e[step() * 2:30s] @ end())',
    {
      type: "binaryExpr",
      op: "and",
      lhs: {
        type: "aggregation",
        op: "topk",
        param: { type: "numberLiteral", val: "2" },
        grouping: [],
        without: false,
        expr: {
          type: "vectorSelector",
          name: "a",
          matchers: [
            { name: "b", value: "c", type: "!=" },
            { name: "__name__", value: "a", type: "=" },
          ],
          offset: 0,
          offsetExpr: null,
          timestamp: null,
          startOrEnd: null,
          anchored: false,
          smoothed: false,
        },
      },
      rhs: {
        type: "unaryExpr",
        op: "-",
        expr: {
          type: "call",
          func: { name: "max_over_time", argTypes: ["matrix"], variadic: 0, returnType: "vector" },
          args: [
            {
              type: "subquery",
              expr: { type: "vectorSelector", name: "e" },
              range: 0,
              rangeExpr: {
                type: "durationExpr",
                op: "*",
                lhs: { type: "durationExpr", op: "step", lhs: null, rhs: null, wrapped: false },
                rhs: { type: "numberLiteral", val: "2", duration: false },
                wrapped: false,
              },
              step: 30_000,
              stepExpr: null,
              offset: 0,
              timestamp: null,
              startOrEnd: "end",
            },
          ],
        },
      },
      matching: { card: "many-to-many", labels: ["d"], on: true, include: [] },
    },
  ],
])("parse_query gives the tree of %s as Prometheus does", async (query, data) => {
  const { body } = await ask(`/api/v1/parse_query?query=${encodeURIComponent(query)}`);
  expect(body).toMatchObject({ status: "success", data });
});

test("explain gives every part's series and samples", async () => {
  const query = encodeURIComponent("sum(up)");
  const { body } = await ask(`/api/pyrometer/v1/explain?query=${query}`);
  expect(body).toMatchObject({
    data: {
      expr: "sum(up)",
      series: 1,
      samples: 1,
      children: [{ expr: "up", series: 2, samples: 2, children: [] }],
    },
  });
  const range = `start=${NOW_SECONDS - 30}&end=${NOW_SECONDS}&step=15`;
  const ranged = await ask(`/api/pyrometer/v1/explain?query=${query}&${range}`);
  expect(ranged.body).toMatchObject({ data: { samples: 3, children: [{ samples: 6 }] } });
});

test("an error says Prometheus' words first, then what would work", async () => {
  const { body } = await ask(`/api/v1/query?query=${encodeURIComponent("up * on () up")}`);
  expect((body as { error: string }).error).toMatch(
    /^found duplicate series .* must be unique on one side\. \{.*differ only in .*Try: up \* on/,
  );
});

test("experiments are refused where they are off", async () => {
  const { ask: askStrict } = await createTestApi({ features: queryFeatures([]) });
  expect(await askStrict("/api/v1/format_query?query=mad_over_time(a[5m])")).toMatchObject({
    status: 400,
    body: {
      error: 'invalid parameter "query": 1:1: parse error: function "mad_over_time" is not enabled',
    },
  });
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
