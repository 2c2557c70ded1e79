/**
 * The arithmetic of one classic histogram at one moment: cumulative counts below ascending bounds.
 * Source: Prometheus 3.14, promql/quantile.go (BucketQuantile, BucketFraction)
 */

/** Differences this small between cumulative counts are rounding, not data. */
const SMALL_DELTA = 1e-12;

/** The buckets of one histogram at one step: the first `length` rows. Reused from step to step. */
export interface Buckets {
  readonly bounds: Float64Array;
  readonly counts: Float64Array;
  length: number;
}

/** The quantile by linear interpolation within its bucket. */
export function bucketQuantile(
  q: number,
  buckets: Buckets,
  onFix: (fix: MonotonicityFix) => void,
): number {
  if (Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const { bounds, counts } = buckets;
  const last = buckets.length - 1;
  if (bounds[last] !== Infinity) return NaN;
  const fix = makeMonotonic(buckets);
  if (fix !== undefined) onFix(fix);
  const total = counts[last]!;
  if (last < 1 || total === 0) return NaN;
  let rank = q * total;
  const index = firstAtLeast(counts, rank, last);
  if (index === last) return bounds[last - 1]!;
  if (index === 0 && bounds[0]! <= 0) return bounds[0]!;
  const start = index > 0 ? bounds[index - 1]! : 0;
  let count = counts[index]!;
  if (index > 0) {
    count -= counts[index - 1]!;
    rank -= counts[index - 1]!;
  }
  return start + (bounds[index]! - start) * (rank / count);
}

/** As Go's sort.Search over [0, limit): counts may hold NaN, and then the path matters. */
function firstAtLeast(counts: Float64Array, rank: number, limit: number): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The share of observations between two values. */
export function bucketFraction(lower: number, upper: number, buckets: Buckets): number {
  const last = buckets.length - 1;
  const total = buckets.counts[last]!;
  if (buckets.bounds[last] !== Infinity || total === 0) return NaN;
  if (Number.isNaN(lower) || Number.isNaN(upper)) return NaN;
  if (lower >= upper) return 0;
  const below = (value: number) => Math.min(countBelow(value, buckets), total);
  return (below(upper) - below(lower)) / total;
}

/** Observations up to `value`, interpolated within its bucket where that has a finite width. */
function countBelow(value: number, { bounds, counts, length }: Buckets): number {
  let start = bounds[0]! > 0 ? 0 : -Infinity;
  let before = 0;
  for (let i = 0; i < length; i++) {
    const bound = bounds[i]!;
    if (start >= value) return before;
    if (bound > value) {
      if (start === -Infinity) return counts[i]!;
      return before + ((counts[i]! - before) * (value - start)) / (bound - start);
    }
    before = counts[i]!;
    start = bound;
  }
  return before;
}

export interface MonotonicityFix {
  readonly minBound: number;
  readonly maxBound: number;
  readonly maxDiff: number;
}

/**
 * Cumulative counts cannot fall. Where scraping or rounding made them, the earlier count wins;
 * says so when the fall was more than rounding.
 */
function makeMonotonic({ bounds, counts, length }: Buckets): MonotonicityFix | undefined {
  let minBound = Infinity;
  let maxBound = -Infinity;
  let maxDiff = 0;
  let isFixed = false;
  let previous = counts[0]!;
  for (let i = 1; i < length; i++) {
    const count = counts[i]!;
    if (count === previous) continue;
    if (isAlmostEqual(previous, count)) {
      counts[i] = previous;
      continue;
    }
    if (!(count < previous)) {
      previous = count;
      continue;
    }
    counts[i] = previous;
    isFixed = true;
    minBound = Math.min(minBound, bounds[i]!);
    maxBound = Math.max(maxBound, bounds[i]!);
    maxDiff = Math.max(maxDiff, previous - count);
  }
  return isFixed ? { minBound, maxBound, maxDiff } : undefined;
}

function isAlmostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const diff = Math.abs(a - b);
  const smallestNormal = 2.2250738585072014e-308;
  if (a === 0 || b === 0 || sum < smallestNormal) return diff < SMALL_DELTA * smallestNormal;
  return diff / Math.min(sum, Number.MAX_VALUE) < SMALL_DELTA;
}
