import { describe, expect, test } from "vitest";
import type { NamedSeries } from "../dashboard/series-names.ts";
import { GRAPH_PANEL } from "../pages/explore-panels.ts";
import { thresholdArcs } from "./gauge-panel.tsx";
import { parseMarkdown } from "./markdown.ts";
import { sparklinePath } from "./sparkline.tsx";
import { sortRows, toTable } from "./table-rows.ts";

function row(refId: string, labels: Record<string, string>, value: number): NamedSeries {
  return {
    refId,
    labels,
    name: "",
    key: `${refId}${JSON.stringify(labels)}`,
    timesMs: [0],
    values: [value],
  };
}

describe("a table", () => {
  const series = [
    row("A", { __name__: "x", gpu: "0", node: "a" }, 5),
    row("A", { __name__: "x", gpu: "1", node: "a" }, 7),
    row("B", { gpu: "0", node: "a" }, 50),
  ];

  test("has a row per label set and a column per query", () => {
    expect(toTable(series, [])).toEqual({
      columns: [
        { field: "gpu", title: "gpu", refId: "" },
        { field: "node", title: "node", refId: "" },
        { field: "Value #A", title: "Value #A", refId: "A" },
        { field: "Value #B", title: "Value #B", refId: "B" },
      ],
      rows: [
        ["0", "a", 5, 50],
        ["1", "a", 7, null],
      ],
    });
  });

  test("is organised as the file says", () => {
    const options = {
      excludeByName: { node: true },
      renameByName: { "Value #A": "Memory" },
      indexByName: { "Value #B": 0, gpu: 1 },
    };
    const { columns, rows } = toTable(series, [
      { id: "organize", options },
      { id: "sortBy", options: { sort: [{ field: "Memory", desc: true }] } },
    ]);
    expect(columns.map(({ title }) => title)).toEqual(["Value #B", "gpu", "Memory"]);
    expect(rows).toEqual([
      [null, "1", 7],
      [50, "0", 5],
    ]);
    const filter = { id: "filterFieldsByName", options: { include: { names: ["gpu"] } } };
    expect(toTable(series, [filter]).rows).toEqual([["0"], ["1"]]);
  });

  test("takes options of a wrong shape for none", () => {
    const junk = ["organize", "sortBy", "filterFieldsByName", "future"].map((id) => ({
      id,
      options: { include: 5, sort: "x", excludeByName: "y" },
    }));
    expect(toTable(series, junk).rows).toHaveLength(2);
  });

  test("sorts numbers by size, texts naturally, gaps last", () => {
    const table = {
      columns: [],
      rows: [[null], [10], [9]],
    };
    expect(sortRows(table, 0, false).rows).toEqual([[9], [10], [null]]);
    expect(sortRows(table, 0, true).rows).toEqual([[10], [9], [null]]);
    const texts = { columns: [], rows: [["gpu-10"], ["gpu-9"]] };
    expect(sortRows(texts, 0, false).rows).toEqual([["gpu-9"], ["gpu-10"]]);
  });
});

test("markdown becomes blocks; HTML stays text, and only web links are links", () => {
  const text =
    "# Top\nSome **bold** `x<y`\nmore\n\n- [a](https://a.example)\n- [b](javascript:alert(1))\n\n```\ncode\n```\n---\n<b>no</b>";
  expect(parseMarkdown(text)).toEqual([
    { kind: "heading", level: 1, spans: [{ text: "Top", style: "plain" }] },
    {
      kind: "paragraph",
      spans: [
        { text: "Some ", style: "plain" },
        { text: "bold", style: "strong" },
        { text: " ", style: "plain" },
        { text: "x<y", style: "code" },
        { text: " more", style: "plain" },
      ],
    },
    {
      kind: "list",
      isOrdered: false,
      items: [
        [{ text: "a", style: "plain", href: "https://a.example" }],
        [
          { text: "b", style: "plain" },
          { text: ")", style: "plain" },
        ],
      ],
    },
    { kind: "code", text: "code" },
    { kind: "rule" },
    { kind: "paragraph", spans: [{ text: "<b>no</b>", style: "plain" }] },
  ]);
});

test("a sparkline fills its box; one number is none", () => {
  expect(sparklinePath([0, 10, NaN, 5])).toBe("M 0 28 L 50 2 L 100 15");
  expect(sparklinePath([3, 3])).toBe("M 0 15 L 100 15");
  expect(sparklinePath([3, NaN])).toBe("");
});

test("threshold bands cover the gauge from end to end", () => {
  const steps = [
    { value: 0, color: "green" },
    { value: 75, color: "yellow" },
    { value: 90, color: "red" },
    { value: 500, color: "out of sight" },
  ];
  const fields = { ...GRAPH_PANEL.fields, thresholds: { mode: "absolute", steps } } as const;
  expect(thresholdArcs({ fields, min: 0, max: 100 })).toEqual([
    { from: 0, to: 0.75, color: "green" },
    { from: 0.75, to: 0.9, color: "yellow" },
    { from: 0.9, to: 1, color: "red" },
  ]);
  expect(thresholdArcs({ fields: GRAPH_PANEL.fields, min: 0, max: 1 })).toEqual([]);
});
