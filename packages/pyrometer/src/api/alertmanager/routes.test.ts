/** Alertmanager's API over the real room: names, defaults and status codes of its OpenAPI. */
import { expect, test } from "vitest";
import type { TestApi } from "../testkit/test-api.ts";
import { createTestApi } from "../testkit/test-api.ts";

const BASE = "/api/v2";
const DOWN = { alertname: "Down", job: "db" };
const SLOW = { alertname: "Slow", job: "api" };

async function withAlerts(): Promise<TestApi> {
  const api = await createTestApi();
  const posted = await api.ask({
    method: "POST",
    url: `${BASE}/alerts`,
    payload: [
      {
        labels: DOWN,
        annotations: { summary: "It is down" },
        startsAt: "2026-01-02T03:00:00Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "http://prometheus/graph",
      },
      { labels: SLOW },
    ],
  });
  expect(posted).toEqual({ status: 200, body: "" });
  return api;
}

test("a posted alert is listed with Alertmanager's names", async () => {
  const { ask } = await withAlerts();
  expect(await ask(`${BASE}/alerts?filter=alertname%3DDown`)).toEqual({
    status: 200,
    body: [
      {
        annotations: { summary: "It is down" },
        endsAt: "2026-01-02T03:09:05.000Z",
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        receivers: [{ name: "team" }],
        startsAt: "2026-01-02T03:00:00.000Z",
        status: { inhibitedBy: [], silencedBy: [], state: expect.any(String), mutedBy: [] },
        updatedAt: "2026-01-02T03:04:05.000Z",
        generatorURL: "http://prometheus/graph",
        labels: DOWN,
      },
    ],
  });
});

test.each([
  ["", 2],
  ["?filter=job=~%22d.%22", 1],
  ["?filter=job%3Ddb&filter=alertname%3DSlow", 0],
  ["?receiver=te.*", 2],
  ["?receiver=nobody", 0],
  ["?active=false&unprocessed=false", 0],
])("alerts%s are %d", async (query, wantedCount) => {
  const { ask } = await withAlerts();
  expect((await ask(`${BASE}/alerts${query}`)).body).toHaveLength(wantedCount);
});

test("groups hold the alerts by receiver", async () => {
  const { ask } = await withAlerts();
  const { body } = await ask(`${BASE}/alerts/groups`);
  const labels = body as { alerts: { labels: unknown }[] }[];
  expect(body).toMatchObject([{ receiver: { name: "team" }, labels: {} }]);
  expect(labels.flatMap(({ alerts }) => alerts.map((alert) => alert.labels))).toEqual(
    expect.arrayContaining([DOWN, SLOW]),
  );
});

test("one alert without labels is refused; its neighbour is taken", async () => {
  const { ask } = await createTestApi();
  const payload = [{ labels: {} }, { labels: DOWN }];
  const refused = await ask({ method: "POST", url: `${BASE}/alerts`, payload });
  expect(refused).toEqual({ status: 400, body: expect.stringContaining("label pair required") });
  expect((await ask(`${BASE}/alerts`)).body).toHaveLength(1);
});

const SILENCE = {
  matchers: [{ name: "job", value: "d.*", isRegex: true, isEqual: true }],
  startsAt: "2026-01-02T03:04:05Z",
  endsAt: "2026-01-02T05:04:05Z",
  createdBy: "me",
  comment: "maintenance",
};

async function silence(api: TestApi, payload: object): Promise<string> {
  const { status, body } = await api.ask({ method: "POST", url: `${BASE}/silences`, payload });
  expect(status).toBe(200);
  return (body as { silenceID: string }).silenceID;
}

test("a silence lives: made, listed, holds back its alert, changed, expired", async () => {
  const api = await withAlerts();
  const id = await silence(api, SILENCE);
  const printed = {
    id,
    status: { state: "active" },
    updatedAt: "2026-01-02T03:04:05.000Z",
    comment: "maintenance",
    createdBy: "me",
    endsAt: "2026-01-02T05:04:05.000Z",
    matchers: SILENCE.matchers,
    startsAt: "2026-01-02T03:04:05.000Z",
  };
  expect(await api.ask(`${BASE}/silences`)).toEqual({ status: 200, body: [printed] });
  expect(await api.ask(`${BASE}/silence/${id}`)).toEqual({ status: 200, body: printed });
  expect((await api.ask(`${BASE}/silences?active=false`)).body).toEqual([]);
  expect((await api.ask(`${BASE}/alerts?silenced=false`)).body).toMatchObject([{ labels: SLOW }]);
  expect((await api.ask(`${BASE}/alerts?filter=job%3Ddb`)).body).toMatchObject([
    { status: { state: "suppressed", silencedBy: [id] } },
  ]);

  expect(await silence(api, { ...SILENCE, id, comment: "longer" })).toBe(id);
  const expired = await api.ask({ method: "DELETE", url: `${BASE}/silence/${id}` });
  expect(expired).toEqual({ status: 200, body: "" });
  expect((await api.ask(`${BASE}/silence/${id}`)).body).toMatchObject({
    comment: "longer",
    status: { state: "expired" },
  });
});

test("isEqual may be left out, as clients from before 0.22 do", async () => {
  const api = await createTestApi();
  const id = await silence(api, {
    ...SILENCE,
    matchers: [{ name: "job", value: "db", isRegex: false }],
  });
  expect((await api.ask(`${BASE}/silence/${id}`)).body).toMatchObject({
    matchers: [{ name: "job", value: "db", isRegex: false, isEqual: true }],
  });
});

const UNKNOWN_ID = "00000000-0000-4000-8000-999999999999";

test.each<{ name: string; change: object; status: number; body: unknown }>([
  {
    name: "no matchers",
    change: { matchers: [] },
    status: 422,
    body: { code: 601, message: expect.any(String) },
  },
  {
    name: "no end",
    change: { endsAt: undefined },
    status: 422,
    body: { code: 602, message: "endsAt in body is required" },
  },
  {
    name: "an end before its start",
    change: { endsAt: "2026-01-02T03:04:04Z" },
    status: 400,
    body: expect.any(String),
  },
  {
    name: "a broken regular expression",
    change: { matchers: [{ name: "job", value: "(", isRegex: true }] },
    status: 400,
    body: expect.stringContaining("("),
  },
  {
    name: "matchers that match everything",
    change: { matchers: [{ name: "job", value: ".*", isRegex: true }] },
    status: 400,
    body: expect.any(String),
  },
  {
    name: "an unknown id",
    change: { id: UNKNOWN_ID },
    status: 404,
    body: expect.stringContaining("not found"),
  },
])("a silence with $name is refused", async ({ change, status, body }) => {
  const { ask } = await createTestApi();
  const payload = { ...SILENCE, ...change };
  expect(await ask({ method: "POST", url: `${BASE}/silences`, payload })).toEqual({ status, body });
});

test.each([
  ["/alerts?filter=x", 400, expect.stringContaining("x")],
  ["/alerts?receiver=(", 400, expect.stringContaining("failed to parse receiver param")],
  [
    "/alerts?active=maybe",
    422,
    { code: 601, message: 'active in query must be of type boolean: "maybe"' },
  ],
  ["/silences?filter=x", 400, expect.any(String)],
  [`/silence/${UNKNOWN_ID}`, 404, expect.anything()],
])("GET %s is %d", async (path, status, body) => {
  const { ask } = await createTestApi();
  expect(await ask(BASE + path)).toEqual({ status, body });
});

test.each([
  ["{", 400],
  ["{}", 422],
  ['[{"annotations":{}}]', 422],
  ['[{"labels":{"a":"b"},"startsAt":"yesterday"}]', 422],
])("POST /alerts of %s is %d with a code and a message", async (payload, status) => {
  const { ask } = await createTestApi();
  const headers = { "content-type": "application/json" };
  expect(await ask({ method: "POST", url: `${BASE}/alerts`, headers, payload })).toEqual({
    status,
    body: { code: expect.any(Number), message: expect.any(String) },
  });
});

test("status and receivers", async () => {
  const { ask } = await createTestApi();
  expect(await ask(`${BASE}/status`)).toMatchObject({
    status: 200,
    body: {
      cluster: { status: "disabled", peers: [] },
      config: { original: expect.stringContaining("receiver: team") },
      uptime: "2026-01-02T03:04:05.000Z",
      versionInfo: { version: "0.1.0" },
    },
  });
  expect((await ask(`${BASE}/receivers`)).body).toEqual([{ name: "team" }, { name: "nobody" }]);
});

test("without a built-in Alertmanager there is no such API", async () => {
  const { ask } = await createTestApi({ alertmanager: undefined });
  expect(await ask(`${BASE}/alerts`)).toMatchObject({ status: 404 });
});
