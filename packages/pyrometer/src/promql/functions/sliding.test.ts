/**
 * What slides gives what scanning each window gives, straight from each function's definition,
 * over samples with jitter, gaps, resets, NaN and infinities, and windows of any length and stride.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createColumn, FLOAT } from "../engine/column.ts";
import type { Samples } from "../engine/samples.ts";
import type { Windows } from "../engine/windows.ts";
import { locateWindows } from "../engine/windows.ts";
import type { WindowCompute } from "./implementation.ts";
import { KahanSum, Mean } from "./kahan.ts";
import * as overTime from "./over-time.ts";
import { compareNanFirst } from "./quantile.ts";
import * as rates from "./rate.ts";

interface NaiveWindow {
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly startMs: number;
  readonly endMs: number;
}

type Naive = (window: NaiveWindow) => number | undefined;

const QUANTILE = 0.3;

const CASES: readonly (readonly [name: string, compute: WindowCompute, naive: Naive])[] = [
  ["sum_over_time", overTime.sumOverTime, ({ values }) => kahan(values)],
  ["avg_over_time", overTime.avgOverTime, ({ values }) => meanOf(values)],
  ["max_over_time", overTime.maxOverTime, ({ values }) => extreme(values, 1)],
  ["min_over_time", overTime.minOverTime, ({ values }) => extreme(values, -1)],
  ["ts_of_max_over_time", overTime.tsOfMaxOverTime, (window) => timeOfExtreme(window, 1)],
  ["ts_of_min_over_time", overTime.tsOfMinOverTime, (window) => timeOfExtreme(window, -1)],
  ["quantile_over_time", overTime.quantileOverTime, ({ values }) => quantile(values)],
  ["changes", rates.changes, ({ values }) => pairs(values, (a, b) => !Object.is(a, b))],
  ["resets", rates.resets, ({ values }) => pairs(values, (a, b) => b < a)],
  ["increase", rates.increase, (window) => growth(window, true)],
  ["delta", rates.delta, (window) => growth(window, false)],
];

test.each(CASES)("%s", (_, compute, naive) => {
  fc.assert(
    fc.property(samples(), shapes(), (series, shape) => {
      const windows: Windows = { ...shape, from: column(shape), to: column(shape) };
      locateWindows(windows, series);
      const into = createColumn(shape.stepCount);
      const params = [new Float64Array(shape.stepCount).fill(QUANTILE)];
      compute({ samples: series, windows, params }, into);
      for (let step = 0; step < shape.stepCount; step++) {
        const wanted = valueAt(series, windows, { step, naive });
        if (wanted === undefined) expect(into.present[step]).not.toBe(FLOAT);
        else expectClose(into.values[step]!, wanted);
      }
    }),
    { numRuns: 300 },
  );
});

test("sums and means of integers are exact", () => {
  const integers = fc.array(fc.integer(), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(integers, shapes(), (values, shape) => {
      const windows: Windows = { ...shape, from: column(shape), to: column(shape) };
      const timesMs = Float64Array.from(values, (_, i) => i * 1_000);
      const series = { timesMs, values: Float64Array.from(values), count: values.length };
      locateWindows(windows, series);
      const into = createColumn(shape.stepCount);
      overTime.sumOverTime({ samples: series, windows, params: [] }, into);
      for (let step = 0; step < shape.stepCount; step++) {
        const inside = values.slice(windows.from[step], windows.to[step]);
        expect(into.values[step]).toBe(inside.reduce((sum, value) => sum + value, 0));
      }
    }),
  );
});

function column({ stepCount }: { readonly stepCount: number }): Int32Array {
  return new Int32Array(stepCount);
}

function shapes() {
  return fc
    .record({
      stepCount: fc.integer({ min: 1, max: 60 }),
      firstEndMs: fc.integer({ min: 0, max: 40_000 }),
      strideMs: fc.integer({ min: 1, max: 30_000 }),
      rangeMs: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 90_000 })),
    })
    .map((shape) => {
      const { firstEndMs: startMs, strideMs: stepMs, stepCount } = shape;
      return { ...shape, beforeMs: 0, afterMs: 0, evalGrid: { startMs, stepMs, stepCount } };
    });
}

/** Steps of time, and values among which NaN, infinities, zeros and equals are common. */
function samples(): fc.Arbitrary<Samples> {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 50 }) },
    { weight: 3, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1.7e308, 1e-300) },
  );
  const row = fc.tuple(fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 9_000 })), value);
  return fc.array(row, { maxLength: 150 }).map((rows) => {
    let timeMs = 0;
    const timesMs = rows.map(([gapMs]) => {
      timeMs += gapMs;
      return timeMs;
    });
    const values = Float64Array.from(rows, ([, one]) => one);
    return { timesMs: Float64Array.from(timesMs), values, count: rows.length };
  });
}

function valueAt(
  { timesMs, values }: Samples,
  { firstEndMs, strideMs, rangeMs }: Windows,
  { step, naive }: { readonly step: number; readonly naive: Naive },
): number | undefined {
  const endMs = firstEndMs + strideMs * step;
  const startMs = endMs - rangeMs;
  const rows = [...timesMs.keys()].filter((i) => startMs < timesMs[i]! && timesMs[i]! <= endMs);
  if (rows.length === 0) return undefined;
  const window = { times: rows.map((i) => timesMs[i]!), values: rows.map((i) => values[i]!) };
  return naive({ ...window, startMs, endMs });
}

function expectClose(got: number, wanted: number): void {
  if (Object.is(got, wanted) || got === wanted) return;
  const size = Math.max(Math.abs(got), Math.abs(wanted));
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(size * 1e-12);
}

function kahan(values: readonly number[]): number {
  const total = new KahanSum();
  for (const value of values) total.add(value);
  return total.value;
}

function meanOf(values: readonly number[]): number {
  const mean = new Mean();
  for (const value of values) mean.add(value);
  return mean.value;
}

function extreme(values: readonly number[], direction: 1 | -1): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  if (numbers.length === 0) return NaN;
  return direction * Math.max(...numbers.map((value) => value * direction));
}

function timeOfExtreme({ times, values }: NaiveWindow, direction: 1 | -1): number {
  const best = extreme(values, direction);
  const index = Number.isNaN(best) ? values.length - 1 : values.lastIndexOf(best);
  return times[index]! / 1000;
}

function quantile(values: readonly number[]): number {
  const sorted = [...values].sort(compareNanFirst);
  const rank = QUANTILE * (sorted.length - 1);
  const lower = Math.floor(rank);
  const upper = Math.min(sorted.length - 1, lower + 1);
  return sorted[lower]! * (1 - (rank - lower)) + sorted[upper]! * (rank - lower);
}

function pairs(
  values: readonly number[],
  isCounted: (previous: number, value: number) => boolean,
): number {
  return values.filter((value, i) => i > 0 && isCounted(values[i - 1]!, value)).length;
}

function growth(
  { times, values, startMs, endMs }: NaiveWindow,
  isCounter: boolean,
): number | undefined {
  const [first, last] = [values[0]!, values.at(-1)!];
  if (values.length < 2) return undefined;
  let amount = last - first;
  for (const [i, value] of values.entries()) {
    if (isCounter && i > 0 && value < values[i - 1]!) amount += values[i - 1]!;
  }
  const sampled = (times.at(-1)! - times[0]!) / 1000;
  const between = sampled / (times.length - 1);
  const reach = (gap: number) => (gap >= between * 1.1 ? between / 2 : gap);
  let before = reach((times[0]! - startMs) / 1000);
  if (isCounter && amount > 0 && first >= 0) before = Math.min(before, sampled * (first / amount));
  return amount * ((sampled + before + reach((endMs - times.at(-1)!) / 1000)) / sampled);
}
