/**
 * From the wire's histogram to the one we compute with: absolute counts instead of deltas, and no
 * more resolution than the schemas have that everything understands.
 * Source: Prometheus 3.14, model/textparse/protobufparse.go and model/histogram/histogram.go
 */
import type { FloatHistogram } from "../../model/index.ts";
import { compactHistogram, histogramProblem, reduceHistogram } from "../../model/index.ts";
import type { Histogram, NativeSide } from "./messages.ts";

/** The finest schema that is stored; finer ones, up to 52, are reserved and reduced to it. */
const SCHEMA_MAX = 8;
const RESERVED_SCHEMA_MAX = 52;

/** Bucket indexes are 32 bits wide, and so is what they can be shifted by at once. */
const SHIFT_MAX = 31;

/**
 * Whether a histogram has a native part. One without observations has a zero threshold, or an empty
 * span to say so.
 */
export function isNative(histogram: Histogram): boolean {
  return (
    histogram.positive.spans.length > 0 ||
    histogram.negative.spans.length > 0 ||
    histogram.zeroThreshold > 0 ||
    histogram.zeroCount > 0 ||
    histogram.zeroCountFloat > 0
  );
}

/** @returns what is wrong, in Prometheus' words, when it is no proper histogram */
export function toFloatHistogram(
  raw: Histogram,
  counterResetHint: "unknown" | "gauge",
): FloatHistogram | { readonly problem: string } {
  const isFloat =
    raw.countFloat > 0 ||
    raw.zeroCountFloat > 0 ||
    raw.positive.counts.length > 0 ||
    raw.negative.counts.length > 0;
  const buckets = (side: NativeSide) =>
    isFloat ? Float64Array.from(side.counts) : summedUp(side.deltas);
  const histogram: FloatHistogram = {
    schema: raw.schema,
    zeroThreshold: raw.zeroThreshold,
    zeroCount: isFloat ? raw.zeroCountFloat : raw.zeroCount,
    count: isFloat ? raw.countFloat : raw.count,
    sum: raw.sum,
    positiveSpans: raw.positive.spans,
    negativeSpans: raw.negative.spans,
    positiveBuckets: buckets(raw.positive),
    negativeBuckets: buckets(raw.negative),
    // The format has no field for custom bounds (yet).
    customValues: new Float64Array(0),
    counterResetHint,
  };
  const isReserved = raw.schema > SCHEMA_MAX && raw.schema <= RESERVED_SCHEMA_MAX;
  const problem =
    histogramProblem(isReserved ? { ...histogram, schema: SCHEMA_MAX } : histogram) ??
    (isFloat ? undefined : countProblem(histogram));
  return problem === undefined ? compactHistogram(reduced(histogram)) : { problem };
}

function summedUp(deltas: readonly number[]): Float64Array {
  let count = 0;
  return Float64Array.from(deltas, (delta) => {
    count += delta;
    return count;
  });
}

function reduced(histogram: FloatHistogram): FloatHistogram {
  let coarser = histogram;
  while (coarser.schema > SCHEMA_MAX) {
    coarser = reduceHistogram(coarser, Math.max(SCHEMA_MAX, coarser.schema - SHIFT_MAX));
  }
  // Resolution is lost, but not what kind of histogram it is.
  return { ...coarser, counterResetHint: histogram.counterResetHint };
}

/** Whole numbers must add up. Observations of NaN are in no bucket, and make the sum NaN. */
function countProblem(histogram: FloatHistogram): string | undefined {
  const { count, sum, zeroCount, positiveBuckets, negativeBuckets } = histogram;
  let found = zeroCount;
  for (const counted of positiveBuckets) found += counted;
  for (const counted of negativeBuckets) found += counted;
  const observations = `${found} observations found in buckets, but the Count field is ${count}`;
  if (Number.isNaN(sum)) {
    if (found <= count) return undefined;
    return `${observations}: histogram's observation count should be at least the number of observations found in the buckets`;
  }
  if (found === count) return undefined;
  return `${observations}: histogram's observation count should equal the number of observations found in the buckets (in absence of NaN)`;
}
