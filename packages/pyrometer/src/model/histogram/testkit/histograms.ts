/** Native histograms for tests: any at all, and such as an exporter would send. */
import fc from "fast-check";
import type { BucketSpan, CounterResetHint, FloatHistogram } from "../float-histogram.ts";
import { CUSTOM_BUCKETS_SCHEMA, createHistogram } from "../float-histogram.ts";

const HINTS: readonly CounterResetHint[] = ["unknown", "reset", "not-reset", "gauge"];

/** Whole counts, small enough that every sum of them is exact in any order. */
const side = fc
  .array(
    fc.record({
      offset: fc.nat(4),
      counts: fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 }),
    }),
    { maxLength: 3 },
  )
  .map((runs): { spans: BucketSpan[]; counts: number[] } => ({
    spans: runs.map(({ offset, counts }) => ({ offset, length: counts.length })),
    counts: runs.flatMap(({ counts }) => counts),
  }));

/** Consistent: the count is that of all buckets, and no bucket lies inside the zero bucket. */
export const exponentialHistogram: fc.Arbitrary<FloatHistogram> = fc
  .record({
    schema: fc.integer({ min: -4, max: 8 }),
    zeroCount: fc.nat(100),
    positive: side,
    negative: side,
    sum: fc.integer({ min: -1000, max: 1000 }),
    counterResetHint: fc.constantFrom(...HINTS),
  })
  .map(({ schema, zeroCount, positive, negative, sum, counterResetHint }) =>
    createHistogram({
      schema,
      zeroThreshold: 0.5,
      zeroCount,
      sum,
      counterResetHint,
      count: [...positive.counts, ...negative.counts].reduce((a, b) => a + b, zeroCount),
      positiveSpans: positive.spans,
      positiveBuckets: Float64Array.from(positive.counts),
      negativeSpans: negative.spans,
      negativeBuckets: Float64Array.from(negative.counts),
    }),
  );

const BOUNDS = [-5, -1, 0, 0.1, 1, 2.5, 5, 10];

export const customHistogram: fc.Arbitrary<FloatHistogram> = fc
  .record({
    bounds: fc.subarray(BOUNDS),
    counts: fc.array(fc.nat(1000), { minLength: BOUNDS.length + 1, maxLength: BOUNDS.length + 1 }),
    sum: fc.integer({ min: -1000, max: 1000 }),
    counterResetHint: fc.constantFrom(...HINTS),
  })
  .map(({ bounds, counts, sum, counterResetHint }) => {
    const used = counts.slice(0, bounds.length + 1);
    return createHistogram({
      schema: CUSTOM_BUCKETS_SCHEMA,
      sum,
      counterResetHint,
      count: used.reduce((a, b) => a + b),
      positiveSpans: [{ offset: 0, length: used.length }],
      positiveBuckets: Float64Array.from(used),
      customValues: Float64Array.from(bounds),
    });
  });

/** Two that can be added: both exponential or both with custom buckets. */
export const histogramPair: fc.Arbitrary<readonly [FloatHistogram, FloatHistogram]> = fc.oneof(
  fc.tuple(exponentialHistogram, exponentialHistogram),
  fc.tuple(customHistogram, customHistogram),
);
