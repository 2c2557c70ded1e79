/** Alertmanager's own routing cases, and those of a team's real tree, where they can be read. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { formatDuration } from "../../std/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { loadAlertmanagerConfig } from "../config/load.ts";
import { routesFor } from "./match.ts";
import { createRoute, walkRoutes } from "./route.ts";

const root = conformanceDir();
const dir = root === undefined ? "" : join(root, "alertmanager");

function readJson<T>(path: string): T | undefined {
  return root === undefined ? undefined : (JSON.parse(readFileSync(join(dir, path), "utf8")) as T);
}

function treeOf(text: string) {
  const { value, errors } = loadAlertmanagerConfig({ name: "a.yml", text }, { environment: {} });
  expect(errors).toEqual([]);
  return createRoute(value!.route);
}

/** A whole file around a route section. */
function fileAround(route: string): string {
  const receivers = [...route.matchAll(/receiver: '([^']+)'/g)].map(([, name]) => name!);
  const list = [...new Set(receivers)].map((name) => `  - name: ${name}`).join("\n");
  return `route:\n${route.replaceAll("\n", "\n  ")}\nreceivers:\n${list}\n`;
}

interface RouteResult {
  readonly receiver: string;
  readonly group_by: readonly string[] | "(default)";
  readonly group_by_all: boolean;
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
}

interface RouteCase {
  readonly test: string;
  readonly route?: string;
  readonly receivers_in_walk_order?: readonly string[];
  readonly cases?: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly result?: readonly RouteResult[];
    readonly route_keys?: readonly string[];
    readonly file?: string;
    readonly receivers?: readonly string[];
  }[];
}

const DEFAULTS = { group_wait: "30s", group_interval: "5m", repeat_interval: "4h" };

const orDefault = (text: string, usual: string) => (text === "(default)" ? usual : text);

for (const { test: name, route, receivers_in_walk_order: walk, cases = [] } of readJson<
  RouteCase[]
>("cases/routes.json") ?? []) {
  describe(name, () => {
    if (walk && route) {
      test("walks parents first", () => {
        const tree = treeOf(fileAround(route));
        expect(walkRoutes(tree).map(({ config }) => config.receiver)).toEqual(walk);
      });
    }
    test.each(cases.map((one) => [JSON.stringify(one.labels), one] as const))("%s", (_, one) => {
      const text = one.file ? readFileSync(join(dir, one.file), "utf8") : fileAround(route ?? "");
      const found = routesFor(Labels.from(one.labels), treeOf(text));
      const shown = found.map(({ config }) => ({
        receiver: config.receiver,
        group_by: config.groupBy,
        group_by_all: config.groupByAll,
        group_wait: formatDuration(config.groupWaitMs),
        group_interval: formatDuration(config.groupIntervalMs),
        repeat_interval: formatDuration(config.repeatIntervalMs),
      }));
      if (one.receivers) expect(shown.map(({ receiver }) => receiver)).toEqual(one.receivers);
      if (one.route_keys) expect(found.map(({ key }) => key)).toEqual(one.route_keys);
      if (!one.result) return;
      expect(shown).toEqual(
        one.result.map((result) => ({
          ...result,
          group_by: result.group_by === "(default)" ? [] : result.group_by,
          group_wait: orDefault(result.group_wait, DEFAULTS.group_wait),
          group_interval: orDefault(result.group_interval, DEFAULTS.group_interval),
          repeat_interval: orDefault(result.repeat_interval, DEFAULTS.repeat_interval),
        })),
      );
    });
  });
}

interface TreeCase {
  readonly config: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly amtool_output: string;
}

const treeCases = (readJson<TreeCase[]>("cases/routes-giantswarm.json") ?? []).filter(
  ({ config }) => existsSync(join(dir, "real", config)),
);

describe.runIf(treeCases.length > 0)("a team's real tree, as amtool routes it", () => {
  test.each(treeCases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const tree = treeOf(readFileSync(join(dir, "real", one.config), "utf8"));
    const receivers = routesFor(Labels.from(one.labels), tree).map(({ config }) => config.receiver);
    expect(receivers.join(",")).toBe(one.amtool_output);
  });
});
