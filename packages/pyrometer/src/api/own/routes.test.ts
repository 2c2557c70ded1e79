import { expect, test } from "vitest";
import { Inbox } from "../inbox.ts";
import { STATUS_REPORT } from "../testkit/fixtures.ts";
import { createTestApi, NOW_MS } from "../testkit/test-api.ts";

const { ask } = await createTestApi();
const BASE = "/api/pyrometer/v1";

const NOTIFICATION = {
  version: "4",
  groupKey: '{}:{alertname="Down"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "team",
  groupLabels: { alertname: "Down" },
  commonLabels: { alertname: "Down", severity: "page" },
  commonAnnotations: {},
  externalURL: "http://127.0.0.1:9090",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "Down", severity: "page", job: "db" },
      annotations: { summary: "It is down" },
      startsAt: "2026-01-02T03:00:00Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "",
      fingerprint: "0123456789abcdef",
    },
  ],
};

test("status is passed on", async () => {
  const body = { status: "success", data: STATUS_REPORT };
  expect(await ask(`${BASE}/status`)).toEqual({ status: 200, body });
});

test("dashboards: a list, one by uid, 404 for another", async () => {
  expect((await ask(`${BASE}/dashboards`)).body).toMatchObject({ data: [{ uid: "ml" }] });
  expect((await ask(`${BASE}/dashboards/ml`)).body).toEqual({
    status: "success",
    data: { dashboard: { title: "ML" }, panels: [{ id: 1 }] },
  });
  expect(await ask(`${BASE}/dashboards/x`)).toEqual({
    status: 404,
    body: {
      status: "error",
      errorType: "not_found",
      error: 'Cannot show dashboard "x": there is none with this uid',
    },
  });
});

test("a webhook's notification is in the inbox, newest first", async () => {
  const { ask } = await createTestApi();
  const url = `${BASE}/inbox`;
  await ask({ method: "POST", url, payload: NOTIFICATION });
  const resolved = { ...NOTIFICATION, status: "resolved", commonLabels: {} };
  const posted = await ask({ method: "POST", url, payload: resolved });
  expect(posted).toEqual({ status: 200, body: { status: "success", data: { id: 2 } } });
  const { labels, annotations, status, startsAt, endsAt } = NOTIFICATION.alerts[0]!;
  expect((await ask(url)).body).toEqual({
    status: "success",
    data: [
      expect.objectContaining({ id: 2, status: "resolved", title: "[RESOLVED] Down" }),
      {
        id: 1,
        receivedMs: NOW_MS,
        receiver: "team",
        status: "firing",
        groupKey: '{}:{alertname="Down"}',
        title: "[FIRING:1] Down (page)",
        groupLabels: { alertname: "Down" },
        alerts: [{ status, labels, annotations, startsAt, endsAt }],
      },
    ],
  });
});

test("a body that is no notification names the field", async () => {
  const payload = { ...NOTIFICATION, alerts: [{ status: "firing" }] };
  const { status, body } = await ask({ method: "POST", url: `${BASE}/inbox`, payload });
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: expect.stringContaining('"alerts.0.labels" of the body') });
});

test("a full inbox forgets the oldest", () => {
  const inbox = new Inbox(2);
  const { receiver, groupKey, groupLabels } = NOTIFICATION;
  for (const title of ["a", "b", "c"]) {
    const entry = { receivedMs: 0, receiver, groupKey, groupLabels, title, alerts: [] };
    inbox.add({ ...entry, status: "firing" });
  }
  expect(inbox.list().map(({ id, title }) => [id, title])).toEqual([
    [3, "c"],
    [2, "b"],
  ]);
});

test("demo: scenarios are listed and switched; an unknown one is 404 and names the known", async () => {
  expect((await ask(`${BASE}/demo`)).body).toMatchObject({
    data: { scenarios: [{ name: "drift", active: false }] },
  });
  const change = (name: string, payload: object) =>
    ask({ method: "POST", url: `${BASE}/demo/scenarios/${name}`, payload });
  expect(await change("drift", { active: true })).toMatchObject({ status: 200 });
  expect(await change("drift", { active: 1 })).toMatchObject({ status: 400 });
  expect(await change("flood", { active: true })).toMatchObject({
    status: 404,
    body: { error: 'Cannot switch scenario "flood": unknown, expected one of drift' },
  });
});

test("without the demo there are no demo endpoints", async () => {
  const { app } = await createTestApi({ demo: undefined });
  expect((await app.inject(`${BASE}/demo`)).statusCode).toBe(404);
});
