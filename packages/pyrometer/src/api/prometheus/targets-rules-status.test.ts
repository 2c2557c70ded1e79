import { expect, test } from "vitest";
import { createTestApi } from "../testkit/test-api.ts";

const { ask } = await createTestApi();

async function dataOf(url: string): Promise<unknown> {
  const { status, body } = await ask(url);
  expect(status).toBe(200);
  return (body as { data: unknown }).data;
}

const TARGET_API = {
  discoveredLabels: { __address__: "a:1", job: "api" },
  labels: { instance: "a:1", job: "api" },
  scrapePool: "api",
  scrapeUrl: "http://a:1/metrics",
  globalUrl: "http://a:1/metrics",
  lastError: "",
  lastScrape: "2026-01-02T03:00:01.500Z",
  lastScrapeDuration: 0.0125,
  health: "up",
  scrapeInterval: "15s",
  scrapeTimeout: "10s",
};
const DROPPED = [{ discoveredLabels: { __address__: "c:3" }, scrapePool: "db" }];

test("targets: active and dropped, by state and by pool", async () => {
  const all = await dataOf("/api/v1/targets");
  expect(all).toMatchObject({
    activeTargets: [
      TARGET_API,
      { scrapePool: "db", lastScrape: "0001-01-01T00:00:00Z", scrapeInterval: "1m30s" },
    ],
    droppedTargets: DROPPED,
    droppedTargetCounts: { api: 0, db: 1 },
  });
  expect(await dataOf("/api/v1/targets?state=any")).toEqual(all);
  expect(await dataOf("/api/v1/targets?state=Active&scrapePool=api")).toEqual({
    activeTargets: [TARGET_API],
    droppedTargets: [],
    droppedTargetCounts: {},
  });
  expect(await dataOf("/api/v1/targets?state=dropped")).toMatchObject({
    activeTargets: [],
    droppedTargets: DROPPED,
  });
  expect(await dataOf("/api/v1/scrape_pools")).toEqual({ scrapePools: ["api", "db"] });
});

const UP = { type: "gauge", help: "Whether it is up.", unit: "" };
const UP_OLD = { ...UP, help: "Another text." };
const X = { type: "counter", help: "Xs.", unit: "" };

test.each([
  ["/api/v1/metadata", { up: [UP, UP_OLD], x_total: [X] }],
  ["/api/v1/metadata?limit=1", { up: [UP, UP_OLD] }],
  ["/api/v1/metadata?limit=0", {}],
  ["/api/v1/metadata?limit_per_metric=1", { up: [UP], x_total: [X] }],
  ["/api/v1/metadata?metric=x_total", { x_total: [X] }],
  [
    '/api/v1/targets/metadata?metric=up&match_target={job="api"}',
    [{ target: { job: "api" }, ...UP }],
  ],
  ["/api/v1/targets/metadata?limit=1", [{ target: { job: "api" }, metric: "up", ...UP }]],
])("%s gives %j", async (url, data) => {
  expect(await dataOf(url)).toEqual(data);
});

const EVALUATED = { evaluationTime: 0.002, lastEvaluation: "2026-01-02T03:00:00.000Z" };

const ALERT = {
  labels: { alertname: "Down", job: "db" },
  annotations: { summary: "It is down" },
  state: "firing",
  activeAt: "2026-01-02T03:00:00.000Z",
  value: "2.5e-02",
};

const RECORDED = {
  name: "recorded",
  file: "rules.yml",
  rules: [
    {
      name: "job:up:sum",
      query: "sum by (job) (up)",
      labels: { team: "ml" },
      health: "ok",
      ...EVALUATED,
      type: "recording",
    },
  ],
  interval: 15,
  limit: 0,
  ...EVALUATED,
};

const ALERTING = {
  name: "alerting",
  file: "alerts.yml",
  rules: [
    {
      state: "firing",
      name: "Down",
      query: "up == 0",
      duration: 90,
      keepFiringFor: 0,
      labels: { severity: "page" },
      annotations: { summary: "It is down" },
      alerts: [ALERT],
      health: "err",
      lastError: "query timed out",
      ...EVALUATED,
      type: "alerting",
    },
  ],
  interval: 60,
  limit: 10,
  ...EVALUATED,
};

test.each([
  ["", [RECORDED, ALERTING]],
  ["?type=alert", [ALERTING]],
  ["?type=record", [RECORDED]],
  ["?rule_name[]=Down&rule_name[]=Other", [ALERTING]],
  ["?rule_group[]=recorded", [RECORDED]],
  ["?file[]=alerts.yml", [ALERTING]],
  ['?match[]={team="ml"}', [RECORDED]],
  ["?type=alert&rule_name[]=nothing", []],
  [
    "?type=alert&exclude_alerts=true",
    [{ ...ALERTING, rules: [{ ...ALERTING.rules[0], alerts: null }] }],
  ],
])("/api/v1/rules%s", async (query, groups) => {
  expect(await dataOf(`/api/v1/rules${query}`)).toEqual({ groups });
});

test("rules come in pages, each naming the next", async () => {
  const first = (await dataOf("/api/v1/rules?group_limit=1")) as { groupNextToken: string };
  expect(first).toMatchObject({ groups: [RECORDED], groupNextToken: expect.any(String) });
  const next = `/api/v1/rules?group_limit=1&group_next_token=${first.groupNextToken}`;
  expect(await dataOf(next)).toEqual({ groups: [ALERTING] });
});

test("alerts and alertmanagers", async () => {
  expect(await dataOf("/api/v1/alerts")).toEqual({ alerts: [ALERT] });
  expect(await dataOf("/api/v1/alertmanagers")).toEqual({
    activeAlertmanagers: [{ url: "http://127.0.0.1:9090/api/v2/alerts" }],
    droppedAlertmanagers: [],
  });
});

test.each([
  ["/api/v1/rules?type=x", 'invalid parameter "type": not supported value "x"'],
  [
    "/api/v1/rules?exclude_alerts=x",
    'invalid parameter "exclude_alerts": error converting exclude_alerts: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    "/api/v1/rules?group_next_token=x",
    'invalid parameter "group_next_token": group_limit needs to be present in order to paginate over the groups',
  ],
  [
    "/api/v1/rules?group_limit=0",
    'invalid parameter "group_limit": group_limit needs to be greater than 0',
  ],
  [
    "/api/v1/rules?group_limit=1&group_next_token=x",
    `invalid parameter "group_next_token": invalid group_next_token 'x'. were rule groups changed?`,
  ],
  ["/api/v1/metadata?limit=x", "limit must be a number"],
  ["/api/v1/status/tsdb?limit=0", "limit must be a positive number"],
  ["/api/v1/status/tsdb?limit=10001", "limit must not exceed 10000"],
])("%s is refused with 400 bad_data", async (url, error) => {
  expect(await ask(url)).toEqual({
    status: 400,
    body: { status: "error", errorType: "bad_data", error },
  });
});

test("status: config, flags, buildinfo, runtimeinfo, walreplay", async () => {
  expect(await dataOf("/api/v1/status/config")).toEqual({ yaml: "global: {}\n" });
  expect(await dataOf("/api/v1/status/flags")).toEqual({ "web.listen-address": "127.0.0.1:9090" });
  expect(await dataOf("/api/v1/status/walreplay")).toEqual({ min: 0, max: 0, current: 0 });
  expect(await dataOf("/api/v1/status/buildinfo")).toMatchObject({
    version: expect.stringMatching(/^3\./),
  });
  expect(await dataOf("/api/v1/status/runtimeinfo")).toMatchObject({
    startTime: "2026-01-02T03:00:00.000Z",
    serverTime: "2026-01-02T03:04:05.000Z",
    reloadConfigSuccess: true,
  });
});

test("status/tsdb counts series by metric, values by label", async () => {
  expect(await dataOf("/api/v1/status/tsdb?limit=1")).toMatchObject({
    headStats: { numSeries: 3, numLabelPairs: 7 },
    seriesCountByMetricName: [{ name: "up", value: 2 }],
    labelValueCountByLabelName: [{ name: "__name__", value: 2 }],
    seriesCountByLabelValuePair: [{ name: "job=api", value: 2 }],
  });
});
