/**
 * A classic histogram, a counter for each upper bound, as a native one with custom buckets (NHCB).
 * Source: Prometheus 3.14, util/convertnhcb
 */
import type { FloatHistogram } from "./float-histogram.ts";
import { CUSTOM_BUCKETS_SCHEMA, createHistogram } from "./float-histogram.ts";
import { compactHistogram } from "./scale.ts";

/** The samples of one classic histogram at one time. */
export interface ClassicHistogram {
  /** In any order; of two with one bound the first counts. */
  readonly buckets: readonly ClassicBucket[];
  /** Absent: that of the highest bucket. */
  readonly count?: number | undefined;
  readonly sum: number;
}

export interface ClassicBucket {
  readonly upper: number;
  /** Observations up to `upper`. */
  readonly cumulativeCount: number;
}

/** @returns what is wrong, in Prometheus' words, when the buckets contradict each other */
export function fromClassicHistogram(
  classic: ClassicHistogram,
): FloatHistogram | { readonly problem: string } {
  if (classic.count !== undefined && classic.count < 0) {
    return { problem: `count must be non-negative: count=${classic.count}` };
  }
  const buckets = sortedBuckets(classic.buckets);
  const count = classic.count ?? buckets.at(-1)?.cumulativeCount ?? 0;
  if (buckets.at(-1)?.upper !== Infinity) {
    buckets.push({ upper: Infinity, cumulativeCount: count });
  }
  const problem = problemOf(buckets, count);
  if (problem !== undefined) return { problem };
  const counts = buckets.map(
    ({ cumulativeCount }, i) => cumulativeCount - (buckets[i - 1]?.cumulativeCount ?? 0),
  );
  return compactHistogram(
    createHistogram({
      schema: CUSTOM_BUCKETS_SCHEMA,
      count,
      sum: classic.sum,
      positiveSpans: [{ offset: 0, length: counts.length }],
      positiveBuckets: Float64Array.from(counts),
      customValues: Float64Array.from(buckets.slice(0, -1), ({ upper }) => upper),
    }),
  );
}

function sortedBuckets(buckets: readonly ClassicBucket[]): ClassicBucket[] {
  const sorted = [...buckets].sort((a, b) => a.upper - b.upper);
  return sorted.filter(({ upper }, i) => upper !== sorted[i - 1]?.upper);
}

function problemOf(buckets: readonly ClassicBucket[], count: number): string | undefined {
  let before = 0;
  for (const { upper, cumulativeCount } of buckets) {
    if (Number.isNaN(upper)) return "bucket boundary must not be NaN";
    if (cumulativeCount < 0) {
      return `bucket count must be non-negative: le=${upper}, count=${cumulativeCount}`;
    }
    if (cumulativeCount < before) {
      return `count is not cumulative: ${cumulativeCount} < ${before}`;
    }
    before = cumulativeCount;
  }
  return count === before ? undefined : `count mismatch: count=${count} != le=+Inf count=${before}`;
}
