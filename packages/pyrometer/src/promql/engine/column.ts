/**
 * What an expression is worth at every step at once. A series is one dense column over the grid:
 * a value per step, and a byte that says whether there is one (NaN is a value like others).
 *
 * Columns belong to whoever made them last: an operator may overwrite its operand's column, since
 * every node's result has exactly one reader.
 */
import type { FloatHistogram, Labels } from "../../model/index.ts";
import type { Grid } from "./grid.ts";

/** Presence of one cell. */
export const ABSENT = 0;
export const FLOAT = 1;
/** The cell's value is NaN, the histogram is in the column's `histograms`. */
export const HISTOGRAM = 2;

export type Histograms = (FloatHistogram | undefined)[];

export interface Column {
  readonly values: Float64Array;
  /** ABSENT, FLOAT or HISTOGRAM per step. */
  readonly present: Uint8Array;
  /** Per step. Made by the first setHistogram(): a column of numbers has none, and pays nothing. */
  histograms?: Histograms | undefined;
}

export interface SeriesColumn extends Column {
  readonly labels: Labels;
  /**
   * The metric name has lost its meaning and goes when the query ends; see names.ts. Always
   * false unless name removal is delayed.
   */
  readonly dropsName: boolean;
}

export type NodeValue = ScalarColumn | TextValue | VectorColumns;

/** A number for every step. */
export interface ScalarColumn {
  readonly kind: "scalar";
  readonly values: Float64Array;
}

interface TextValue {
  readonly kind: "string";
  readonly text: string;
}

export interface VectorColumns {
  readonly kind: "vector";
  /** No two with the same labels; each present at one step or more. Ordered where a sort asks. */
  readonly series: readonly SeriesColumn[];
}

export function createColumn(stepCount: number): Column {
  return { values: new Float64Array(stepCount), present: new Uint8Array(stepCount) };
}

/** How many columns share an allocation: of 720 steps, 200 KiB at a time. */
const COLUMNS_PER_SLAB = 32;

/**
 * Makes columns for a node that makes many. Each is a piece of a larger array: to allocate an array
 * per series was a tenth of a rate over 1,100 of them, and as much again for the collector.
 */
export function columnMaker(stepCount: number): () => Column {
  // V8 keeps short arrays in its own heap, where they cost less than a piece of a long one.
  if (stepCount < 64) return () => createColumn(stepCount);
  let values = new Float64Array(0);
  let present = new Uint8Array(0);
  let next = 0;
  return () => {
    if (next === present.length) {
      values = new Float64Array(stepCount * COLUMNS_PER_SLAB);
      present = new Uint8Array(stepCount * COLUMNS_PER_SLAB);
      next = 0;
    }
    const from = next;
    next += stepCount;
    return { values: values.subarray(from, next), present: present.subarray(from, next) };
  };
}

export function isEmpty({ present }: Column): boolean {
  return !present.includes(FLOAT) && !present.includes(HISTOGRAM);
}

export function setHistogram(column: Column, step: number, histogram: FloatHistogram): void {
  column.histograms ??= new Array<undefined>(column.values.length).fill(undefined);
  column.histograms[step] = histogram;
  column.values[step] = NaN;
  column.present[step] = HISTOGRAM;
}

/** The histogram at one step; undefined where there is a number or nothing. */
export function histogramAt(
  { present, histograms }: Column,
  step: number,
): FloatHistogram | undefined {
  return present[step] === HISTOGRAM ? histograms?.[step] : undefined;
}

/** Copies whatever cell there is at `step`. */
export function copyCell(from: Column, step: number, into: Column): void {
  const histogram = histogramAt(from, step);
  if (histogram !== undefined) return setHistogram(into, step, histogram);
  into.values[step] = from.values[step]!;
  into.present[step] = from.present[step]!;
}

export function constantColumn(value: number, { stepCount }: Grid): Float64Array {
  return new Float64Array(stepCount).fill(value);
}

/** The one step of `value`, repeated: what does not change with time is computed once. */
export function broadcast(value: NodeValue, stepCount: number): NodeValue {
  switch (value.kind) {
    case "string":
      return value;
    case "scalar":
      return { kind: "scalar", values: new Float64Array(stepCount).fill(value.values[0]!) };
    case "vector":
      return {
        kind: "vector",
        series: value.series.map((one) => ({
          ...one,
          values: new Float64Array(stepCount).fill(one.values[0]!),
          present: new Uint8Array(stepCount).fill(one.present[0]!),
          histograms: one.histograms && fill(one.histograms[0], stepCount),
        })),
      };
  }
}

function fill(histogram: FloatHistogram | undefined, stepCount: number): Histograms {
  return new Array<FloatHistogram | undefined>(stepCount).fill(histogram);
}

/** How many cells `value` holds, for the sample limit. */
export function cellCount(value: NodeValue, { stepCount }: Grid): number {
  if (value.kind !== "vector") return 0;
  let count = value.series.length * stepCount;
  for (const { histograms } of value.series) {
    if (histograms !== undefined) count += histogramCost(histograms);
  }
  return count;
}

/** As cellCount(), of one column. */
export function columnCost({ values, histograms }: Column): number {
  return values.length + (histograms === undefined ? 0 : histogramCost(histograms));
}

/** What histograms take in memory, in samples of 16 bytes; Prometheus counts them like this. */
export function histogramCost(histograms: Histograms): number {
  let bytes = 0;
  for (const one of histograms) {
    if (one === undefined) continue;
    const countCount = one.positiveBuckets.length + one.negativeBuckets.length;
    const spanCount = one.positiveSpans.length + one.negativeSpans.length;
    bytes += HISTOGRAM_BYTES + 8 * (countCount + spanCount + one.customValues.length);
  }
  return Math.ceil(bytes / 16);
}

/** Of a histogram without buckets. */
const HISTOGRAM_BYTES = 176;

/** Work on a histogram takes as long as on this many numbers: some microseconds. */
const HISTOGRAM_WORK = 30;

/** What it takes to look at so many histograms, in numbers looked at. */
export function histogramWork(count: number): number {
  return count * HISTOGRAM_WORK;
}
