/**
 * histogram_quantile and histogram_fraction. Classic histograms are series of cumulative counts,
 * one per bucket, told apart by the label `le`; native ones are in native-quantile.ts.
 * Source: Prometheus 3.14, promql/quantile.go (BucketQuantile, BucketFraction)
 */
import type { Labels } from "../../model/index.ts";
import type { Span } from "../../std/index.ts";
import type { NodeValue, SeriesColumn, VectorColumns } from "../engine/column.ts";
import { createColumn, FLOAT, HISTOGRAM } from "../engine/column.ts";
import type { QueryContext } from "../engine/context.ts";
import { gridTimeMs } from "../engine/grid.ts";
import { dropName, vectorOf } from "../engine/names.ts";
import { mixedClassicAndNative } from "../engine/remark-texts.ts";
import { scalarArg, textArg, vectorArg } from "./arguments.ts";
import type { Buckets, MonotonicityFix } from "./buckets.ts";
import { bucketFraction, bucketQuantile } from "./buckets.ts";
import type { CallInput } from "./implementation.ts";
import type { NativeSeries } from "./native-quantile.ts";
import { nativeFractions, nativeQuantiles, nativeSeriesOf } from "./native-quantile.ts";
import { formatShort, isQuantile } from "./quantile.ts";

const BUCKET_LABEL = "le";

interface Histogram {
  readonly labels: Labels;
  /** Not 0 at steps where a native histogram of the same name and labels contradicts it. */
  conflicts: Uint8Array | undefined;
  /** By ascending bound; two with one bound when the label is written in two ways. */
  readonly buckets: readonly BucketSeries[];
}

interface BucketSeries {
  readonly upperBound: number;
  readonly column: SeriesColumn;
}

export async function histogramQuantile(input: CallInput): Promise<NodeValue> {
  const quantiles = scalarArg(input, 0);
  checkQuantiles(quantiles, input.call.args[0]!.span, input.context);
  const { context } = input;
  const { span } = input.call.args[1]!;
  const { classic, native } = findHistograms(vectorArg(input, 1), span, context);
  const series: SeriesColumn[] = [];
  for (const one of native) {
    const column = nativeQuantiles(one, quantiles, { context, span });
    series.push({ ...dropName(one.column, context), ...column });
    await takeTurn(NATIVE_COST, input);
  }
  for (const histogram of classic) {
    const named = dropName(histogram, context);
    series.push({ ...named, ...quantileColumn(histogram, quantiles, { input, vectorIndex: 1 }) });
    await takeTurn(histogram.buckets.length, input);
  }
  return vectorOf(series);
}

/** One series per quantile, told apart by a label the query names. */
export async function histogramQuantiles(input: CallInput): Promise<NodeValue> {
  const label = textArg(input, 1);
  const { context } = input;
  const { span } = input.call.args[0]!;
  const { classic, native } = findHistograms(vectorArg(input, 0), span, context);
  const series: SeriesColumn[] = [];
  for (let index = 2; index < input.args.length; index++) {
    const quantiles = scalarArg(input, index);
    checkQuantiles(quantiles, input.call.args[index]!.span, input.context);
    const shown = formatOpenMetrics(quantiles[0]!);
    const labelled = ({ labels, dropsName }: ReturnType<typeof dropName>) => ({
      labels: labels.with({ [label]: shown }),
      dropsName,
    });
    for (const one of native) {
      const column = nativeQuantiles(one, quantiles, { context, span });
      series.push({ ...labelled(dropName(one.column, context)), ...column });
      await takeTurn(NATIVE_COST, input);
    }
    for (const histogram of classic) {
      const column = quantileColumn(histogram, quantiles, { input, vectorIndex: 0 });
      series.push({ ...labelled(dropName(histogram, context)), ...column });
      await takeTurn(histogram.buckets.length, input);
    }
  }
  return vectorOf(series);
}

/** OpenMetrics writes 1 as 1.0, so that label values do not depend on who prints them. */
function formatOpenMetrics(value: number): string {
  const text = formatShort(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

export async function histogramFraction(input: CallInput): Promise<NodeValue> {
  const lower = scalarArg(input, 0);
  const upper = scalarArg(input, 1);
  const { context } = input;
  const { span } = input.call.args[2]!;
  const { classic, native } = findHistograms(vectorArg(input, 2), span, context);
  const series: SeriesColumn[] = [];
  for (const one of native) {
    const column = nativeFractions(one, [lower, upper], { context, span });
    series.push({ ...dropName(one.column, context), ...column });
    await takeTurn(NATIVE_COST, input);
  }
  for (const histogram of classic) {
    const column = createColumn(input.grid.stepCount);
    forEachStep(histogram, (buckets, step) => {
      column.values[step] = bucketFraction(lower[step]!, upper[step]!, buckets);
      column.present[step] = FLOAT;
    });
    series.push({ ...dropName(histogram, context), ...column });
    await takeTurn(histogram.buckets.length, input);
  }
  return vectorOf(series);
}

/** A native histogram's buckets, of which there are up to 160 in general. */
const NATIVE_COST = 160;

async function takeTurn(bucketCount: number, { grid, context }: CallInput): Promise<void> {
  if (context.budget.isTurnDue(bucketCount * grid.stepCount)) await context.budget.turn();
}

interface Found {
  readonly classic: readonly Histogram[];
  readonly native: readonly NativeSeries[];
}

/** Where there are both with the same name and labels, neither counts. */
function findHistograms(vector: VectorColumns, span: Span, context: QueryContext): Found {
  const classic = groupBuckets(vector, span, context);
  const byKey = new Map(classic.map((one) => [one.labels.key, one]));
  const native = nativeSeriesOf(vector).map((column): NativeSeries => {
    const other = byKey.get(column.labels.key);
    const conflicts = other && conflictsBetween(other, column);
    if (other === undefined || !conflicts?.includes(1)) return { column, conflicts: undefined };
    other.conflicts = conflicts;
    const name = context.isNameRemovalDelayed ? column.labels.metricName : "";
    context.annotations.warn(mixedClassicAndNative(name), span);
    return { column, conflicts };
  });
  return { classic, native };
}

function conflictsBetween({ buckets }: Histogram, { present }: SeriesColumn): Uint8Array {
  return present.map((cell, step) => {
    const isClassicThere = buckets.some(({ column }) => column.present[step] === FLOAT);
    return Number(cell === HISTOGRAM && isClassicThere);
  });
}

function checkQuantiles(quantiles: Float64Array, span: Span, { annotations }: QueryContext): void {
  const wrong = quantiles.find((q) => !isQuantile(q));
  if (wrong === undefined) return;
  const problem = `quantile value should be between 0 and 1, got ${formatShort(wrong)}`;
  annotations.warn(problem, span);
}

/** Series with the same labels but for `le` are one histogram. */
function groupBuckets(vector: VectorColumns, span: Span, context: QueryContext): Histogram[] {
  const byKey = new Map<string, Histogram & { readonly buckets: BucketSeries[] }>();
  for (const column of vector.series) {
    if (column.histograms !== undefined && !column.present.includes(FLOAT)) continue;
    const text = column.labels.get(BUCKET_LABEL);
    const upperBound = parseBound(text);
    if (upperBound === undefined) {
      const name = column.labels.metricName;
      const about = name === "" ? "" : ` for metric name "${name}"`;
      const problem = `bucket label "le" is missing or has a malformed value of "${text}"${about}`;
      context.annotations.warn(problem, span);
      continue;
    }
    const labels = column.labels.without([BUCKET_LABEL]);
    const known = byKey.get(labels.key) ?? { labels, buckets: [], conflicts: undefined };
    byKey.set(labels.key, known);
    known.buckets.push({ upperBound, column });
  }
  const histograms = [...byKey.values()];
  for (const { buckets } of histograms) buckets.sort((a, b) => a.upperBound - b.upperBound || 0);
  return histograms;
}

function parseBound(text: string): number | undefined {
  if (/^\+?inf(inity)?$/i.test(text)) return Infinity;
  if (/^-inf(inity)?$/i.test(text)) return -Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** Calls `see` for every step where a bucket has a count, with buckets that are overwritten. */
function forEachStep(
  { buckets, conflicts }: Histogram,
  see: (buckets: Buckets, step: number) => void,
): void {
  // Columns side by side, and nothing allocated per step: half of a histogram_quantile's time.
  const presents = buckets.map(({ column }) => column.present);
  const values = buckets.map(({ column }) => column.values);
  const upperBounds = Float64Array.from(buckets, ({ upperBound }) => upperBound);
  const bounds = new Float64Array(buckets.length);
  const counts = new Float64Array(buckets.length);
  const found: Buckets = { bounds, counts, length: 0 };
  const stepCount = values[0]?.length ?? 0;
  for (let step = 0; step < stepCount; step++) {
    if (conflicts?.[step]) continue;
    let length = 0;
    for (let i = 0; i < values.length; i++) {
      if (presents[i]![step] !== FLOAT) continue;
      const bound = upperBounds[i]!;
      const count = values[i]![step]!;
      // Two buckets with one bound are one: le="1" and le="1.0".
      if (length > 0 && bounds[length - 1] === bound) counts[length - 1]! += count;
      else {
        bounds[length] = bound;
        counts[length] = count;
        length += 1;
      }
    }
    if (length === 0) continue;
    found.length = length;
    see(found, step);
  }
}

function quantileColumn(
  histogram: Histogram,
  quantiles: Float64Array,
  { input, vectorIndex }: { readonly input: CallInput; readonly vectorIndex: number },
) {
  const { grid, context, call } = input;
  const column = createColumn(grid.stepCount);
  const fixes = new MonotonicityFixes();
  let current = 0;
  const onFix = (fix: MonotonicityFix) => fixes.add(fix, gridTimeMs(grid, current));
  forEachStep(histogram, (buckets, step) => {
    current = step;
    column.values[step] = bucketQuantile(quantiles[step]!, buckets, onFix);
    column.present[step] = FLOAT;
  });
  const name = context.isNameRemovalDelayed ? histogram.labels.metricName : "";
  fixes.annotate(name, call.args[vectorIndex]!.span, context);
  return column;
}

/** All fixes to one histogram over the query, as one remark. */
class MonotonicityFixes {
  #count = 0;
  #minBound = Infinity;
  #maxBound = -Infinity;
  #maxDiff = 0;
  #firstMs = 0;
  #lastMs = 0;

  add({ minBound, maxBound, maxDiff }: MonotonicityFix, timeMs: number): void {
    if (this.#count === 0) this.#firstMs = timeMs;
    this.#lastMs = timeMs;
    this.#count += 1;
    this.#minBound = Math.min(this.#minBound, minBound);
    this.#maxBound = Math.max(this.#maxBound, maxBound);
    this.#maxDiff = Math.max(this.#maxDiff, maxDiff);
  }

  annotate(metricName: string, span: Span, { annotations }: QueryContext): void {
    if (this.#count === 0) return;
    const page =
      "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile";
    const about = metricName === "" ? "" : ` for metric name "${metricName}"`;
    const bounds = `${formatShort(this.#minBound)} to ${formatShort(this.#maxBound)}`;
    const diff = `a max diff of ${formatTwoDigits(this.#maxDiff)}`;
    const time = (ms: number) => new Date(ms).toISOString().replace(/\.000Z$/, "Z");
    const times = `over ${this.#count} samples from ${time(this.#firstMs)} to ${time(this.#lastMs)}`;
    annotations.info(
      `input to histogram_quantile needed to be fixed for monotonicity (see ${page})${about}, ` +
        `from buckets ${bounds}, with ${diff}, ${times}`,
      span,
    );
  }
}

/** Go's %.2g. */
function formatTwoDigits(value: number): string {
  return formatShort(Number(value.toPrecision(2)));
}
