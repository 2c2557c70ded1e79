import type { FloatHistogram } from "../../model/index.ts";
import {
  compactHistogram,
  equalHistograms,
  printHistogramNotation,
  usesCustomBuckets,
} from "../../model/index.ts";
import { isAlmostEqual } from "./almost-equal.ts";
import type { SequenceValue } from "./series-notation.ts";

/**
 * Whether a histogram is the expected one: counts within a tolerance, buckets and bounds exactly.
 *
 * @returns what differs, as text
 */
export function compareHistograms(
  expected: Extract<SequenceValue, { readonly kind: "histogram" }>,
  actual: FloatHistogram,
  about: string,
): string | undefined {
  const wanted = compactHistogram(expected.histogram);
  const got = compactHistogram(actual);
  const isSameHint = !expected.isHintSet || wanted.counterResetHint === got.counterResetHint;
  if (isSameHint && areAlike(wanted, got)) return undefined;
  const [wantedText, gotText] = [wanted, got].map(printHistogramNotation);
  return `expected ${wantedText} for ${about}, got ${gotText}`;
}

function areAlike(wanted: FloatHistogram, got: FloatHistogram): boolean {
  const pairs = (["count", "sum", "zeroCount"] as const).map((key) => [wanted[key], got[key]]);
  const columns = (["positiveBuckets", "negativeBuckets"] as const).flatMap((key) =>
    Array.from(wanted[key], (count, i) => [count, got[key][i] ?? NaN]),
  );
  return (
    hasSameLayout(wanted, got) && [...pairs, ...columns].every(([a, b]) => isAlmostEqual(a!, b!))
  );
}

/** With all counts taken out, equal to the bit. Bounds count for custom buckets only. */
function hasSameLayout(a: FloatHistogram, b: FloatHistogram): boolean {
  const layout = (histogram: FloatHistogram): FloatHistogram => ({
    ...histogram,
    count: 0,
    sum: 0,
    zeroCount: 0,
    positiveBuckets: new Float64Array(histogram.positiveBuckets.length),
    negativeBuckets: new Float64Array(histogram.negativeBuckets.length),
    customValues: usesCustomBuckets(histogram) ? histogram.customValues : new Float64Array(0),
  });
  return equalHistograms(layout(a), layout(b));
}
