/** Our own rooms take the demo's files without a word. */
import { expect, test } from "vitest";
import { loadAlertmanagerConfig } from "../../alertmanager/index.ts";
import { readDashboard } from "../../dashboards/index.ts";
import { parseQuery } from "../../promql/index.ts";
import { loadRuleFile } from "../../rules/index.ts";
import type { DemoFile } from "./demo-files.ts";
import { demoFiles } from "./demo-files.ts";

const files = await demoFiles({
  metricsTargets: [],
  serverUrl: "http://127.0.0.1:9090",
  isGpuSimulated: true,
});

function sourcesIn(isWanted: (path: string) => boolean) {
  const toSource = ({ path, text }: DemoFile) => ({ name: path, text });
  return files.filter(({ path }) => isWanted(path)).map(toSource);
}

test("alertmanager.yml", () => {
  const [source] = sourcesIn((path) => path === "alertmanager.yml");
  const { errors, warnings, value } = loadAlertmanagerConfig(source!, { environment: {} });
  expect([...errors, ...warnings].map((problem) => problem.render())).toEqual([]);
  expect(value?.receivers).toHaveLength(3);
});

test("the rules", () => {
  const sources = sourcesIn((path) => path.endsWith("_rules.yml"));
  expect(sources).toHaveLength(2);
  for (const source of sources) {
    const { errors, warnings, value } = loadRuleFile(source);
    expect([...errors, ...warnings].map((problem) => problem.render())).toEqual([]);
    expect(value!.flatMap(({ rules }) => rules).length).toBeGreaterThan(5);
  }
});

test("every panel of the dashboards is drawn", () => {
  const sources = sourcesIn((path) => path.startsWith("dashboards"));
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) {
    const { errors, panels } = readDashboard(source);
    expect(errors.map((problem) => problem.render())).toEqual([]);
    expect(panels.length).toBeGreaterThan(15);
    expect(
      panels.filter(({ status, reasons }) => status !== "drawn" || reasons.length > 0),
    ).toEqual([]);
  }
});

test("every panel's queries parse", () => {
  for (const { name, text } of sourcesIn((path) => path.startsWith("dashboards"))) {
    const { panels } = JSON.parse(text) as { panels: { targets?: { expr: string }[] }[] };
    const queries = panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr);
    expect(queries.length).toBeGreaterThan(15);
    const errors = queries.flatMap((query) => parseQuery({ name, text: query }).errors);
    expect(errors.map((problem) => problem.render())).toEqual([]);
  }
});
