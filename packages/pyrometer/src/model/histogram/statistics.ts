/**
 * What can be told of the observations: quantiles, the share within bounds, their spread. Within
 * a bucket they are taken as spread evenly: on a logarithmic scale in exponential buckets, on a
 * linear one in custom buckets and around zero.
 * Source: Prometheus 3.14, promql/quantile.go and promql/functions.go
 */
import { BucketCursor } from "./bucket-cursor.ts";
import type { FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import { addCompensated } from "./kahan.ts";
import { exp2, log2 } from "./logarithm.ts";

export interface Statistic {
  readonly value: number;
  /**
   * Set when observations of NaN, which no bucket holds, bear on the value: "nan-result", it is
   * NaN for them; "nan-skew", they were left out and it is off by as much.
   */
  readonly remark?: "nan-result" | "nan-skew" | undefined;
}

/**
 * The q-quantile; -Inf for q < 0, +Inf for q > 1, NaN for none or no observations. Zero bounds a
 * histogram that has buckets on one side only.
 */
export function histogramQuantile(histogram: FloatHistogram, q: number): Statistic {
  if (q < 0) return { value: -Infinity };
  if (q > 1) return { value: Infinity };
  if (histogram.count === 0 || Number.isNaN(q)) return { value: NaN };
  const hasNaN = Number.isNaN(histogram.sum);
  // From the nearer end, which loses less; from below when NaNs make the upper end unsure.
  const isAscending = hasNaN || q < 0.5;
  const cursor = new BucketCursor(histogram, isAscending ? "ascending" : "descending");
  const rank = (isAscending ? q : 1 - q) * histogram.count;
  const found = advanceTo(cursor, rank);
  const { lower, upper, end } = quantileBounds(histogram, found);
  if (end !== undefined) return { value: end };
  const count = Math.min(found.total, histogram.count);
  if (count < rank) {
    return hasNaN ? { value: NaN, remark: "nan-result" } : { value: upper };
  }
  const rankInBucket = isAscending ? rank - (count - found.count) : count - rank;
  const value = interpolate(histogram, { lower, upper }, rankInBucket / found.count);
  // Prometheus 3.14 goes on with the last bucket after this count, and answers from that one.
  const isSkewed = hasNaN && totalAfter(cursor, count) < histogram.count;
  return isSkewed ? { value, remark: "nan-skew" } : { value };
}

interface FoundBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Observations in this bucket and all before it. */
  readonly total: number;
}

/** The bucket where the running total reaches `rank`; the last one when none does. */
function advanceTo(cursor: BucketCursor, rank: number): FoundBucket {
  let total = 0;
  while (cursor.next()) {
    if (cursor.count === 0) continue;
    total += cursor.count;
    if (total >= rank) break;
  }
  const { lower, upper, count } = cursor;
  return { lower, upper, count, total };
}

/** Where to interpolate; `end` when the bucket has no end on one side, and that is the answer. */
function quantileBounds(
  histogram: FloatHistogram,
  { lower, upper }: FoundBucket,
): { lower: number; upper: number; end?: number } {
  if (usesCustomBuckets(histogram)) {
    if (lower === -Infinity) return upper <= 0 ? { lower, upper, end: upper } : { lower: 0, upper };
    return upper === Infinity ? { lower, upper, end: lower } : { lower, upper };
  }
  return lower < 0 && upper > 0 ? oneSided(histogram, { lower, upper }) : { lower, upper };
}

interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** The zero bucket, halved when all other buckets are on one side. */
function oneSided(
  { positiveBuckets, negativeBuckets }: FloatHistogram,
  { lower, upper }: Bounds,
): Bounds {
  const hasPositive = positiveBuckets.length > 0;
  const hasNegative = negativeBuckets.length > 0;
  if (hasPositive && !hasNegative) return { lower: 0, upper };
  if (hasNegative && !hasPositive) return { lower, upper: 0 };
  return { lower, upper };
}

function interpolate(
  histogram: FloatHistogram,
  { lower, upper }: Bounds,
  fraction: number,
): number {
  if (usesCustomBuckets(histogram) || (lower <= 0 && upper >= 0)) {
    return lower + (upper - lower) * fraction;
  }
  const logLower = log2(Math.abs(lower));
  const logUpper = log2(Math.abs(upper));
  if (lower > 0) return exp2(logLower + (logUpper - logLower) * fraction);
  return -exp2(logUpper + (logLower - logUpper) * (1 - fraction));
}

function totalAfter(cursor: BucketCursor, count: number): number {
  let total = count;
  while (cursor.next()) total += cursor.count;
  return total;
}

/**
 * The share of observations between two values, from 0 to 1. NaN without observations or bounds,
 * 0 when the bounds are the wrong way round. NaN observations are between no bounds.
 */
export function histogramFraction(
  histogram: FloatHistogram,
  lower: number,
  upper: number,
): Statistic {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return { value: NaN };
  if (lower >= upper) return { value: 0 };
  const ranks = rankBounds(histogram, lower, upper);
  const hasNaN = Number.isNaN(histogram.sum);
  const count = hasNaN ? ranks.total : histogram.count;
  const atMost = (rank: number | undefined) => (rank === undefined || rank > count ? count : rank);
  const value = (atMost(ranks.upper) - atMost(ranks.lower)) / histogram.count;
  return hasNaN && count < histogram.count ? { value, remark: "nan-skew" } : { value };
}

interface Ranks {
  /** Undefined: beyond all buckets. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** Of all buckets. */
  readonly total: number;
}

function rankBounds(histogram: FloatHistogram, lower: number, upper: number): Ranks {
  const cursor = new BucketCursor(histogram);
  let lowerRank: number | undefined;
  let upperRank: number | undefined;
  let rank = 0;
  let total = 0;
  while ((lowerRank === undefined || upperRank === undefined) && cursor.next()) {
    total += cursor.count;
    const isAroundZero = cursor.lower <= 0 && cursor.upper >= 0;
    const bucket = {
      ...(isAroundZero
        ? oneSided(histogram, cursor)
        : { lower: cursor.lower, upper: cursor.upper }),
      count: cursor.count,
      isLinear: isAroundZero || usesCustomBuckets(histogram),
    };
    lowerRank ??= rankWithin(bucket, rank, lower);
    upperRank ??= rankWithin(bucket, rank, upper);
    rank += cursor.count;
  }
  return { lower: lowerRank, upper: upperRank, total: totalAfter(cursor, total) };
}

/** How many observations are below `value`; undefined when this bucket is wholly below it. */
function rankWithin(
  bucket: Bounds & { readonly count: number; readonly isLinear: boolean },
  rank: number,
  value: number,
): number | undefined {
  if (bucket.lower >= value) return rank;
  if (bucket.upper <= value) return undefined;
  // In a bucket without a lower end nothing can be told apart; it counts whole.
  if (bucket.isLinear && bucket.lower === -Infinity) return bucket.count;
  return rank + bucket.count * fractionBelow(bucket, value, bucket.isLinear);
}

/** How much of a bucket lies below `value`, which is inside it. */
export function fractionBelow({ lower, upper }: Bounds, value: number, isLinear: boolean): number {
  if (isLinear) return (value - lower) / (upper - lower);
  const logLower = log2(Math.abs(lower));
  const logUpper = log2(Math.abs(upper));
  const logValue = log2(Math.abs(value));
  if (value > 0) return (logValue - logLower) / (logUpper - logLower);
  return 1 - (logValue - logUpper) / (logLower - logUpper);
}

export function histogramAverage({ sum, count }: FloatHistogram): number {
  return sum / count;
}

/** The variance, with every observation in the middle of its bucket. */
export function histogramVariance(histogram: FloatHistogram): number {
  const mean = histogramAverage(histogram);
  const total = { sums: new Float64Array(1), lost: new Float64Array(1) };
  for (const cursor = new BucketCursor(histogram); cursor.next(); ) {
    if (cursor.count === 0) continue;
    const delta = middle(histogram, cursor) - mean;
    addCompensated(total, 0, cursor.count * delta * delta);
  }
  return (total.sums[0]! + total.lost[0]!) / histogram.count;
}

function middle(histogram: FloatHistogram, { lower, upper }: Bounds): number {
  if (usesCustomBuckets(histogram)) return (upper + lower) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  const geometric = Math.sqrt(upper * lower);
  return upper < 0 ? -geometric : geometric;
}
