import { expect, test } from "vitest";
import { loadAlertmanagerConfig } from "./load.ts";
import type { PagerdutyConfig, SlackConfig, WebhookConfig } from "./types.ts";

/** The file that the project was asked to take unchanged. */
const SEED = `route:
  receiver: "default"
  routes:
    - match:
        team: infra
      receiver: "infra-oncall"
      continue: true
    - match:
        team: ml
      receiver: "ml-team"
      group_wait: 30s
      group_interval: 5m
receivers:
  - name: "default"
    slack_configs:
      - api_url: $SLACK_WEBHOOK_DEFAULT
  - name: "infra-oncall"
    pagerduty_configs:
      - service_key: $PAGERDUTY_KEY_INFRA
  - name: "ml-team"
    slack_configs:
      - api_url: $SLACK_WEBHOOK_ML
        channel: "#ml-alerts"
inhibit_rules:
  # Don't alert on high latency if GPU is throttling
  - source_match:
      alertname: GPUThermalThrottle
    target_match:
      alertname: InferenceLatencyHigh
    equal: ["instance"]
`;

const ENVIRONMENT = {
  SLACK_WEBHOOK_DEFAULT: "https://hooks.example/default-secret",
  SLACK_WEBHOOK_ML: "https://hooks.example/ml-secret",
  PAGERDUTY_KEY_INFRA: "infra-secret",
};

interface CheckOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

function check(text: string, { environment = {}, files = {} }: CheckOptions = {}) {
  const readFile = (path: string) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error("no file"), { code: "ENOENT" });
    return content;
  };
  const source = { name: "am.yml", text };
  const loaded = loadAlertmanagerConfig(source, { environment, readFile });
  return {
    value: loaded.value,
    errors: loaded.errors.map(({ message }) => message),
    warnings: loaded.warnings.map(({ message }) => message),
  };
}

/** A small file with one integration of the receiver "r". */
const around = (integration: string, global = "") =>
  `${global}route: {receiver: r}\nreceivers:\n  - name: r\n    ${integration}\n`;

test("the seed's file loads unchanged, its variables filled in", () => {
  const { value, errors, warnings } = check(SEED, { environment: ENVIRONMENT });
  expect(errors).toEqual([]);
  expect(warnings).toEqual([]);
  const [main, infra, ml] = value!.receivers.map(({ integrations }) => integrations[0]);
  expect((main as SlackConfig).url).toBe("https://hooks.example/default-secret");
  expect(infra).toMatchObject({ kind: "pagerduty", version: "v1", key: "infra-secret" });
  expect(ml).toMatchObject({ url: "https://hooks.example/ml-secret", channel: "#ml-alerts" });
  expect(value!.route.routes[0]).toMatchObject({ receiver: "infra-oncall", continues: true });
  expect(value!.route.routes[1]).toMatchObject({
    groupWaitMs: 30_000,
    repeatIntervalMs: 14_400_000,
  });
});

test("an unset variable names itself and takes its own integration out, no other", () => {
  const { SLACK_WEBHOOK_ML: _, ...environment } = ENVIRONMENT;
  const { value, warnings } = check(SEED, { environment });
  expect(warnings).toEqual([
    'am.yml:22:18: Cannot use slack[0] of receiver "ml-team": environment variable SLACK_WEBHOOK_ML is not set, set it or remove the integration',
  ]);
  expect(value!.disabledReceivers).toEqual([
    {
      receiver: "ml-team",
      integration: "slack[0]",
      reason: expect.stringContaining("SLACK_WEBHOOK_ML"),
    },
  ]);
  const counts = value!.receivers.map(({ integrations }) => integrations.length);
  expect(counts).toEqual([1, 1, 0]);
});

test("an unset global address takes out what falls back on it", () => {
  const global = "global: {slack_api_url: $NOPE}\n";
  const both = around(`slack_configs: [{channel: a}, {api_url: "http://own/x"}]`, global);
  const { value, warnings } = check(both);
  expect(value!.receivers[0]!.integrations).toHaveLength(1);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/^am\.yml:1:\d+: Cannot use slack\[0\].*NOPE is not set/);
});

test("dollars that are not variables stay: templates, passwords, other fields", () => {
  const { value, errors, warnings } = check(
    around(`webhook_configs:
      - url: 'http://x/{{ range $k, $v := .GroupLabels }}{{ $v }}{{ end }}/$PART'
        http_config: {basic_auth: {username: u, password: 'pa$word'}}`),
    { environment: { PART: "end" } },
  );
  expect([...errors, ...warnings]).toEqual([]);
  const webhook = value!.receivers[0]!.integrations[0] as WebhookConfig;
  expect(webhook.url).toBe("http://x/{{ range $k, $v := .GroupLabels }}{{ $v }}{{ end }}/end");
  expect(webhook.http.basicAuth?.password).toBe("pa$word");
});

test("what may be shown of the file holds no secret and no comment, and still loads", () => {
  const { value } = check(SEED, { environment: ENVIRONMENT });
  const { original } = value!;
  expect(original).not.toMatch(/secret(?!>)|\$|Don't/);
  expect(original).toContain("api_url: <secret>");
  expect(check(original).errors).toEqual([]);
});

test("secrets in files are read; one that cannot be takes its integration out", () => {
  const two = around("pagerduty_configs: [{routing_key_file: /a}, {service_key_file: /b}]");
  const { value, warnings } = check(two, { files: { "/a": "key-a\n" } });
  const [only] = value!.receivers[0]!.integrations as PagerdutyConfig[];
  expect(only).toMatchObject({ version: "v2", key: "key-a", index: 0 });
  expect(value!.receivers[0]!.integrations).toHaveLength(1);
  expect(warnings).toEqual([
    'am.yml:4:49: Cannot use pagerduty[1] of receiver "r": Cannot read "/b": ENOENT',
  ]);
});

test("every fault of a file is reported, each at its place", () => {
  const { errors } = check(`route:
  receiver: nobody
  group_by: [a, a]
  repeat_interval: 0s
  routes:
    - matchers: ['a=~"("']
    - reciever: x
receivers:
  - name: ""
    webhook_configs:
      - url: ftp://x
        nope: 1
`);
  expect(errors).toEqual([
    expect.stringContaining(
      'am.yml:6:18: Cannot parse matchers "a=~"("": error parsing regexp: missing closing )',
    ),
    'am.yml:7:7: Cannot read key "reciever": field reciever not found in type config.plain',
    'am.yml:11:14: Cannot read the URL: unsupported scheme "ftp" for URL, expected http or https',
    'am.yml:12:9: Cannot read key "nope": field nope not found in type webhook.plain',
  ]);
});

test("a name that is used must be defined", () => {
  const { errors } = check(`route:
  receiver: a
  routes:
    - {receiver: b, mute_time_intervals: [nights]}
receivers:
  - name: a
  - name: a
`);
  expect(errors).toEqual([
    'am.yml:4:18: Cannot load the configuration: undefined receiver "b" used in route',
    'am.yml:4:43: Cannot load the configuration: undefined time interval "nights" used in route',
    'am.yml:7:11: Cannot load the configuration: notification config name "a" is not unique',
  ]);
});

test("a text that is no template is refused when the file is read", () => {
  const { errors } = check(around(`slack_configs: [{api_url: "http://x/y", title: "{{ .Status"}]`));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^am\.yml:4:\d+: Cannot load the configuration: /);
});

test("an integration that is yet to come is a warning, and listed as out of order", () => {
  const { value, warnings, errors } = check(
    around("email_configs: [{to: a@b}]", "global: {smtp_smarthost: 'a:25', smtp_from: x}\n"),
  );
  expect(errors).toEqual([]);
  expect(warnings).toEqual([
    'am.yml:5:5: Cannot honour "email_configs" yet: it has no effect, nobody is told through it',
  ]);
  expect(value!.disabledReceivers).toEqual([
    { receiver: "r", integration: "email[0]", reason: "email_configs are not supported yet" },
  ]);
});
