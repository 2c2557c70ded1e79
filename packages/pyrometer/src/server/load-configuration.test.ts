import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadConfiguration } from "./load-configuration.ts";

const root = mkdtempSync(join(tmpdir(), "pyrometer-config-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ENVIRONMENT = { PYROMETER_URL: "http://127.0.0.1:1", PYROMETER_ADDRESS: "127.0.0.1:1" };
let folderCount = 0;

function load(files: Readonly<Record<string, string>>) {
  const dir = join(root, String(folderCount++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return { dir, ...loadConfiguration({ dir }, ENVIRONMENT) };
}

const RULES = "groups: [{name: g, rules: [{record: a, expr: up}]}]\n";
const PROMETHEUS =
  "scrape_configs: [{job_name: a, static_configs: [{targets: ['localhost:1']}]}]\n";

test("with no folder there is still a configuration: ourselves, and the inbox", () => {
  const { configuration, problems } = loadConfiguration({ dir: undefined }, ENVIRONMENT);
  expect(problems).toEqual([]);
  expect(configuration?.prometheus.scrapeConfigs.map(({ jobName }) => jobName)).toEqual([
    "pyrometer",
  ]);
  expect(configuration?.alertmanager.receivers.map(({ name }) => name)).toEqual(["inbox"]);
});

test("without rule_files, rules files beside prometheus.yml are used", () => {
  const { configuration, dir } = load({
    "prometheus.yml": PROMETHEUS,
    "my_rules.yml": RULES,
    "other.yml": "x: 1",
  });
  expect(configuration?.ruleFiles.map(({ path }) => path)).toEqual([join(dir, "my_rules.yml")]);
});

test("with rule_files, only what they name", () => {
  const { configuration, dir } = load({
    "prometheus.yml": `rule_files: ["rules.d/*.yml"]\n${PROMETHEUS}`,
    "my_rules.yml": RULES,
    "rules.d/a.yml": RULES,
  });
  expect(configuration?.ruleFiles.map(({ path }) => path)).toEqual([join(dir, "rules.d/a.yml")]);
});

test("every file's faults are reported together, and there is no configuration", () => {
  const { configuration, problems } = load({
    "prometheus.yml": "scrape_confgs: []\n",
    "alertmanager.yml": "route: {receiver: nobody}\nreceivers: []\n",
  });
  expect(configuration).toBeUndefined();
  const errors = problems.filter(({ severity }) => severity === "error");
  expect(errors.map(({ file, line }) => `${file?.split("/").at(-1)}:${line}`)).toEqual([
    "prometheus.yml:1",
    "alertmanager.yml:1",
  ]);
});

test("a missing prometheus.yml is named", () => {
  const { configuration, problems, dir } = load({ "my_rules.yml": RULES });
  expect(configuration).toBeUndefined();
  expect(problems[0]?.message).toContain(join(dir, "prometheus.yml"));
});

test("a broken dashboard is a problem and holds nothing up; the others are there", () => {
  const good = JSON.stringify({ uid: "good", title: "Good", panels: [] });
  const { configuration, problems } = load({
    "prometheus.yml": PROMETHEUS,
    "dashboards/good.json": good,
    "dashboards/deeper/broken.json": '{"panels": [',
    "dashboards/twin.json": good,
    "package.json": "{}",
  });
  expect(configuration?.dashboards.map(({ dashboard }) => dashboard.uid)).toEqual(["good"]);
  const messages = problems.map(({ severity, message }) => `${severity} ${message}`);
  expect(messages).toContainEqual(expect.stringMatching(/^error .*broken\.json:1:/));
  expect(messages).toContainEqual(expect.stringMatching(/uid "good" is taken/));
  expect(problems).toHaveLength(2);
});

test("everything that was read or looked for is watched", () => {
  const { watched, dir } = load({
    "prometheus.yml": PROMETHEUS,
    "my_rules.yml": RULES,
    "dashboards/a.json": "{}",
  });
  const names = watched().map((path) => path.slice(dir.length + 1));
  expect(names).toEqual(
    expect.arrayContaining([
      "prometheus.yml",
      "my_rules.yml",
      "alertmanager.yml",
      "dashboards/a.json",
    ]),
  );
});

test("a rule that uses an experiment loads where that is enabled, and else has its place", () => {
  const rules = "groups: [{name: g, rules: [{record: a, expr: 'sum(mad_over_time(b[5m]))'}]}]\n";
  const { dir, configuration, problems } = load({
    "prometheus.yml": PROMETHEUS,
    "my_rules.yml": rules,
  });
  expect(configuration).toBeUndefined();
  expect(problems).toMatchObject([{ severity: "error", code: "promql/feature", line: 1 }]);
  expect(problems[0]?.message).toContain('function "mad_over_time" is not enabled');
  const features = ["promql-experimental-functions"];
  expect(loadConfiguration({ dir, features }, ENVIRONMENT).configuration).toBeDefined();
});
