/**
 * What changes one histogram: factors, resolution, empty buckets.
 * Source: Prometheus 3.14, model/histogram/float_histogram.go
 */
import { assert } from "../../std/index.ts";
import type { FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import type { Side } from "./side.ts";
import { compactSide, negativeSide, positiveSide, reduceSide, toSpans } from "./side.ts";

/** Every count and the sum times `factor`. By a negative factor it becomes a gauge. */
export function mulHistogram(histogram: FloatHistogram, factor: number): FloatHistogram {
  return scaled(histogram, factor, (value) => value * factor);
}

/** Every count and the sum divided by `divisor`. By zero no bucket remains. */
export function divHistogram(histogram: FloatHistogram, divisor: number): FloatHistogram {
  const divided = scaled(histogram, divisor, (value) => value / divisor);
  if (divisor !== 0) return divided;
  const none = { spans: [], buckets: new Float64Array(0) };
  return {
    ...divided,
    positiveSpans: none.spans,
    negativeSpans: none.spans,
    positiveBuckets: none.buckets,
    negativeBuckets: none.buckets,
  };
}

function scaled(
  histogram: FloatHistogram,
  by: number,
  scale: (value: number) => number,
): FloatHistogram {
  return {
    ...histogram,
    // Custom buckets have no zero bucket; scaled by infinity it would become NaN.
    zeroCount: usesCustomBuckets(histogram) ? 0 : scale(histogram.zeroCount),
    count: scale(histogram.count),
    sum: scale(histogram.sum),
    positiveBuckets: histogram.positiveBuckets.map(scale),
    negativeBuckets: histogram.negativeBuckets.map(scale),
    counterResetHint: by < 0 ? "gauge" : histogram.counterResetHint,
  };
}

/** Without empty buckets; neighbouring buckets share a span. */
export function compactHistogram(histogram: FloatHistogram): FloatHistogram {
  return withSides(histogram, {
    positive: compactSide(positiveSide(histogram)),
    negative: compactSide(negativeSide(histogram)),
  });
}

/** In a schema of wider buckets. What is known of counter resets is lost on the way. */
export function reduceHistogram(histogram: FloatHistogram, schema: number): FloatHistogram {
  if (schema === histogram.schema) return histogram;
  assert(
    !usesCustomBuckets(histogram) && schema < histogram.schema,
    `BUG: schema ${histogram.schema} reduced to ${schema}`,
  );
  const shift = histogram.schema - schema;
  return withSides(
    { ...histogram, schema, counterResetHint: "unknown" },
    {
      positive: reduceSide(positiveSide(histogram), shift),
      negative: reduceSide(negativeSide(histogram), shift),
    },
  );
}

export function withSides(
  histogram: FloatHistogram,
  { positive, negative }: { readonly positive: Side; readonly negative: Side },
): FloatHistogram {
  return {
    ...histogram,
    positiveSpans: toSpans(positive.indexes),
    negativeSpans: toSpans(negative.indexes),
    positiveBuckets: positive.counts,
    negativeBuckets: negative.counts,
  };
}

/** Whether a count or the sum has grown beyond what a number holds. */
export function hasOverflow(histogram: FloatHistogram): boolean {
  const isInfinite = (value: number) => value === Infinity || value === -Infinity;
  return (
    [histogram.zeroCount, histogram.count, histogram.sum].some(isInfinite) ||
    [histogram.positiveBuckets, histogram.negativeBuckets, histogram.customValues].some((column) =>
      column.some(isInfinite),
    )
  );
}
