/** The pure parts of the charts: columns, ticks, cells, colours, geometry. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Series } from "../api/types.ts";
import { stackColumns, stepCountOf, toAlignedData } from "./aligned-data.ts";
import { arcPath, fractionOf } from "./arc.ts";
import { bestColumns } from "./best-grid.ts";
import { heatColor, resolveColor, seriesColor, withAlpha } from "./colors.ts";
import { niceBounds, toHeatmapCells } from "./heatmap-cells.ts";
import { agoText, formatTicks, formatTimeTicks } from "./ticks.ts";
import { yRange } from "./y-range.ts";

const GRID = { startMs: 60_000, endMs: 120_000, stepMs: 15_000 };

function series(values: readonly number[], labels: Record<string, string> = {}): Series {
  return { labels, values, timesMs: values.map((_, i) => GRID.startMs + i * GRID.stepMs) };
}

describe("aligned data", () => {
  test("puts samples on the grid; gaps, NaN and infinities are null; x is in seconds", () => {
    const gappy = { labels: {}, timesMs: [60_000, 90_000, 105_400], values: [1, NaN, 3] };
    expect(toAlignedData([gappy, series([1, Infinity, 3, -Infinity, 5])], GRID)).toEqual([
      [60, 75, 90, 105, 120],
      [1, null, null, 3, null],
      [1, null, 3, null, 5],
    ]);
  });

  test("samples outside the grid are left out, and a grid of one moment has one step", () => {
    const outside = { labels: {}, timesMs: [0, 60_000, 500_000], values: [1, 2, 3] };
    expect(toAlignedData([outside], { ...GRID, endMs: 60_000 })).toEqual([[60], [2]]);
    expect(stepCountOf({ startMs: 60_000, endMs: 0, stepMs: 1000 })).toBe(1);
  });

  test("stacks add up, gaps as nothing; per cent ends at 100", () => {
    const columns = [
      [1, 2, null],
      [3, null, 0],
    ];
    expect(stackColumns(columns, "normal")).toEqual([
      [1, 2, null],
      [4, null, 0],
    ]);
    expect(stackColumns(columns, "percent")).toEqual([
      [25, 100, null],
      [100, null, 0],
    ]);
  });
});

describe("ticks", () => {
  test.each([
    [[0, 0.05, 0.1], "s", ["0 s", "50 ms", "100 ms"]],
    [[0, 0.2, 0.4], "", ["0", "0.2", "0.4"]],
    [[1000, 1500, 2000], "short", ["1 K", "1.5 K", "2 K"]],
    [[0.97, 0.971, 0.972], "percentunit", ["97%", "97.1%", "97.2%"]],
    [[0.97, 0.9701, 0.9702], "percentunit", ["97%", "97.01%", "97.02%"]],
    [[0, 1024 ** 3, 2 * 1024 ** 3], "bytes", ["0 B", "1 GiB", "2 GiB"]],
    [[100, 200], "ops", ["100 ops/s", "200 ops/s"]],
  ])("%j as %s", (values, unit, wanted) => {
    expect(formatTicks(values, unit, undefined)).toEqual(wanted);
  });

  test("decimals that the file sets are kept, alike or not", () => {
    expect(formatTicks([1.2, 1.4], "", 0)).toEqual(["1", "1"]);
  });

  test("times show seconds when close, days when far", () => {
    const at = (hours: number, minutes = 0, seconds = 0) =>
      new Date(2026, 0, 10, hours, minutes, seconds).getTime();
    expect(formatTimeTicks([at(9), at(9, 0, 30)], 30_000)).toEqual(["09:00:00", "09:00:30"]);
    expect(formatTimeTicks([at(22), at(24)], 7_200_000)).toEqual(["22:00", "Jan 11"]);
    expect(formatTimeTicks([at(0), at(24)], 86_400_000)).toEqual(["Jan 10", "Jan 11"]);
  });

  test.each([
    [999_500, "just now"],
    [988_000, "12 s ago"],
    [1_000_000 - 90_000, "1.5 mins ago"],
    [-62_135_596_800_000, ""],
    [NaN, ""],
  ])("%d ms was %s", (timeMs, wanted) => {
    expect(agoText(timeMs, 1_000_000)).toBe(wanted);
  });
});

describe("heatmap cells", () => {
  test("cumulative buckets become counts per bucket, lowest first", () => {
    const cells = toHeatmapCells(
      [series([6, 6], { le: "+Inf" }), series([1, 2], { le: "0.1" }), series([4, 1], { le: "1" })],
      { ...GRID, endMs: 75_000 },
    );
    expect(cells).toMatchObject({ kind: "buckets", columnCount: 2, rowCount: 3, countMax: 5 });
    expect(cells?.bounds).toEqual([0, 0.1, 1, Infinity]);
    // The second column's 1 below 2 is a race between scrapes, not minus one.
    expect([...(cells?.counts ?? [])]).toEqual([1, 3, 2, 2, 0, 5]);
  });

  test("other series are binned by value: how many are in each band", () => {
    const cells = toHeatmapCells(
      [series([0, 95], { gpu: "0" }), series([5, 100], { gpu: "1" }), series([50, NaN], {})],
      { ...GRID, endMs: 75_000 },
    );
    expect(cells).toMatchObject({ kind: "values", columnCount: 2, rowCount: 10, countMax: 2 });
    expect(cells?.bounds.slice(0, 2)).toEqual([0, 10]);
    expect([...(cells?.counts ?? [])]).toEqual([
      ...[2, 0, 0, 0, 0, 1, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    ]);
  });

  test("a long range is averaged into columns that can be seen", () => {
    const cells = toHeatmapCells([series(Array.from({ length: 900 }, () => 1))], {
      ...GRID,
      endMs: GRID.startMs + 899 * GRID.stepMs,
    });
    expect(cells).toMatchObject({ columnCount: 90, columnMs: 10 * GRID.stepMs, countMax: 1 });
  });

  test("nothing but gaps is nothing", () => {
    expect(toHeatmapCells([series([NaN])], GRID)).toBeUndefined();
    expect(toHeatmapCells([], GRID)).toBeUndefined();
  });

  test("bounds hold the data and are not many", () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const bounds = niceBounds(low, high);
        const slack = 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
        expect(bounds[0]).toBeLessThanOrEqual(low + slack);
        expect(bounds.at(-1)).toBeGreaterThanOrEqual(high - slack);
        expect(bounds.length).toBeLessThanOrEqual(13);
      }),
    );
  });
});

describe("the value axis", () => {
  const auto = { min: undefined, max: undefined, isLog: false };
  test.each([
    [auto, 2, 10, [0, 10.8]],
    [auto, 100, 110, [99, 111]],
    [auto, 5, 5, [4.9, 5.1]],
    [auto, -4, -1, [-4.3, 0]],
    [{ ...auto, min: 0, max: 1 }, 0.2, 7, [0, 1]],
    [{ ...auto, min: 50 }, 1, 2, [50, 51]],
    [auto, null, null, [0, 1]],
    [{ ...auto, isLog: true }, 12, 100, [10, 120]],
    [{ ...auto, isLog: true, min: 0 }, 0, 100, [0.012, 120]],
  ])("of %j from %d to %d", (limits, low, high, [min, max]) => {
    const range = yRange(limits, low, high);
    expect(range[0]).toBeCloseTo(min!);
    expect(range[1]).toBeCloseTo(max!);
  });
});

describe("colours", () => {
  test.each([
    ["green", "#5bbf87"],
    ["semi-dark-red", "#f0605d"],
    ["#f00", "#f00"],
    ["rgba(1, 2, 3, 0.5)", "rgba(1, 2, 3, 0.5)"],
    ["", "fallback"],
    ["text", "fallback"],
    ["url(javascript:alert(1))", "fallback"],
    ["red;background:url(x)", "fallback"],
    ["expression(1)", "fallback"],
  ])("%j is %s", (color, wanted) => {
    expect(resolveColor(color, "dark", "fallback")).toBe(wanted);
  });

  test("alpha and heat stay colours; the palette goes round", () => {
    expect(withAlpha("#ff8000", 0.5)).toBe("rgba(255, 128, 0, 0.5)");
    expect(withAlpha("rgb(1, 2, 3)", 0.1)).toBe("rgba(1, 2, 3, 0.1)");
    expect([heatColor(-1, "dark"), heatColor(2, "dark")]).toEqual([
      "rgb(52, 30, 28)",
      "rgb(255, 238, 190)",
    ]);
    expect(seriesColor(10, "light")).toBe(seriesColor(0, "light"));
  });
});

describe("geometry", () => {
  test("an arc runs from the lower left over the top to the lower right", () => {
    expect(arcPath(40, 0, 1)).toBe("M 15.36 72.00 A 40 40 0 1 1 84.64 72.00");
    expect(arcPath(40, 0, 0.5)).toContain("0 0 1 50.00 12.00");
  });

  test.each([
    [50, 0.5],
    [-5, 0],
    [500, 1],
    [null, 0],
    [NaN, 0],
  ])("%d of 0 to 100 is %d", (value, wanted) => {
    expect(fractionOf(value, 0, 100)).toBe(wanted);
  });

  test("boxes are laid out to be largest", () => {
    const room = { width: 600, height: 200 };
    expect([1, 2, 4, 8].map((count) => bestColumns(count, room, 1.2))).toEqual([1, 2, 4, 4]);
    expect(bestColumns(4, { width: 200, height: 600 }, 1.2)).toBe(1);
  });
});
