/** From a panel to its queries, and the layout, names and variables around it. */
import { describe, expect, test } from "vitest";
import type { Panel, Variable } from "../model.ts";
import { GRAPH_PANEL, TABLE_PANEL } from "../pages/explore-panels.ts";
import { compact } from "./compact.ts";
import { requestsOf } from "./requests.ts";
import { nameSeries } from "./series-names.ts";
import { resolveRange } from "./time-range.ts";
import { parseVariableQuery, pickChosen } from "./variables.ts";

const TARGET = {
  refId: "A",
  expr: "up",
  legendFormat: "",
  format: "time_series",
  isInstant: false,
  isHidden: false,
  interval: "",
} as const;

const HOUR_MS = 3_600_000;
const SCOPE = {
  range: { fromMs: 7001, toMs: 7001 + HOUR_MS },
  scrapeIntervalMs: 5000,
  variables: new Map([["node", { values: ["a", "b"], isMulti: true }]]),
};

describe("a panel's requests", () => {
  const panel = (changes: object): Panel => ({
    ...GRAPH_PANEL,
    gridPos: { x: 0, y: 0, w: 12, h: 8 },
    ...changes,
  });

  test("lie on whole steps, fit the panel's width, and have all variables filled in", () => {
    const expr = 'rate(x{node=~"$node"}[$__rate_interval]) / $__interval_ms + $__range_s';
    const [request] = requestsOf(panel({ targets: [{ ...TARGET, expr }] }), SCOPE);
    expect(request?.grid).toEqual({ startMs: 15_000, endMs: 3_600_000, stepMs: 15_000 });
    expect(request?.expr).toBe('rate(x{node=~"(a|b)"}[20s]) / 15000 + 3600');
  });

  test("are no finer than a scrape, the panel or the target asks", () => {
    const step = (changes: object, target = {}) =>
      requestsOf(panel({ targets: [{ ...TARGET, ...target }], ...changes }), {
        ...SCOPE,
        range: { fromMs: 0, toMs: 60_000 },
      })[0]?.grid.stepMs;
    expect([step({}), step({ interval: "30s" }), step({}, { interval: ">1m" })]).toEqual([
      5000, 30_000, 60_000,
    ]);
  });

  test("leave hidden targets out, and ask tables for one moment", () => {
    const targets = [TARGET, { ...TARGET, refId: "B", isHidden: true }];
    expect(requestsOf(panel({ targets }), SCOPE).map(({ refId }) => refId)).toEqual(["A"]);
    expect(requestsOf({ ...TABLE_PANEL, targets }, SCOPE)[0]?.isInstant).toBe(true);
  });
});

test("panels fall until they land, in reading order", () => {
  const at = (id: number, [x, y, w, h]: readonly [number, number, number, number]): Panel => ({
    ...GRAPH_PANEL,
    id,
    gridPos: { x, y, w, h },
  });
  const placed = compact([at(3, [0, 40, 24, 4]), at(1, [0, 9, 12, 8]), at(2, [12, 9, 12, 4])]);
  expect(placed.map(({ panel, pos }) => [panel.id, pos.y])).toEqual([
    [1, 0],
    [2, 0],
    [3, 8],
  ]);
});

describe("names of series", () => {
  const named = (legendFormat: string, ...sets: Record<string, string>[]) =>
    nameSeries(
      { refId: "A", expr: "sum(x)", legendFormat },
      sets.map((labels) => ({ labels, timesMs: [], values: [] })),
    ).map(({ name }) => name);

  test("without a legend are what tells the series apart", () => {
    expect(named("", { gpu: "0", node: "a" }, { gpu: "1", node: "a" })).toEqual(["gpu 0", "gpu 1"]);
    expect(named("__auto", { __name__: "a" }, { __name__: "b", x: "1" })).toEqual(["a", "b, x 1"]);
  });

  test("of a single series are the whole of it, or its query", () => {
    expect(named("", { __name__: "up", job: "x" })).toEqual(['up{job="x"}']);
    expect(named("", {})).toEqual(["sum(x)"]);
  });

  test("with a legend are that, though they repeat; keys do not", () => {
    const series = nameSeries({ refId: "A", expr: "x", legendFormat: "p50" }, [
      { labels: { a: "1" }, timesMs: [], values: [] },
      { labels: { a: "2" }, timesMs: [], values: [] },
    ]);
    expect(series.map(({ name }) => name)).toEqual(["p50", "p50"]);
    expect(new Set(series.map(({ key }) => key)).size).toBe(2);
  });
});

test.each([
  [{ from: "now-5m", to: "now" }, [HOUR_MS - 300_000, HOUR_MS]],
  [{ from: "1767225600000", to: "1767229200000" }, [1_767_225_600_000, 1_767_229_200_000]],
  [{ from: "now", to: "now-1h" }, [-HOUR_MS, 0]],
  [{ from: "gibberish", to: "<script>" }, [0, HOUR_MS]],
])("the range %j is never empty nor backwards", (text, [fromMs, toMs]) => {
  expect(resolveRange(text, HOUR_MS)).toEqual({ fromMs, toMs });
});

describe("variables", () => {
  test.each([
    ["label_values(node)", { kind: "label-values", selector: "", label: "node" }],
    [
      'label_values(up{a="b", c="d"}, node)',
      { kind: "label-values", selector: 'up{a="b", c="d"}', label: "node" },
    ],
    ["label_names()", { kind: "label-names" }],
    ["metrics(gpu_.*)", { kind: "metrics", pattern: "gpu_.*" }],
    ["query_result(topk(3, x))", { kind: "query-result", expr: "topk(3, x)" }],
    ["up", { kind: "query-result", expr: "up" }],
  ])("the query %s is understood", (query, wanted) => {
    expect(parseVariableQuery(query)).toEqual(wanted);
  });

  const variable: Variable = {
    name: "v",
    label: "",
    kind: "query",
    isHidden: false,
    query: "",
    regex: "",
    sort: 0,
    options: [],
    isMulti: true,
    hasAll: true,
    allValue: "",
    current: [],
  };
  const options = ["a", "b"].map((value) => ({ text: value, value }));

  test.each([
    [{}, ["b", "gone"], ["b"]],
    [{}, ["gone"], ["$__all"]],
    [{}, ["$__all"], ["$__all"]],
    [{ hasAll: false }, ["$__all"], ["a"]],
    [{ isMulti: false }, ["b", "a"], ["b"]],
    [{ kind: "constant", query: "ml" }, [], ["ml"]],
    [{ kind: "textbox", query: "x" }, ["typed"], ["typed"]],
    [{ kind: "adhoc" }, ["x"], []],
  ] as const)("of %j, wished %j, chosen %j", (changes, wanted, chosen) => {
    expect(pickChosen({ ...variable, ...changes }, options, wanted)).toEqual(chosen);
  });
});
