/** What is sent when, to whom, and what is held back: timelines on a virtual clock. */
import { expect, test } from "vitest";
import { parseMatchers } from "./matchers/parse.ts";
import { pagerdutyBaseUrls } from "./receivers/pagerduty/urls.ts";
import type { AlertJson } from "./templates/data.ts";
import type { Arrival, Stand } from "./testkit/stand.ts";
import { createStand, START_MS } from "./testkit/stand.ts";

const A = "http://a.example/";
const B = "http://b.example/";

/** One receiver at A, everything in one group. */
const ONE = `
route: {receiver: a, group_by: [], group_wait: 10s, group_interval: 1m, repeat_interval: 4m30s}
receivers:
  - name: a
    webhook_configs: [{url: "${A}"}]
`;

const TWO = `
route:
  receiver: a
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 1h
  routes:
    - {matchers: [team=b], receiver: b, continue: true}
    - {matchers: ['team=~"a|b"'], receiver: a}
receivers:
  - name: a
    webhook_configs: [{url: "${A}"}]
  - name: b
    webhook_configs: [{url: "${B}"}]
`;

/** Arrivals as "seconds: status names", one line each. */
function told({ arrivals }: Stand, url = A): string[] {
  return arrivals.filter((arrival) => arrival.url === url).map(line);
}

function line({ atMs, body }: Arrival): string {
  const alerts = body.alerts as readonly AlertJson[];
  const names = alerts.map(({ status, labels }) => {
    const mark = status === "resolved" ? "-" : "";
    return `${mark}${labels.alertname}`;
  });
  return `${atMs / 1000}: ${String(body.status)} ${names.join(" ")}`;
}

const minutes = (count: number) => count * 60_000;

test("the first message waits for group_wait, changes for group_interval, repeats for repeat_interval", async () => {
  const stand = createStand({ config: ONE });
  stand.fire({ alertname: "x" }, { endsAtMs: minutes(60) });
  await stand.at(5000);
  stand.fire({ alertname: "y" }, { endsAtMs: minutes(60) });
  await stand.at(20_000);
  stand.fire({ alertname: "z" }, { endsAtMs: minutes(60) });
  await stand.at(minutes(12));
  // Flushes at 10, 70, 130 …; 4 min 30 s after the message of 70 s the next flush is at 370.
  expect(told(stand)).toEqual([
    "10: firing x y",
    "70: firing x y z",
    "370: firing x y z",
    "670: firing x y z",
  ]);
});

test("an alert that began long ago does not wait", async () => {
  const stand = createStand({ config: ONE });
  stand.fire({ alertname: "x" }, { startsAtMs: -11_000 });
  await stand.at(0);
  expect(told(stand)).toEqual(["0: firing x"]);
});

test("a resolved alert is told once and its group goes; an alert nobody heard of ends unheard", async () => {
  const stand = createStand({ config: ONE });
  stand.fire({ alertname: "x" });
  await stand.at(30_000);
  stand.fire({ alertname: "x" }, { endsAtMs: 25_000 });
  await stand.at(minutes(10));
  expect(told(stand)).toEqual(["10: firing x", "70: resolved -x"]);
  stand.fire({ alertname: "y" });
  await stand.at(minutes(10) + 5000);
  stand.fire({ alertname: "y" }, { startsAtMs: minutes(10), endsAtMs: minutes(10) + 4000 });
  await stand.at(minutes(30));
  expect(told(stand)).toHaveLength(2);
  expect(stand.alertmanager.groups()).toEqual([]);
});

test("an alert that is not reported again ends after resolve_timeout", async () => {
  const stand = createStand({ config: `global: {resolve_timeout: 90s}${ONE}` });
  stand.fire({ alertname: "x" });
  await stand.at(minutes(5));
  expect(told(stand)).toEqual(["10: firing x", "130: resolved -x"]);
});

test("continue lets the next route tell as well; the root takes what nobody claims", async () => {
  const stand = createStand({ config: TWO });
  stand.fire({ alertname: "x", team: "b" });
  stand.fire({ alertname: "y", team: "c" });
  await stand.at(30_000);
  expect(told(stand, B)).toEqual(["10: firing x"]);
  expect(told(stand).sort()).toEqual(["10: firing x", "10: firing y"]);
  expect(stand.alertmanager.alerts().map(({ receivers }) => receivers)).toContainEqual(["b", "a"]);
});

test("a receiver that answers 500 is tried again with growing waits, and holds no other up", async () => {
  const stand = createStand({ config: TWO });
  stand.answer(A, 500);
  stand.fire({ alertname: "x", team: "b" });
  await stand.at(12_000);
  expect(told(stand, B)).toEqual(["10: firing x"]);
  stand.answer(A, 200);
  await stand.at(20_000);
  // 0.5 s, 0.75 s, 1.125 s after each other, random being 0.5.
  expect(told(stand)).toEqual([
    "10: firing x",
    "10.5: firing x",
    "11.25: firing x",
    "12.375: firing x",
  ]);
  const outcomes = stand.alertmanager
    .attempts()
    .map(({ outcome, receiver }) => [receiver, outcome]);
  expect(outcomes[0]).toEqual(["a", "delivered"]);
  expect(outcomes.filter(([, outcome]) => outcome === "will-retry")).toHaveLength(3);
});

test("a receiver that never replies is given up in time, counted, and told at a later flush", async () => {
  const stand = createStand({ config: ONE });
  stand.answer(A, "hang");
  stand.fire({ alertname: "x" }, { endsAtMs: minutes(60) });
  await stand.at(60_000);
  const [last] = stand.alertmanager.attempts();
  expect(last).toMatchObject({
    outcome: "will-retry",
    reason: "contextDeadlineExceeded",
    error: "no reply within 30000 ms",
    durationMs: 30_000,
  });
  await stand.at(69_000);
  stand.answer(A, 200);
  await stand.at(minutes(3));
  expect(told(stand).at(-1)).toBe("70: firing x");
  expect(stand.expose()).toContain(
    'alertmanager_notifications_failed_total{integration="webhook",reason="contextDeadlineExceeded"} 1',
  );
});

test("a refusal is not tried again before the next flush", async () => {
  const stand = createStand({ config: ONE });
  stand.answer(A, { status: 400, body: "no such channel" });
  stand.fire({ alertname: "x" });
  await stand.at(minutes(2) + 5000);
  expect(told(stand)).toEqual(["10: firing x", "70: firing x"]);
  expect(stand.alertmanager.attempts()[0]).toMatchObject({
    outcome: "failed",
    status: 400,
    reason: "clientError",
    error: "unexpected status code 400: no such channel",
  });
});

test("a receiver that asks for patience gets it", async () => {
  const stand = createStand({ config: ONE });
  stand.answer(A, { status: 429, retryAfter: "20" });
  stand.fire({ alertname: "x" });
  await stand.at(15_000);
  stand.answer(A, 200);
  await stand.at(60_000);
  expect(told(stand)).toEqual(["10: firing x", "30: firing x"]);
});

test("nobody listening is no end: it is tried until somebody is", async () => {
  const stand = createStand({ config: ONE });
  stand.answer(A, "refuse");
  stand.fire({ alertname: "x" });
  await stand.at(11_000);
  stand.answer(A, 200);
  await stand.at(15_000);
  expect(told(stand)).toEqual(["11.25: firing x"]);
});

test("an inhibited alert is held back, visibly, while its source fires", async () => {
  const rules = `
inhibit_rules:
  - {source_matchers: [alertname=Hot], target_matchers: [alertname=Slow], equal: [instance]}
`;
  const stand = createStand({ config: ONE + rules });
  stand.fire({ alertname: "Slow", instance: "1" });
  stand.fire({ alertname: "Slow", instance: "2" });
  stand.fire({ alertname: "Hot", instance: "1" });
  await stand.at(30_000);
  expect(told(stand)).toEqual(["10: firing Hot Slow"]);
  const [group] = stand.alertmanager.groups();
  expect(group!.held.map(({ reason, alert }) => [reason, alert.labels.get("instance")])).toEqual([
    ["inhibited", "1"],
  ]);
  stand.fire({ alertname: "Hot", instance: "1" }, { endsAtMs: 29_000 });
  await stand.at(minutes(2));
  expect(told(stand)[1]).toBe("70: firing -Hot Slow Slow");
});

test("a silence holds back until it ends, and says so at once", async () => {
  const stand = createStand({ config: ONE.replace("4m30s", "1s") });
  const { silences } = stand.alertmanager;
  stand.fire({ alertname: "x" }, { endsAtMs: minutes(60) });
  await stand.at(15_000);
  const id = silences.set({
    matchers: [{ name: "alertname", value: "x", isRegex: false }],
    endsAtMs: START_MS + minutes(30),
    createdBy: "me",
    comment: "at work",
  });
  const status = () => stand.alertmanager.alerts()[0]!.status;
  expect(status()).toMatchObject({ state: "suppressed", silencedBy: [id] });
  await stand.at(150_000);
  silences.expire(id);
  expect(status()).toMatchObject({ state: "active", silencedBy: [] });
  await stand.at(200_000);
  expect(told(stand)).toEqual(["10: firing x", "190: firing x"]);
});

test("a route is quiet in its mute hours and outside its active ones", async () => {
  const config = `
route:
  receiver: a
  group_wait: 10s
  group_interval: 1h
  routes:
    - {matchers: [k=mute], mute_time_intervals: [early]}
    - {matchers: [k=active], active_time_intervals: [late]}
time_intervals:
  - {name: early, time_intervals: [{times: [{start_time: "00:00", end_time: "02:00"}]}]}
  - {name: late, time_intervals: [{times: [{start_time: "03:00", end_time: "04:00"}]}]}
receivers:
  - name: a
    webhook_configs: [{url: "${A}"}]
`;
  const stand = createStand({ config });
  for (const k of ["mute", "active"]) {
    stand.fire({ alertname: k, k }, { endsAtMs: minutes(600) });
  }
  await stand.at(minutes(30));
  const held = stand.alertmanager.groups().flatMap((group) => group.held);
  expect(held.map(({ reason, by }) => [reason, by])).toEqual([
    ["muted", ["early"]],
    ["outside-active-time", ["late"]],
  ]);
  await stand.at(minutes(300));
  expect(told(stand)).toEqual(["7210: firing mute", "10810: firing active"]);
});

test("a reload keeps alerts, silences and the memory of what was sent", async () => {
  const stand = createStand({ config: ONE });
  stand.fire({ alertname: "x" }, { endsAtMs: minutes(60) });
  await stand.at(30_000);
  stand.apply(
    ONE.replace("group_by: []", "group_by: [], group_wait: 20s").replace("group_wait: 10s, ", ""),
  );
  await stand.at(40_000);
  stand.fire({ alertname: "y" }, { endsAtMs: minutes(60) });
  await stand.at(minutes(2));
  expect(told(stand)).toEqual(["10: firing x", "90: firing x y"]);
});

test("a reload with a template that does not parse changes nothing", async () => {
  const stand = createStand({ config: ONE });
  const template = { name: "bad.tmpl", text: '{{ define "x" }}' };
  expect(() => stand.alertmanager.apply({} as never, [template])).toThrow("bad.tmpl:1");
  stand.fire({ alertname: "x" });
  await stand.at(30_000);
  expect(told(stand)).toEqual(["10: firing x"]);
});

test("lists what matches, in which state, for whom", () => {
  const stand = createStand({ config: TWO });
  stand.fire({ alertname: "x", team: "a" });
  stand.fire({ alertname: "y", team: "b" });
  const names = (filter: Parameters<typeof stand.alertmanager.alerts>[0]) =>
    stand.alertmanager.alerts(filter).map(({ labels }) => labels.alertname);
  expect(names({ matchers: parseMatchers("team!=a") })).toEqual(["y"]);
  expect(names({ receiver: (name) => name === "b" })).toEqual(["y"]);
  expect(names({ active: false })).toEqual([]);
  expect(stand.alertmanager.receivers()).toEqual(["a", "b"]);
});

test("bad alerts are refused with a reason, good ones beside them are taken", () => {
  const stand = createStand({ config: ONE });
  const problems = stand.alertmanager.receive([
    { labels: {} },
    { labels: { alertname: "x" }, startsAtMs: 2, endsAtMs: 1 },
    { labels: { alertname: "y", empty: "" } },
  ]);
  expect(problems).toEqual([
    "Cannot take an alert: at least one label pair required",
    'Cannot take an alert: start time must be before end time, in {alertname="x"}',
  ]);
  expect(stand.alertmanager.alerts().map(({ labels }) => labels)).toEqual([{ alertname: "y" }]);
});

test("a webhook's body is Alertmanager's version 4", async () => {
  const stand = createStand({ config: ONE.replace(`"${A}"`, `"${A}", max_alerts: 1`) });
  stand.fire({ alertname: "x", job: "j" }, { annotations: { summary: "s" } });
  stand.fire({ alertname: "y", job: "j" }, { annotations: { summary: "s" } });
  await stand.at(30_000);
  expect(stand.arrivals[0]!.body).toEqual({
    receiver: "a",
    status: "firing",
    alerts: [
      {
        status: "firing",
        labels: { alertname: "x", job: "j" },
        annotations: { summary: "s" },
        startsAt: "2026-01-01T00:00:00Z",
        endsAt: "0001-01-01T00:00:00Z",
        generatorURL: "",
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ],
    notification_reason: "first notification",
    groupLabels: {},
    commonLabels: { alertname: "x", job: "j" },
    commonAnnotations: { summary: "s" },
    routeLabels: {},
    externalURL: "http://am.example",
    version: "4",
    groupKey: "{}:{}",
    truncatedAlerts: 1,
  });
});

const SLACK = `
route:
  receiver: s
  group_by: [alertname]
  group_wait: 10s
  routes: [{matchers: [team=b], labels: {tier: 'gold {{ .Status }}'}}]
receivers:
  - name: s
    slack_configs:
      - api_url: "${A}"
        channel: "#c"
        send_resolved: true
        footer: '{{ routeLabels "tier" }}'
        fields: [{title: N, value: "{{ len .Alerts }}"}]
`;

test("Slack gets one attachment that says what fires", async () => {
  const stand = createStand({ config: SLACK });
  for (const instance of ["1", "2"]) {
    stand.fire({ alertname: "Hot", team: "b", instance }, { annotations: { summary: "is hot" } });
  }
  await stand.at(15_000);
  expect(stand.arrivals[0]!.body).toEqual({
    channel: "#c",
    username: "Alertmanager",
    attachments: [
      {
        title: "[FIRING:2] Hot (b)",
        title_link: "http://am.example/#/alerts?receiver=s",
        text: "is hot\nis hot\n",
        fallback: "[FIRING:2] Hot (b) | http://am.example/#/alerts?receiver=s",
        color: "danger",
        footer: "gold firing",
        fields: [{ title: "N", value: "2", short: false }],
        mrkdwn_in: ["fallback", "pretext", "text"],
      },
    ],
  });
});

test("Slack's 200 with a refusal inside is a refusal", async () => {
  const stand = createStand({ config: SLACK });
  const body = '{"ok":false,"error":"channel_not_found"}';
  stand.answer(A, { status: 200, contentType: "application/json; charset=utf-8", body });
  stand.fire({ alertname: "Hot" });
  await stand.at(15_000);
  expect(stand.alertmanager.attempts()[0]).toMatchObject({
    outcome: "failed",
    error: "error response from Slack: channel_not_found",
  });
});

test("a user's template takes the place of ours", async () => {
  const text = '{{ define "slack.default.title" }}mine: {{ .GroupLabels.alertname }}{{ end }}';
  const stand = createStand({ config: SLACK, templates: [{ name: "mine.tmpl", text }] });
  stand.fire({ alertname: "Hot" });
  await stand.at(15_000);
  const [attachment] = stand.arrivals[0]!.body.attachments as { title: string }[];
  expect(attachment!.title).toBe("mine: Hot");
});

const PAGERDUTY = `
route: {receiver: p, group_by: [alertname], group_wait: 10s, group_interval: 1m}
receivers:
  - name: p
    pagerduty_configs:
      - service_key: old-key
      - {routing_key: new-key, details: {team: "{{ .CommonLabels.team }}", num_firing: none}}
`;

test("PagerDuty gets a trigger and a resolve of one incident, v1 and v2 each at its endpoint", async () => {
  const baseUrls = pagerdutyBaseUrls("http://pd.example/");
  const stand = createStand({ config: PAGERDUTY, baseUrls });
  stand.fire({ alertname: "Hot", team: "b" });
  await stand.at(30_000);
  stand.fire({ alertname: "Hot", team: "b" }, { endsAtMs: 20_000 });
  await stand.at(90_000);
  const at = (url: string) =>
    stand.arrivals.filter((arrival) => arrival.url === url).map(({ body }) => body);
  const v1 = at("http://pd.example/generic/2010-04-15/create_event.json");
  const v2 = at("http://pd.example/v2/enqueue");
  expect(v1.map(({ event_type }) => event_type)).toEqual(["trigger", "resolve"]);
  expect(v1[0]).toMatchObject({
    service_key: "old-key",
    description: "[FIRING:1] Hot (b)",
    client: "Alertmanager",
    details: { num_firing: 1, num_resolved: 0, firing: [{ status: "firing" }], resolved: [] },
  });
  expect(v1[1]).not.toHaveProperty("client");
  expect(v2.map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
  expect(v2[0]).toMatchObject({
    routing_key: "new-key",
    payload: {
      summary: "[FIRING:1] Hot (b)",
      severity: "error",
      source: "Alertmanager",
      custom_details: { team: "b", num_firing: "none" },
    },
  });
  const keys = [
    ...v1.map(({ incident_key }) => incident_key),
    ...v2.map(({ dedup_key }) => dedup_key),
  ];
  expect(new Set(keys).size).toBe(1);
});

test("a message that cannot be made is a counted failure with its reason", async () => {
  const config = ONE.replace(`"${A}"`, `"${A}{{ .GroupLabels.Nope }}{{ template \\"gone\\" }}"`);
  const stand = createStand({ config });
  stand.fire({ alertname: "x" });
  await stand.at(15_000);
  expect(stand.arrivals).toEqual([]);
  const [attempt] = stand.alertmanager.attempts();
  expect(attempt).toMatchObject({ outcome: "failed", reason: "other" });
  expect(attempt!.error).toContain("Cannot make the message: ");
});

test("status tells the configuration without its secrets, and metrics count", async () => {
  const stand = createStand({ config: PAGERDUTY });
  stand.fire({ alertname: "Hot" });
  await stand.at(15_000);
  const status = stand.alertmanager.status();
  expect(status.configOriginal).not.toMatch(/old-key|new-key/);
  expect(status).toMatchObject({ clusterStatus: "disabled", startedMs: START_MS });
  const metrics = stand.expose();
  expect(metrics).toContain('alertmanager_notifications_total{integration="pagerduty"} 2');
  expect(metrics).toContain('alertmanager_alerts{state="active"} 1');
  expect(metrics).toContain("alertmanager_dispatcher_aggregation_groups 1");
});

test("stopping ends everything: no timer fires, nothing is sent any more", async () => {
  const stand = createStand({ config: ONE });
  stand.fire({ alertname: "x" });
  await stand.alertmanager.stop();
  await stand.at(minutes(10));
  expect(stand.arrivals).toEqual([]);
});

test("secrets are in no attempt, status or metric, whatever a receiver says back", async () => {
  const secrets = ["SECRETPATH", "SECRETKEY-1", "SECRETWORD", "SECRETTOKEN"];
  const [path, key, word, token] = secrets;
  const config = `
route: {receiver: r, group_wait: 10s}
receivers:
  - name: r
    webhook_configs:
      - {url: "http://w.example/${path}", http_config: {basic_auth: {username: u, password: ${word}}}}
    slack_configs:
      - {api_url: "http://s.example/services/${path}", http_config: {authorization: {credentials: ${token}}}}
    pagerduty_configs:
      - {routing_key: ${key}, url: "http://p.example/v2/enqueue"}
`;
  const stand = createStand({ config });
  const body = JSON.stringify({
    message: `bad ${secrets.join(" ")} at /services/${path}`,
    errors: [],
  });
  for (const url of [
    `http://w.example/${path}`,
    `http://s.example/services/${path}`,
    "http://p.example/v2/enqueue",
  ]) {
    const own = url.includes("p.example") ? body.replace(/SECRET(PATH|WORD|TOKEN)/g, "") : body;
    stand.answer(url, { status: 400, body: own });
  }
  stand.fire({ alertname: "x" });
  await stand.at(15_000);
  const { alertmanager } = stand;
  const attempts = alertmanager.attempts();
  expect(attempts.map(({ status }) => status)).toEqual([400, 400, 400]);
  const ofPath = JSON.stringify(attempts);
  expect(ofPath).toContain("<secret>");
  expect(ofPath).not.toContain(path);
  const own: readonly [string, string | undefined][] = [
    ["webhook[0]", word],
    ["slack[0]", token],
    ["pagerduty[0]", key],
  ];
  for (const [name, secret] of own) {
    const { error } = attempts.find(({ integration }) => integration === name)!;
    expect(error).not.toContain(secret);
  }
  const shown = JSON.stringify([alertmanager.status(), stand.expose(), alertmanager.groups()]);
  for (const secret of secrets) expect(shown).not.toContain(secret);
});

test("ten thousand alerts in five hundred groups are each told once", async () => {
  const config = ONE.replace("group_by: []", "group_by: [group]");
  const stand = createStand({ config });
  const labels = Array.from({ length: 10_000 }, (_, i) => ({
    alertname: `a${i}`,
    group: `${i % 500}`,
  }));
  expect(stand.alertmanager.receive(labels.map((one) => ({ labels: one })))).toEqual([]);
  await stand.at(15_000);
  expect(stand.arrivals).toHaveLength(500);
  const names = stand.arrivals.flatMap(({ body }) =>
    (body.alerts as readonly AlertJson[]).map((alert) => alert.labels.alertname),
  );
  expect(new Set(names).size).toBe(10_000);
  expect(names).toHaveLength(10_000);
});
