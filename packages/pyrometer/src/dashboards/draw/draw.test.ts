/** Legends, reducers, thresholds, mappings, overrides and variable options. */
import { describe, expect, test } from "vitest";
import type { FieldOptions, Mapping } from "../model.ts";
import { colorAt, displayValue, fieldsOf, limitsOf } from "./display.ts";
import { formatLegend } from "./legend.ts";
import { reduceValues } from "./reduce.ts";
import { pickOptions } from "./variable-options.ts";
import { compileVariableRegex } from "./variable-regex.ts";

test.each([
  ["{{model}} {{version}}", { model: "a", version: "2" }, "a 2"],
  ["{{ gpu }}/{{node}}", { gpu: "0" }, "0/"],
  ["p99", { gpu: "0" }, "p99"],
  ["", { __name__: "up", job: "x" }, 'up{job="x"}'],
  ["__auto", {}, "sum(up)"],
])("the legend %j is filled", (format, labels, wanted) => {
  expect(formatLegend(format, labels as Record<string, string>, "sum(up)")).toBe(wanted);
});

test.each([
  ["lastNotNull", 10],
  ["last", null],
  ["firstNotNull", 4],
  ["min", 1],
  ["max", 10],
  ["mean", 5],
  ["median", 4.5],
  ["sum", 20],
  ["range", 9],
  ["count", 6],
  ["delta", 11],
  ["diff", 6],
  ["stdDev", Math.sqrt(10.5)],
  ["unheardOf", null],
])("%s of a series with gaps", (calc, wanted) => {
  expect(reduceValues([null, 4, 5, 1, 10, null], calc)).toBe(wanted);
});

test("a series of nothing reduces to nothing", () => {
  expect(["lastNotNull", "mean", "max"].map((calc) => reduceValues([null, NaN], calc))).toEqual([
    null,
    null,
    null,
  ]);
});

const FIELDS: FieldOptions = {
  unit: "percent",
  decimals: undefined,
  min: undefined,
  max: undefined,
  displayName: "",
  noValue: "",
  color: { mode: "thresholds", fixedColor: "" },
  thresholds: {
    mode: "absolute",
    steps: [
      { value: null, color: "green" },
      { value: 75, color: "yellow" },
      { value: 90, color: "red" },
    ],
  },
  mappings: [],
};

describe("thresholds", () => {
  test.each([
    [-5, "green"],
    [74.9, "green"],
    [75, "yellow"],
    [200, "red"],
  ])("%d is %s", (value, color) => {
    expect(colorAt(value, FIELDS.thresholds, { min: 0, max: 100 })).toBe(color);
  });

  test("as percentages count from min to max", () => {
    const percent = { ...FIELDS.thresholds, mode: "percentage" } as const;
    expect(colorAt(150, percent, { min: 100, max: 200 })).toBe("green");
    expect(colorAt(180, percent, { min: 100, max: 200 })).toBe("yellow");
  });
});

describe("a displayed value", () => {
  const mappings: Mapping[] = [
    { kind: "value", value: "0", result: { text: "idle", color: "blue" } },
    { kind: "range", from: 95, to: null, result: { text: "full", color: "" } },
    { kind: "special", match: "null+nan", result: { text: "gone", color: "" } },
    { kind: "regex", pattern: "(a+)+$", result: { text: "never", color: "" } },
  ];
  test("is mapped first, then printed and coloured", () => {
    const fields = { ...FIELDS, mappings };
    const shown = [0, 50, 96, null, NaN].map((value) => {
      const { prefix, text, suffix, color } = displayValue(value, fields);
      return [`${prefix}${text}${suffix}`, color];
    });
    expect(shown).toEqual([
      ["idle", "blue"],
      ["50%", "green"],
      ["full", "red"],
      ["gone", ""],
      ["gone", "green"],
    ]);
  });

  test("of no data is a dash, or what the file says", () => {
    expect(displayValue(null, FIELDS).text).toBe("–");
    expect(displayValue(null, { ...FIELDS, noValue: "none" }).text).toBe("none");
  });
});

test("limits come from the file, else the unit, else the data; never empty", () => {
  expect(limitsOf({ ...FIELDS, min: 5, max: 50 }, undefined)).toEqual({ min: 5, max: 50 });
  expect(limitsOf(FIELDS, { min: 1, max: 3 })).toEqual({ min: 0, max: 100 });
  expect(limitsOf({ ...FIELDS, unit: "percentunit" }, undefined)).toEqual({ min: 0, max: 1 });
  expect(limitsOf({ ...FIELDS, unit: "bytes" }, { min: -1, max: 3 })).toEqual({ min: -1, max: 3 });
  expect(limitsOf({ ...FIELDS, unit: "" }, { min: 0, max: 0 })).toEqual({ min: 0, max: 1 });
  expect(limitsOf({ ...FIELDS, min: 9, max: 1 }, undefined)).toEqual({ min: 9, max: 10 });
});

test("overrides change the series they name, and values of a wrong type nothing", () => {
  const override = (options: string, id: string, value: unknown) => ({
    matcher: { id: "byName", options },
    properties: [{ id, value }],
  });
  const overrides = [
    override("a", "unit", "bytes"),
    override("a", "color", { mode: "fixed", fixedColor: "red" }),
    override("a", "min", "lots"),
    override("b", "decimals", 1),
  ];
  const of = (name: string) => fieldsOf(FIELDS, overrides, { name, refId: "A" });
  expect(of("a")).toMatchObject({ unit: "bytes", min: undefined, color: { fixedColor: "red" } });
  expect(of("b").decimals).toBe(1);
  expect(of("c")).toBe(FIELDS);
});

describe("variable options", () => {
  const pick = (texts: string[], regex: string, sort = 0) =>
    pickOptions(texts, { sort }, compileVariableRegex(regex)).map(({ value }) => value);
  test.each([
    ["/gpu-(\\d+)/", 0, ["10", "9"]],
    ["/gpu-(\\d+)/", 3, ["9", "10"]],
    ["/gpu-(\\d+)/", 4, ["10", "9"]],
    ["/GPU/i", 1, ["gpu-10", "gpu-9"]],
    ["cpu", 0, ["cpu"]],
    ["/(/", 7, ["cpu", "gpu-9", "gpu-10"]],
    ["", 2, ["gpu-9", "gpu-10", "cpu"]],
  ])("picked by %j and sorted by %d", (regex, sort, wanted) => {
    expect(pick(["gpu-10", "gpu-9", "cpu", "gpu-9"], regex, sort)).toEqual(wanted);
  });

  test("a hostile pattern runs in linear time", () => {
    expect(pick([`${"a".repeat(50_000)}!`], "/^(a+)+$/")).toEqual([]);
  });
});
