import { describe, expect, test } from "vitest";
import type { Panel } from "./model.ts";
import { allPanels } from "./model.ts";
import { readDashboard } from "./read-dashboard.ts";

function read(value: unknown, name = "dashboards/My board.json") {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return readDashboard({ name, text });
}

function panelsOf(value: unknown): readonly Panel[] {
  const { dashboard } = read(value);
  return dashboard ? allPanels(dashboard) : [];
}

const target = { expr: "up", refId: "A" };

describe("what a dashboard may come in", () => {
  const board = { title: "GPU: Fleet!", panels: [{ type: "stat", targets: [target] }] };
  test.each([
    ["bare", board],
    ["the API's wrapper", { dashboard: board, meta: { slug: "x" } }],
    ["a Kubernetes-style resource", { apiVersion: "v1", kind: "Dashboard", spec: board }],
  ])("%s", (_, value) => {
    const { dashboard, errors } = read(value);
    expect(errors).toEqual([]);
    expect(dashboard).toMatchObject({
      uid: "gpu-fleet",
      title: "GPU: Fleet!",
      time: { from: "now-1h", to: "now" },
      panels: [{ id: 1, kind: "stat", gridPos: { x: 0, y: 0, w: 12, h: 8 } }],
    });
  });

  test("a file without title or uid is called as it is stored", () => {
    expect(read({ panels: [] }).dashboard).toMatchObject({ title: "My board", uid: "my-board" });
  });

  test("a uid that no URL could hold is derived anew", () => {
    expect(read({ uid: "../../etc", title: "A" }).dashboard?.uid).toBe("a");
    expect(read({ uid: "Ab-9_z", title: "A" }).dashboard?.uid).toBe("Ab-9_z");
  });
});

describe("the seed's kind: no schema version, places or field options", () => {
  const graph = {
    id: 1,
    type: "graph",
    title: "Latency",
    targets: [{ expr: "p50", legendFormat: "p50", refId: "A" }],
    yaxes: [{ format: "s", label: "Latency", min: 0, max: "1" }],
  };
  const gauge = {
    id: 3,
    type: "gauge",
    targets: [target],
    fieldConfig: {
      defaults: { min: 0, max: 100, thresholds: { steps: [{ color: "green", value: 0 }] } },
    },
  };
  const heatmap = { id: 2, type: "heatmap", targets: [{ ...target, format: "heatmap" }] };
  const panels = panelsOf({ panels: [graph, heatmap, gauge] });

  test("graph is a time series with its axis' unit and limits", () => {
    expect(panels[0]).toMatchObject({
      kind: "timeseries",
      type: "graph",
      fields: { unit: "s", min: 0, max: 1 },
      graph: { axisLabel: "Latency", drawStyle: "line", fillPercent: 10, stacking: "none" },
      targets: [{ expr: "p50", legendFormat: "p50", isInstant: false }],
    });
  });

  test("the rest keep their kind, limits and thresholds", () => {
    expect(panels[1]).toMatchObject({ kind: "heatmap", targets: [{ format: "heatmap" }] });
    expect(panels[2]).toMatchObject({
      kind: "gauge",
      fields: { min: 0, max: 100, thresholds: { steps: [{ color: "green", value: 0 }] } },
    });
  });

  test("panels stand two beside each other, in the file's order", () => {
    expect(panels.map(({ gridPos }) => gridPos)).toEqual([
      { x: 0, y: 0, w: 12, h: 8 },
      { x: 12, y: 0, w: 12, h: 8 },
      { x: 0, y: 8, w: 12, h: 8 },
    ]);
  });
});

describe("old schemas", () => {
  test("rows become places, and headings where they had any", () => {
    const rows = [
      {
        title: "Top",
        showTitle: true,
        height: "250px",
        panels: [
          { type: "graph", span: 6, targets: [target] },
          { type: "graph", span: 6, targets: [target] },
          { type: "graph", span: 12, targets: [target] },
        ],
      },
      { title: "Bottom", height: 100, panels: [{ type: "text", span: 4, content: "hi" }] },
    ];
    const { dashboard } = read({ rows, schemaVersion: 14 });
    expect(dashboard?.panels.map(({ kind, title }) => [kind, title])).toEqual([
      ["row", "Top"],
      ["row", "Bottom"],
    ]);
    expect(allPanels(dashboard!).map(({ gridPos: { x, y, w, h } }) => [x, y, w, h])).toEqual([
      [0, 0, 24, 1],
      [0, 1, 12, 7],
      [12, 1, 12, 7],
      [0, 8, 24, 7],
      [0, 15, 24, 1],
      [0, 16, 8, 3],
    ]);
  });

  test("singlestat is a stat, and with its gauge on a gauge", () => {
    const single = {
      type: "singlestat",
      format: "percent",
      decimals: 1,
      thresholds: "50,80",
      colors: ["green", "orange", "red"],
      valueName: "avg",
      colorValue: true,
      sparkline: { show: true },
      valueMaps: [{ op: "=", text: "N/A", value: "null" }],
      targets: [target],
    };
    const [stat, gauge] = panelsOf({
      panels: [single, { ...single, gauge: { show: true, minValue: 10, maxValue: 90 } }],
    });
    expect(stat).toMatchObject({
      kind: "stat",
      colorMode: "value",
      hasSparkline: true,
      reduce: { calc: "mean" },
      fields: {
        unit: "percent",
        decimals: 1,
        mappings: [{ kind: "special", match: "null", result: { text: "N/A" } }],
        thresholds: {
          steps: [
            { value: null, color: "green" },
            { value: 50, color: "orange" },
            { value: 80, color: "red" },
          ],
        },
      },
    });
    expect(gauge).toMatchObject({ kind: "gauge", fields: { min: 10, max: 90 } });
  });

  test("a graph's look and legend carry over", () => {
    const [panel] = panelsOf({
      panels: [
        {
          type: "graph",
          bars: true,
          stack: true,
          percentage: true,
          fill: 4,
          nullPointMode: "connected",
          legend: { show: true, alignAsTable: true, rightSide: true, avg: true, current: true },
          aliasColors: { a: "#f00" },
          targets: [target],
        },
      ],
    });
    expect(panel).toMatchObject({
      graph: { drawStyle: "bars", stacking: "percent", fillPercent: 40, spansNulls: true },
      legend: { displayMode: "table", placement: "right", calcs: ["mean", "lastNotNull"] },
      overrides: [{ matcher: { id: "byName", options: "a" } }],
    });
  });
});

describe("rows and ids", () => {
  test("a row holds what follows it, collapsed or not", () => {
    const at = (y: number) => ({ gridPos: { x: 0, y, w: 24, h: 4 } });
    const stat = { type: "stat", targets: [target] };
    const { dashboard } = read({
      panels: [
        { ...stat, id: 7, title: "last", ...at(20) },
        { type: "row", id: 2, title: "open", gridPos: { x: 0, y: 4, w: 24, h: 1 } },
        { ...stat, id: 1, title: "first", ...at(0) },
        { ...stat, id: 3, title: "in open", ...at(5) },
        {
          type: "row",
          id: 4,
          title: "closed",
          collapsed: true,
          gridPos: { x: 0, y: 9, w: 24, h: 1 },
          panels: [{ ...stat, id: 5, title: "in closed", ...at(10) }],
        },
      ],
    });
    const shape = dashboard?.panels.map((panel) => [
      panel.title,
      ...(panel.kind === "row" ? panel.panels.map(({ title }) => title) : []),
    ]);
    expect(shape).toEqual([["first"], ["open", "in open"], ["closed", "in closed", "last"]]);
  });

  test("missing and repeated ids are given out anew", () => {
    const stat = { type: "stat", targets: [target] };
    const ids = panelsOf({ panels: [{ ...stat, id: 5 }, { ...stat, id: 5 }, stat] }).map(
      ({ id }) => id,
    );
    expect(ids).toEqual([5, 6, 7]);
  });
});

test("variables keep their kind, options and choice", () => {
  const { dashboard } = read({
    __inputs: [{ name: "VAR_NS", type: "constant", value: "ml" }],
    templating: {
      list: [
        { name: "node", type: "query", query: { query: "label_values(up, node)", refId: "x" } },
        { name: "speed", type: "custom", query: "1, a\\,b, slow : 0.5", multi: true },
        { name: "every", type: "interval", query: "1m,5m", current: { value: "5m" } },
        { name: "odd", type: "from the future", options: [{ text: "A", value: "a" }] },
        { type: "query" },
      ],
    },
    title: "x",
  });
  expect(dashboard?.variables).toMatchObject([
    { name: "VAR_NS", kind: "constant", query: "ml", isHidden: true },
    { name: "node", kind: "query", query: "label_values(up, node)" },
    {
      name: "speed",
      isMulti: true,
      options: [
        { text: "1", value: "1" },
        { text: "a,b", value: "a,b" },
        { text: "slow", value: "0.5" },
      ],
    },
    { name: "every", current: ["5m"], options: [{ value: "1m" }, { value: "5m" }] },
    { name: "odd", kind: "custom", options: [{ text: "A", value: "a" }] },
  ]);
});

describe("the report", () => {
  test.each([
    [
      { type: "piechart", targets: [target] },
      "unsupported",
      'Panels of type "piechart" are not drawn yet',
    ],
    [{ type: "stat" }, "unsupported", "It has no query"],
    [
      { type: "timeseries", datasource: { type: "loki" }, targets: [target] },
      "unsupported",
      'It asks a data source of type "loki"; only Prometheus queries are answered',
    ],
    [
      { libraryPanel: { name: "Shared" } },
      "unsupported",
      'It is the library panel "Shared", which the file names but does not hold',
    ],
    [
      { type: "table", targets: [target], transformations: [{ id: "joinByField" }] },
      "drawn",
      'The transformation "joinByField" is not applied yet',
    ],
    [
      { type: "stat", targets: [target], repeat: "gpu" },
      "drawn",
      'It repeats by "gpu", which is drawn once, for all values',
    ],
    [{ type: "text", options: { content: "x" } }, "drawn", undefined],
  ])("of %j", (panel, status, reason) => {
    const [report] = read({ panels: [panel] }).panels;
    expect(report).toMatchObject({ status, reasons: reason === undefined ? [] : [reason] });
  });
});

describe("text that is no dashboard", () => {
  test.each([
    [
      '{"title": "x",}',
      "dashboards/json",
      "1:15",
      'found "}", expected a field name in double quotes',
    ],
    ['{"title": "x"\n "panels": []}', "dashboards/json", "2:2", 'found """, expected "," or "}"'],
    ['{"title": tru}', "dashboards/json", "1:11", 'found "t", expected a value'],
    ['{"title": "x"} }', "dashboards/json", "1:16", 'found "}", expected the end of the file'],
    ['{"title": "a\tb"}', "dashboards/json", "1:11", 'found """, expected a value'],
    ["", "dashboards/json", "1:1", "found the end of the file, expected a value"],
    ["[]", "dashboards/shape", "1:1", "it is not a JSON object"],
    ["null", "dashboards/shape", "1:1", "it is not a JSON object"],
    ['{"a": 1}', "dashboards/shape", "1:1", "neither"],
    ['{"title": "x",\n"panels": {}}', "dashboards/shape", "2:1", 'its "panels" is not a list'],
    ['{"spec": {"elements": {}, "layout": {}}}', "dashboards/schema-v2", "1:11", "schema v2"],
  ])("%j is refused at its place", (text, code, place, problem) => {
    const { dashboard, errors } = read(text, "a.json");
    expect(dashboard).toBeUndefined();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.code).toBe(code);
    expect(errors[0]?.message).toContain(`a.json:${place}: Cannot `);
    expect(errors[0]?.message).toContain(problem);
  });
});

describe("hostile files", () => {
  test("too deep, in whatever field, is refused and nothing overflows", () => {
    const text = `{"title": "x", "a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(read(text).errors.map(({ code }) => code)).toEqual(["dashboards/too-deep"]);
    expect(read("[".repeat(100_000)).errors.map(({ code }) => code)).toEqual([
      "dashboards/too-deep",
    ]);
  });

  test("too large is refused unread", () => {
    const { errors } = read(`{"title": "${"x".repeat(9_000_000)}"}`);
    expect(errors.map(({ code }) => code)).toEqual(["dashboards/too-large"]);
  });

  test("of 10,000 panels the first thousand are read, and it is said", () => {
    const panels = Array.from({ length: 10_000 }, () => ({ type: "stat", targets: [target] }));
    const { dashboard, errors } = read({ panels });
    expect(dashboard?.panels).toHaveLength(1000);
    expect(errors.map(({ problem }) => problem)).toEqual([
      "Cannot read all of the dashboard: it has 10000 panels, the first 1000 are read",
    ]);
  });

  test("fields of wrong types, everywhere, are as good as absent", () => {
    const junk = [null, 1, "x", [], {}, [[]], { a: { b: null } }, true];
    const names = ["id", "title", "type", "gridPos", "targets", "fieldConfig", "options", "yaxes"];
    const more = ["transformations", "legend", "thresholds", "colors", "datasource", "panels"];
    const panels = junk.flatMap((value) =>
      [...names, ...more].map((name) => ({ type: "graph", targets: [target], [name]: value })),
    );
    const types = ["graph", "stat", "singlestat", "gauge", "heatmap", "table", "text", "row"];
    const boards = types.map((type) => panels.map((panel) => ({ ...panel, type })));
    for (const list of boards) {
      const { dashboard } = read({ panels: list, templating: { list: junk }, time: 5, tags: {} });
      expect(dashboard?.panels.length).toBeGreaterThan(0);
    }
    for (const value of junk)
      expect(read({ title: "x", rows: [value], tags: [value] }).errors).toEqual([]);
  });

  test("a key of Object's own does no harm", () => {
    const text =
      '{"title": "x", "__proto__": {"uid": "evil"}, "panels": [{"type": "constructor"}]}';
    const { dashboard } = read(text);
    expect(dashboard?.uid).toBe("x");
    expect(dashboard?.panels[0]?.kind).toBe("unsupported");
  });
});
