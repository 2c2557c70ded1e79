/**
 * What a histogram from outside must be like before anything computes with it.
 * Source: Prometheus 3.14, FloatHistogram.Validate
 */
import { formatGeneral } from "../value.ts";
import type { BucketSpan, FloatHistogram } from "./float-histogram.ts";
import {
  bucketCount,
  CUSTOM_BUCKETS_SCHEMA,
  EXPONENTIAL_SCHEMA_MAX,
  EXPONENTIAL_SCHEMA_MIN,
} from "./float-histogram.ts";

/**
 * @returns what is wrong, in Prometheus' words; undefined when nothing is. That the count is as
 * large as the buckets together is not asked: with fractions, rounding would get in the way.
 */
export function histogramProblem(histogram: FloatHistogram): string | undefined {
  const { schema, count } = histogram;
  if (schema !== CUSTOM_BUCKETS_SCHEMA && !isExponentialSchema(schema)) {
    return (
      `histogram has an invalid schema, which must be between ${EXPONENTIAL_SCHEMA_MIN} and ` +
      `${EXPONENTIAL_SCHEMA_MAX} for exponential buckets, or ${CUSTOM_BUCKETS_SCHEMA} for custom ` +
      `buckets, got schema ${schema}`
    );
  }
  const problem =
    schema === CUSTOM_BUCKETS_SCHEMA ? customProblem(histogram) : exponentialProblem(histogram);
  if (problem !== undefined) return problem;
  if (count < 0) {
    return `observation count is  ${formatGeneral(count)}: histogram's observation count is negative`;
  }
  return sideProblem("positive", countProblem(histogram.positiveBuckets));
}

function isExponentialSchema(schema: number): boolean {
  return (
    Number.isInteger(schema) && schema >= EXPONENTIAL_SCHEMA_MIN && schema <= EXPONENTIAL_SCHEMA_MAX
  );
}

function exponentialProblem(histogram: FloatHistogram): string | undefined {
  const { positiveSpans, positiveBuckets, negativeSpans, negativeBuckets, zeroCount } = histogram;
  const problem =
    sideProblem("positive", spanProblem(positiveSpans, positiveBuckets.length)) ??
    sideProblem("negative", spanProblem(negativeSpans, negativeBuckets.length)) ??
    sideProblem("negative", countProblem(negativeBuckets));
  if (problem !== undefined) return problem;
  if (zeroCount < 0) {
    const text = formatGeneral(zeroCount);
    return `zero bucket has observation count of ${text}: ${NEGATIVE_BUCKET}`;
  }
  if (histogram.customValues.length > 0) {
    return "histogram with exponential schema must not have custom bounds";
  }
  return undefined;
}

function customProblem(histogram: FloatHistogram): string | undefined {
  const { customValues, positiveSpans, positiveBuckets } = histogram;
  const problem =
    boundsProblem(customValues) ??
    customSpanProblem(positiveSpans, positiveBuckets.length, customValues.length);
  if (problem !== undefined) return `custom buckets: ${problem}`;
  if (histogram.zeroCount !== 0) return "custom buckets: must have zero count of 0";
  if (histogram.zeroThreshold !== 0) return "custom buckets: must have zero threshold of 0";
  if (histogram.negativeSpans.length > 0) return "custom buckets: must not have negative spans";
  if (histogram.negativeBuckets.length > 0) return "custom buckets: must not have negative buckets";
  return undefined;
}

function boundsProblem(bounds: Float64Array): string | undefined {
  for (const [i, bound] of bounds.entries()) {
    if (Number.isNaN(bound)) return "histogram custom bounds must not be NaN";
    const before = bounds[i - 1];
    if (before !== undefined && bound <= before) {
      return (
        `previous bound is ${before.toFixed(6)} and current is ${bound.toFixed(6)}: ` +
        "histogram custom bounds must be in strictly increasing order"
      );
    }
  }
  if (bounds.at(-1) !== Infinity) return undefined;
  return "last +Inf bound must not be explicitly defined: histogram custom bounds must be finite";
}

const NEGATIVE_BUCKET = "histogram has a bucket whose observation count is negative";

function spanProblem(spans: readonly BucketSpan[], bucketsLength: number): string | undefined {
  const negative = spans.findIndex(({ offset }, i) => i > 0 && offset < 0);
  return negativeOffset(spans, negative) ?? lengthProblem(spans, bucketsLength);
}

function customSpanProblem(
  spans: readonly BucketSpan[],
  bucketsLength: number,
  boundsLength: number,
): string | undefined {
  const negative = spans.findIndex(({ offset }) => offset < 0);
  const problem = negativeOffset(spans, negative) ?? lengthProblem(spans, bucketsLength);
  if (problem !== undefined) return problem;
  const reach = spans.reduce((total, { offset, length }) => total + offset + length, 0);
  if (boundsLength + 1 >= reach) return undefined;
  return (
    `only ${boundsLength} custom bounds defined which is insufficient to cover total span length ` +
    `of ${reach}: histogram custom bounds are too few`
  );
}

function negativeOffset(spans: readonly BucketSpan[], at: number): string | undefined {
  if (at < 0) return undefined;
  return (
    `span number ${at + 1} with offset ${spans[at]!.offset}: ` +
    "histogram has a span whose offset is negative"
  );
}

function lengthProblem(spans: readonly BucketSpan[], bucketsLength: number): string | undefined {
  const needed = bucketCount(spans);
  if (needed === bucketsLength) return undefined;
  return (
    `spans need ${needed} buckets, have ${bucketsLength} buckets: ` +
    "histogram spans specify different number of buckets than provided"
  );
}

function countProblem(counts: Float64Array): string | undefined {
  const at = counts.findIndex((count) => count < 0);
  if (at < 0) return undefined;
  return `bucket number ${at + 1} has observation count of ${formatGeneral(counts[at]!)}: ${NEGATIVE_BUCKET}`;
}

function sideProblem(side: "positive" | "negative", problem: string | undefined) {
  return problem === undefined ? undefined : `${side} side: ${problem}`;
}
