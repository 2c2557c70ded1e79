/**
 * Range vectors: one window of samples (t - range, t] per step, over each series in turn. Windows
 * are given as index ranges into the series' samples, found by two pointers that only move
 * forward; a function sees the whole series at once and may slide.
 */
import type { Labels } from "../../model/index.ts";
import type { Extension } from "../functions/extended-rate.ts";
import { findEdges } from "../functions/extended-rate.ts";
import type { MatrixSelector, Subquery } from "../parser/ast.ts";
import type { NodeValue } from "./column.ts";
import { ABSENT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import type { Samples } from "./samples.ts";
import { SampleReader } from "./samples.ts";
import type { Moments } from "./times.ts";
import { momentsOf, positiveDurationMs, subqueryGrid } from "./times.ts";

export interface Windows {
  readonly stepCount: number;
  /** Right, closed end of step 0's window. */
  readonly firstEndMs: number;
  readonly strideMs: number;
  readonly rangeMs: number;
  /** Where samples around the window are wanted too: how long before its start, after its end. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** When the steps are evaluated: differs from the windows' ends by offset and @. */
  readonly evalGrid: Grid;
  /** Per step: the first sample in the window, and the one after the last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export interface RangeVector {
  readonly windows: Windows;
  /** Each series' samples are valid until the next series is taken. */
  readonly series: Iterable<RangeSeries>;
}

interface RangeSeries {
  readonly labels: Labels;
  readonly dropsName: boolean;
  readonly samples: Samples;
}

export function selectRange(
  { selector, range }: MatrixSelector,
  grid: Grid,
  context: QueryContext,
): RangeVector {
  const rangeMs = positiveDurationMs(range, context);
  const moments = momentsOf(selector, grid, context);
  const { lookbackMs } = context;
  const beforeMs = selector.extension === undefined ? 0 : lookbackMs;
  const afterMs = selector.extension === "smoothed" ? lookbackMs : 0;
  const windows = createWindows(grid, { ...moments, rangeMs, beforeMs, afterMs });
  const firstMs = moments.firstMs - rangeMs - beforeMs;
  const lastMs = moments.firstMs + moments.strideMs * (grid.stepCount - 1);
  return { windows, series: read() };

  function* read(): Iterable<RangeSeries> {
    const reader = new SampleReader();
    for (const cursor of context.view.select(selector.matchers)) {
      const samples = reader.readValues(cursor, firstMs, lastMs + afterMs);
      yield { labels: cursor.labels, dropsName: false, samples };
    }
  }
}

/** `inner` is the subquery's expression, evaluated on subqueryGrid(). */
export function rangeOfSubquery(
  subquery: Subquery,
  inner: NodeValue,
  { grid, context }: { readonly grid: Grid; readonly context: QueryContext },
): RangeVector {
  const rangeMs = positiveDurationMs(subquery.range, context);
  const moments = momentsOf(subquery, grid, context);
  const windows = createWindows(grid, { ...moments, rangeMs, beforeMs: 0, afterMs: 0 });
  const innerGrid = subqueryGrid(subquery, grid, context);
  return { windows, series: read() };

  function* read(): Iterable<RangeSeries> {
    if (inner.kind !== "vector") return;
    for (const { labels, dropsName, values, present } of inner.series) {
      const timesMs = new Float64Array(values.length);
      const kept = new Float64Array(values.length);
      let count = 0;
      for (let step = 0; step < values.length; step++) {
        if (present[step] === ABSENT) continue;
        timesMs[count] = innerGrid.startMs + step * innerGrid.stepMs;
        kept[count] = values[step]!;
        count += 1;
      }
      yield { labels, dropsName, samples: { timesMs, values: kept, count } };
    }
  }
}

interface WindowShape extends Moments {
  readonly rangeMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

function createWindows(grid: Grid, { firstMs, ...shape }: WindowShape): Windows {
  const { stepCount } = grid;
  return {
    ...shape,
    stepCount,
    firstEndMs: firstMs,
    evalGrid: grid,
    from: new Int32Array(stepCount),
    to: new Int32Array(stepCount),
  };
}

/**
 * The samples of the only step's window, for a range vector that is an answer by itself. An
 * extended range gets a made-up sample at each of its ends.
 */
export function windowSamples(windows: Windows, samples: Samples, extension?: Extension): Samples {
  if (extension === undefined || samples.count === 0) return samples;
  const { firstEndMs: endMs, rangeMs } = windows;
  const { timesMs, values, count } = samples;
  const startMs = endMs - rangeMs;
  const isSmoothed = extension === "smoothed";
  const window = { timesMs, values, from: 0, to: count, startMs, endMs };
  const edges = findEdges(window, { isCounter: false, isSmoothed });
  if (edges === undefined) return { timesMs, values, count: 0 };
  const from = timesMs[edges.first]! <= startMs ? edges.first + 1 : edges.first;
  const to = timesMs[edges.last]! >= endMs ? edges.last : edges.last + 1;
  const inner = (column: Float64Array) => (from < to ? column.subarray(from, to) : []);
  return {
    timesMs: Float64Array.of(startMs, ...inner(timesMs), endMs),
    values: Float64Array.of(edges.left, ...inner(values), edges.right),
    count: Math.max(0, to - from) + 2,
  };
}

/** Finds each step's samples; overwrites the windows' `from` and `to`. */
export function locateWindows(windows: Windows, { timesMs, count }: Samples): void {
  const { firstEndMs, strideMs, from, to, stepCount } = windows;
  const lengthMs = windows.beforeMs + windows.rangeMs + windows.afterMs;
  let first = 0;
  let next = 0;
  for (let step = 0; step < stepCount; step++) {
    const endMs = firstEndMs + strideMs * step + windows.afterMs;
    const startMs = endMs - lengthMs;
    while (next < count && timesMs[next]! <= endMs) next += 1;
    while (first < next && timesMs[first]! <= startMs) first += 1;
    from[step] = first;
    to[step] = next;
  }
}

/** Samples that a function which rescans each window looks at. */
export function windowWork({ from, to, stepCount }: Windows): number {
  let work = stepCount;
  for (let step = 0; step < stepCount; step++) work += to[step]! - from[step]!;
  return work;
}
