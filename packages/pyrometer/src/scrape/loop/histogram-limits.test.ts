import { expect, test } from "vitest";
import type { FloatHistogram } from "../../model/index.ts";
import { createHistogram } from "../../model/index.ts";
import { limitHistogram } from "./histogram-limits.ts";

/** One observation in each of 16 neighbouring buckets. */
const sixteen = (schema: number): FloatHistogram =>
  createHistogram({
    schema,
    count: 16,
    sum: 16,
    counterResetHint: "gauge",
    positiveSpans: [{ offset: 1, length: 16 }],
    positiveBuckets: new Float64Array(16).fill(1),
  });

/** [schema, bucket limit, factor, schema of the result or undefined when there is none] */
const ROWS = [
  [3, 0, 0, 3],
  [3, 16, 0, 3],
  [3, 15, 0, 2],
  [3, 4, 0, 1],
  [3, 1, 0, -1],
  [-4, 16, 0, -4],
  [-3, 7, 0, undefined],
  [8, 0, 1, 8],
  [8, 0, 1.0027, 8],
  [8, 0, 1.1, 2],
  [8, 0, 2, 0],
  [8, 0, 1e9, -4],
  [-2, 0, 1.5, -2],
  [8, 4, 2, 0],
] as const;

test.each(ROWS)(
  "schema %i below %i buckets and factor %d has schema %j",
  (schema, bucketLimit, bucketFactorMin, expected) => {
    const limited = limitHistogram(sixteen(schema), { bucketLimit, bucketFactorMin });
    expect(limited?.schema).toBe(expected);
    if (limited === undefined) return;
    expect(limited.positiveBuckets.reduce((a, b) => a + b)).toBe(16);
    expect(limited.counterResetHint).toBe("gauge");
  },
);

test("custom buckets are as they are: too many are refused, and no factor changes them", () => {
  const custom = createHistogram({
    schema: -53,
    count: 3,
    positiveSpans: [{ offset: 0, length: 2 }],
    positiveBuckets: new Float64Array([1, 2]),
    customValues: new Float64Array([5]),
  });
  expect(limitHistogram(custom, { bucketLimit: 2, bucketFactorMin: 2 })).toBe(custom);
  expect(limitHistogram(custom, { bucketLimit: 1, bucketFactorMin: 0 })).toBeUndefined();
});
