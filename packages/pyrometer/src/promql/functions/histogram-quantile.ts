/**
 * histogram_quantile and histogram_fraction of classic histograms: series of cumulative counts,
 * one per bucket, told apart by the label `le`.
 * Source: Prometheus 3.14, promql/quantile.go (BucketQuantile, BucketFraction)
 */
import type { Labels } from "../../model/index.ts";
import type { Span } from "../../std/index.ts";
import type { NodeValue, SeriesColumn, VectorColumns } from "../engine/column.ts";
import { createColumn, FLOAT } from "../engine/column.ts";
import type { QueryContext } from "../engine/context.ts";
import { gridTimeMs } from "../engine/grid.ts";
import { dropName, vectorOf } from "../engine/names.ts";
import { scalarArg, textArg, vectorArg } from "./arguments.ts";
import type { Buckets, MonotonicityFix } from "./buckets.ts";
import { bucketFraction, bucketQuantile } from "./buckets.ts";
import type { CallInput } from "./implementation.ts";
import { formatShort, isQuantile } from "./quantile.ts";

const BUCKET_LABEL = "le";

interface Histogram {
  readonly labels: Labels;
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
  const histograms = groupBuckets(vectorArg(input, 1), input.call.args[1]!.span, input.context);
  const series: SeriesColumn[] = [];
  for (const histogram of histograms) {
    const named = dropName(histogram, input.context);
    series.push({ ...named, ...quantileColumn(histogram, quantiles, { input, vectorIndex: 1 }) });
    await takeTurn(histogram, input);
  }
  return vectorOf(series);
}

/** One series per quantile, told apart by a label the query names. */
export async function histogramQuantiles(input: CallInput): Promise<NodeValue> {
  const label = textArg(input, 1);
  const histograms = groupBuckets(vectorArg(input, 0), input.call.args[0]!.span, input.context);
  const series: SeriesColumn[] = [];
  for (let index = 2; index < input.args.length; index++) {
    const quantiles = scalarArg(input, index);
    checkQuantiles(quantiles, input.call.args[index]!.span, input.context);
    const shown = formatOpenMetrics(quantiles[0]!);
    for (const histogram of histograms) {
      const named = dropName(histogram, input.context);
      const labels = named.labels.with({ [label]: shown });
      const column = quantileColumn(histogram, quantiles, { input, vectorIndex: 0 });
      series.push({ labels, dropsName: named.dropsName, ...column });
      await takeTurn(histogram, input);
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
  const histograms = groupBuckets(vectorArg(input, 2), input.call.args[2]!.span, input.context);
  const series: SeriesColumn[] = [];
  for (const histogram of histograms) {
    const column = createColumn(input.grid.stepCount);
    forEachStep(histogram, (buckets, step) => {
      column.values[step] = bucketFraction(lower[step]!, upper[step]!, buckets);
      column.present[step] = FLOAT;
    });
    series.push({ ...dropName(histogram, input.context), ...column });
    await takeTurn(histogram, input);
  }
  return vectorOf(series);
}

async function takeTurn({ buckets }: Histogram, { grid, context }: CallInput): Promise<void> {
  if (context.budget.isTurnDue(buckets.length * grid.stepCount)) await context.budget.turn();
}

function checkQuantiles(quantiles: Float64Array, span: Span, { annotations }: QueryContext): void {
  const wrong = quantiles.find((q) => !isQuantile(q));
  if (wrong === undefined) return;
  const problem = `quantile value should be between 0 and 1, got ${formatShort(wrong)}`;
  annotations.warn(problem, span);
}

/** Series with the same labels but for `le` are one histogram. */
function groupBuckets(vector: VectorColumns, span: Span, context: QueryContext): Histogram[] {
  const byKey = new Map<string, { labels: Labels; buckets: BucketSeries[] }>();
  for (const column of vector.series) {
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
    const known = byKey.get(labels.key) ?? { labels, buckets: [] };
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

/** Calls `see` for every step where a bucket has a count. */
function forEachStep({ buckets }: Histogram, see: (buckets: Buckets, step: number) => void): void {
  const stepCount = buckets[0]?.column.values.length ?? 0;
  for (let step = 0; step < stepCount; step++) {
    const bounds: number[] = [];
    const counts: number[] = [];
    for (const { upperBound, column } of buckets) {
      if (column.present[step] !== FLOAT) continue;
      // Two buckets with one bound are one: le="1" and le="1.0".
      if (bounds.at(-1) === upperBound) counts[counts.length - 1]! += column.values[step]!;
      else {
        bounds.push(upperBound);
        counts.push(column.values[step]!);
      }
    }
    if (bounds.length > 0) see({ bounds, counts }, step);
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
  forEachStep(histogram, (buckets, step) => {
    column.values[step] = bucketQuantile(quantiles[step]!, buckets, (fix) =>
      fixes.add(fix, gridTimeMs(grid, step)),
    );
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
