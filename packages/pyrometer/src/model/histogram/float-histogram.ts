/**
 * A native histogram as plain data: counts per bucket, where the buckets follow from a schema.
 * Nothing here is ever changed in place; arithmetic gives new histograms and shares what it can.
 * Source: Prometheus 3.14, model/histogram/float_histogram.go
 */
import { assert } from "../../std/index.ts";
import { isStale, STALE_BITS } from "../stale.ts";

/** Buckets whose upper bounds are listed in `customValues`, instead of following from the schema. */
export const CUSTOM_BUCKETS_SCHEMA = -53;
export const EXPONENTIAL_SCHEMA_MIN = -4;
export const EXPONENTIAL_SCHEMA_MAX = 8;

/** What is known about the sample before: did the counters start over in between? */
export type CounterResetHint = "unknown" | "reset" | "not-reset" | "gauge";

/** A run of neighbouring buckets. */
export interface BucketSpan {
  /** Buckets left out since the span before; for the first one the index of its first bucket. */
  readonly offset: number;
  readonly length: number;
}

export interface FloatHistogram {
  /** -4…8: bounds grow by the factor 2^(2^-schema); -53: custom buckets. */
  readonly schema: number;
  /** Observations in [-zeroThreshold, zeroThreshold] are counted in zeroCount. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** All observations; more than the buckets hold when some were NaN. */
  readonly count: number;
  /** Of all observations. The staleness NaN marks the end of the series. */
  readonly sum: number;
  readonly positiveSpans: readonly BucketSpan[];
  readonly negativeSpans: readonly BucketSpan[];
  /** Absolute counts, one per bucket of the spans, away from zero. */
  readonly positiveBuckets: Float64Array;
  readonly negativeBuckets: Float64Array;
  /** Upper bounds, increasing, without the last, +Inf. Empty unless the schema is -53. */
  readonly customValues: Float64Array;
  readonly counterResetHint: CounterResetHint;
}

const NO_COUNTS = new Float64Array(0);

const EMPTY: FloatHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 0,
  sum: 0,
  positiveSpans: [],
  negativeSpans: [],
  positiveBuckets: NO_COUNTS,
  negativeBuckets: NO_COUNTS,
  customValues: NO_COUNTS,
  counterResetHint: "unknown",
};

/** What is not given is zero, empty or unknown. Takes the arrays as they are: never change them. */
export function createHistogram(parts: Partial<FloatHistogram> = {}): FloatHistogram {
  const histogram = { ...EMPTY, ...parts };
  const { positiveSpans, positiveBuckets, negativeSpans, negativeBuckets } = histogram;
  assert(
    bucketCount(positiveSpans) === positiveBuckets.length &&
      bucketCount(negativeSpans) === negativeBuckets.length,
    `BUG: spans ${JSON.stringify([positiveSpans, negativeSpans])} do not fit the buckets`,
  );
  return histogram;
}

export function bucketCount(spans: readonly BucketSpan[]): number {
  let count = 0;
  for (const { length } of spans) count += length;
  return count;
}

export function usesCustomBuckets({ schema }: FloatHistogram): boolean {
  return schema === CUSTOM_BUCKETS_SCHEMA;
}

export function withCounterResetHint(
  histogram: FloatHistogram,
  counterResetHint: CounterResetHint,
): FloatHistogram {
  if (histogram.counterResetHint === counterResetHint) return histogram;
  return { ...histogram, counterResetHint };
}

/**
 * The marker that ends a series of histograms. Made once: its sum stays the signalling NaN only
 * as long as nothing computes with it, and even then `isStaleHistogram` knows it.
 */
export const STALE_HISTOGRAM: FloatHistogram = {
  ...EMPTY,
  sum: new Float64Array(new BigUint64Array([STALE_BITS]).buffer)[0]!,
};

export function isStaleHistogram({ sum }: FloatHistogram): boolean {
  return isStale(sum);
}
