/**
 * PromQL's `</` and `>/`: keeps the observations below or above a value. A bucket that the value
 * cuts keeps its share by interpolation, and the sum is made up anew from the middles of what is
 * left: the true one is not known.
 * Source: Prometheus 3.14, FloatHistogram.TrimBuckets
 */
import { bucketBound } from "./bounds.ts";
import type { FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import { compactHistogram } from "./scale.ts";
import { negativeSide, positiveSide } from "./side.ts";
import { fractionBelow } from "./statistics.ts";

/** Only the observations up to `limit`. */
export function trimUpper(histogram: FloatHistogram, limit: number): FloatHistogram {
  return trim(histogram, { keeps: "below", limit });
}

/** Only the observations from `limit` on. */
export function trimLower(histogram: FloatHistogram, limit: number): FloatHistogram {
  return trim(histogram, { keeps: "above", limit });
}

interface Cut {
  readonly keeps: "below" | "above";
  readonly limit: number;
}

interface Kept {
  readonly count: number;
  /** Set for a bucket that the limit does not touch: even a count of NaN is no change. */
  readonly isWhole?: true;
  /** Where the kept observations are taken to be. */
  readonly middle: number;
}

interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Interpolated on a linear scale. */
  readonly isLinear: boolean;
  readonly isPositive: boolean;
}

/** Running totals of what is kept; added up in the order of Prometheus. */
interface Totals {
  count: number;
  sum: number;
  isTrimmed: boolean;
}

function trim(histogram: FloatHistogram, cut: Cut): FloatHistogram {
  const totals: Totals = { count: 0, sum: 0, isTrimmed: false };
  const positiveBuckets = trimSide(histogram, { cut, totals, isPositive: true });
  const negativeBuckets = trimSide(histogram, { cut, totals, isPositive: false });
  let { zeroCount } = histogram;
  if (zeroCount > 0) {
    const kept = keptOfZero(histogram, cut);
    if (zeroCount !== kept.count) totals.isTrimmed = true;
    zeroCount = kept.count;
    totals.sum += kept.middle * kept.count;
    totals.count += kept.count;
  }
  // A histogram that loses nothing keeps its sum, which is better than one made up.
  if (!totals.isTrimmed) return histogram;
  const { count, sum } = totals;
  return compactHistogram({
    ...histogram,
    count,
    sum,
    zeroCount,
    positiveBuckets,
    negativeBuckets,
  });
}

function trimSide(
  histogram: FloatHistogram,
  { cut, totals, isPositive }: { cut: Cut; totals: Totals; isPositive: boolean },
): Float64Array {
  const side = isPositive ? positiveSide(histogram) : negativeSide(histogram);
  const isLinear = usesCustomBuckets(histogram);
  return side.counts.map((count, i) => {
    if (count === 0) return count;
    const outer = bucketBound(histogram, side.indexes[i]!);
    const inner = bucketBound(histogram, side.indexes[i]! - 1);
    const [lower, upper] = isPositive ? [inner, outer] : [-outer, -inner];
    const kept = keptOf({ lower, upper, count, isLinear, isPositive }, cut);
    if (kept === undefined) {
      totals.isTrimmed = true;
      return 0;
    }
    if (!kept.isWhole && kept.count !== count) totals.isTrimmed = true;
    totals.count += kept.count;
    totals.sum += kept.middle * kept.count;
    return kept.count;
  });
}

/** @returns undefined when nothing is */
function keptOf(bucket: Bucket, { keeps, limit }: Cut): Kept | undefined {
  const { lower, upper, count } = bucket;
  const isWhole = keeps === "below" ? upper <= limit : lower >= limit;
  if (isWhole) return { count, middle: middleOf(bucket, lower, upper), isWhole };
  const isCut = keeps === "below" ? lower < limit : upper > limit;
  if (!isCut) return undefined;
  if (lower === -Infinity) return keptOfLowest(bucket, { keeps, limit });
  if (upper === Infinity) return keptOfHighest(bucket, { keeps, limit });
  const countBelow = belowLimit(bucket, limit);
  return keeps === "below"
    ? { count: countBelow, middle: middleOf(bucket, lower, limit) }
    : { count: count - countBelow, middle: middleOf(bucket, limit, upper) };
}

function belowLimit(bucket: Bucket, limit: number): number {
  if (limit <= bucket.lower) return 0;
  if (limit >= bucket.upper) return bucket.count;
  return bucket.count * fractionBelow(bucket, limit, bucket.isLinear);
}

/**
 * The bucket from -Inf. With a positive upper end (custom buckets only) it is taken to begin at
 * zero; without one nobody knows how its observations are spread, and it is kept or dropped whole.
 */
function keptOfLowest({ upper, count }: Bucket, { keeps, limit }: Cut): Kept {
  const hasEnd = upper !== Infinity;
  if (keeps === "below") {
    if (limit > 0 && upper > 0 && hasEnd) {
      return { count: (count * limit) / upper, middle: limit / 2 };
    }
    return upper <= 0 ? { count, middle: limit } : { count: 0, middle: hasEnd ? upper : 0 };
  }
  if (limit >= 0 && upper > limit && hasEnd) {
    return { count: count * (1 - limit / upper), middle: (limit + upper) / 2 };
  }
  return { count: 0, middle: hasEnd ? upper : 0 };
}

/** The bucket to +Inf: dropped whole when the upper part goes, kept whole when the lower part does. */
function keptOfHighest({ lower, count }: Bucket, { keeps, limit }: Cut): Kept {
  if (keeps === "above" && limit >= lower) return { count, middle: limit };
  return { count: 0, middle: lower };
}

/** Zero bounds the zero bucket of a histogram that has populated buckets on one side only. */
function keptOfZero(histogram: FloatHistogram, { keeps, limit }: Cut): Kept {
  const { zeroThreshold, zeroCount, positiveBuckets, negativeBuckets } = histogram;
  const hasPositive = positiveBuckets.some((count) => count !== 0);
  const hasNegative = negativeBuckets.some((count) => count !== 0);
  const lower = hasPositive && !hasNegative ? 0 : -zeroThreshold;
  const upper = hasNegative && !hasPositive ? 0 : zeroThreshold;
  const whole = { count: zeroCount, middle: (lower + upper) / 2 };
  const none = { count: 0, middle: 0 };
  if (limit <= lower) return keeps === "below" ? none : whole;
  if (limit >= upper) return keeps === "below" ? whole : none;
  const kept = keeps === "below" ? limit - lower : upper - limit;
  const count = zeroCount * (kept / (upper - lower));
  return { count, middle: keeps === "below" ? (lower + limit) / 2 : (limit + upper) / 2 };
}

function middleOf({ isLinear, isPositive }: Bucket, lower: number, upper: number): number {
  if (Math.abs(lower) === Infinity) {
    if (Math.abs(upper) === Infinity) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (Math.abs(upper) === Infinity) return lower;
  if (isLinear) return (lower + upper) / 2;
  const geometric = Math.sqrt(Math.abs(lower * upper));
  return isPositive ? geometric : -geometric;
}
