/**
 * A histogram as text: as Prometheus prints it in results and messages, and in the notation of
 * its test scripts.
 * Source: Prometheus 3.14, FloatHistogram.String and TestExpression
 */
import { formatGeneral } from "../value.ts";
import { bucketBound } from "./bounds.ts";
import type { BucketSpan, CounterResetHint, FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import { compactHistogram } from "./scale.ts";
import type { Side } from "./side.ts";
import { negativeSide, positiveSide } from "./side.ts";

/** `{count:4, sum:5, (1,2]:1}`: populated buckets with their bounds, lowest first. */
export function printHistogram(histogram: FloatHistogram): string {
  const { count, sum, zeroCount, zeroThreshold } = histogram;
  const items = [`count:${formatGeneral(count)}`, `sum:${formatGeneral(sum)}`];
  items.push(...printSide(histogram, negativeSide(histogram), "negative").reverse());
  if (zeroCount !== 0) {
    const threshold = formatGeneral(zeroThreshold);
    const lower = formatGeneral(-zeroThreshold);
    items.push(`[${lower},${threshold}]:${formatGeneral(zeroCount)}`);
  }
  items.push(...printSide(histogram, positiveSide(histogram), "positive"));
  return `{${items.join(", ")}}`;
}

/** Populated buckets from zero outwards, with the bounds of their schema, even inside zero's. */
function printSide(
  histogram: FloatHistogram,
  { indexes, counts }: Side,
  sign: "positive" | "negative",
): string[] {
  const items: string[] = [];
  for (const [i, index] of indexes.entries()) {
    if (counts[i] === 0) continue;
    const inner = bucketBound(histogram, index - 1);
    const outer = bucketBound(histogram, index);
    const count = formatGeneral(counts[i]!);
    if (sign === "negative") {
      items.push(`[${formatGeneral(-outer)},${formatGeneral(-inner)}):${count}`);
    } else {
      const open = usesCustomBuckets(histogram) && index === 0 ? "[" : "(";
      items.push(`${open}${formatGeneral(inner)},${formatGeneral(outer)}]:${count}`);
    }
  }
  return items;
}

const HINT_NAMES: Readonly<Record<CounterResetHint, string>> = {
  unknown: "unknown",
  reset: "reset",
  "not-reset": "not_reset",
  gauge: "gauge",
};

/** `{{schema:1 count:4 sum:5 buckets:[1 0 3]}}`. Gaps between spans are printed as zeros. */
export function printHistogramNotation(histogram: FloatHistogram): string {
  const { schema, customValues, counterResetHint } = histogram;
  const compact = compactHistogram(histogram);
  const items: string[] = [];
  const number = (name: string, value: number) => {
    if (value !== 0) items.push(`${name}:${formatGeneral(value)}`);
  };
  number("schema", schema);
  number("count", histogram.count);
  number("sum", histogram.sum);
  number("z_bucket", histogram.zeroCount);
  number("z_bucket_w", histogram.zeroThreshold);
  if (usesCustomBuckets(histogram)) items.push(`custom_values:${printColumn(customValues)}`);
  if (counterResetHint !== "unknown") {
    items.push(`counter_reset_hint:${HINT_NAMES[counterResetHint]}`);
  }
  for (const [prefix, spans, counts] of [
    ["", compact.positiveSpans, compact.positiveBuckets],
    ["n_", compact.negativeSpans, compact.negativeBuckets],
  ] as const) {
    number(`${prefix}offset`, spans[0]?.offset ?? 0);
    if (counts.length > 0) items.push(`${prefix}buckets:${printColumn(withGaps(spans, counts))}`);
  }
  return `{{${items.join(" ")}}}`;
}

function printColumn(values: readonly number[] | Float64Array): string {
  return `[${Array.from(values, formatGeneral).join(" ")}]`;
}

function withGaps(spans: readonly BucketSpan[], counts: Float64Array): number[] {
  const all: number[] = [];
  let at = 0;
  for (const [i, { offset, length }] of spans.entries()) {
    if (i > 0) for (let gap = 0; gap < offset; gap++) all.push(0);
    all.push(...counts.subarray(at, at + length));
    at += length;
  }
  return all;
}
