/**
 * Range vectors: one window of samples (t - range, t] per step, over each series in turn. Windows
 * are given as index ranges into the series' samples, found by two pointers that only move
 * forward; a function sees the whole series at once and may slide.
 */
import type { FloatHistogram, Labels } from "../../model/index.ts";
import { withCounterResetHint } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Extension } from "../functions/extended-rate.ts";
import { findEdges } from "../functions/extended-rate.ts";
import type { MatrixSelector, Subquery } from "../parser/ast.ts";
import type { Histograms, NodeValue } from "./column.ts";
import { ABSENT, histogramAt } from "./column.ts";
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

export interface RangeOptions {
  readonly context: QueryContext;
  /** Whether the function makes use of start times; they are read only when it does. */
  readonly startTimes: boolean;
}

export function selectRange(
  { selector, range }: MatrixSelector,
  grid: Grid,
  { context, ...wanted }: RangeOptions,
): RangeVector {
  const rangeMs = positiveDurationMs(range, context);
  const moments = momentsOf(selector, grid, context);
  const wantsStartTimes = wanted.startTimes && context.usesStartTimes;
  const { lookbackMs } = context;
  const beforeMs = selector.extension === undefined ? 0 : lookbackMs;
  const afterMs = selector.extension === "smoothed" ? lookbackMs : 0;
  const windows = createWindows(grid, { ...moments, rangeMs, beforeMs, afterMs });
  const firstMs = moments.firstMs - rangeMs - beforeMs;
  const lastMs = moments.firstMs + moments.strideMs * (grid.stepCount - 1);
  return { windows, series: read() };

  function* read(): Iterable<RangeSeries> {
    const reader = new SampleReader({
      wantsStartTimes,
      findsResets: context.countedSelectors.has(selector),
    });
    for (const cursor of context.view.select(selector.matchers)) {
      context.budget.addSeries();
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
    for (const one of inner.series) {
      const { labels, dropsName, values, present } = one;
      const timesMs = new Float64Array(values.length);
      const kept = new Float64Array(values.length);
      const histograms: Histograms | undefined = one.histograms && [];
      let count = 0;
      for (let step = 0; step < values.length; step++) {
        if (present[step] === ABSENT) continue;
        timesMs[count] = innerGrid.startMs + step * innerGrid.stepMs;
        kept[count] = values[step]!;
        histograms?.push(unhinted(histogramAt(one, step)));
        count += 1;
      }
      yield { labels, dropsName, samples: { timesMs, values: kept, count, histograms } };
    }
  }
}

/**
 * What a histogram says of its predecessor is no longer so: a subquery leaves samples out, and
 * gives others more than once.
 */
function unhinted(histogram: FloatHistogram | undefined): FloatHistogram | undefined {
  if (histogram === undefined || histogram.counterResetHint === "gauge") return histogram;
  return withCounterResetHint(histogram, "unknown");
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
  if (samples.histograms !== undefined) {
    throw new QueryError("execution", `${extension} modifier is not supported with histograms`);
  }
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

/**
 * Finds each step's samples; overwrites the windows' `from` and `to`.
 * @returns how many samples a function looks at that scans each window
 */
export function locateWindows(windows: Windows, { timesMs, count }: Samples): number {
  const { firstEndMs, strideMs, from, to, stepCount } = windows;
  const lengthMs = windows.beforeMs + windows.rangeMs + windows.afterMs;
  let first = 0;
  let next = 0;
  let scannedCount = 0;
  for (let step = 0; step < stepCount; step++) {
    const endMs = firstEndMs + strideMs * step + windows.afterMs;
    const startMs = endMs - lengthMs;
    while (next < count && timesMs[next]! <= endMs) next += 1;
    while (first < next && timesMs[first]! <= startMs) first += 1;
    from[step] = first;
    to[step] = next;
    scannedCount += next - first;
  }
  return scannedCount;
}
