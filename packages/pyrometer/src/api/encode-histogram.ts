/** Native histograms as Prometheus' JSON. Source: Prometheus 3.14, util/jsonutil/marshal.go */
import type { FloatHistogram } from "../model/index.ts";
import { BucketCursor } from "../model/index.ts";

type EncodeValue = (value: number) => string;

/**
 * `{"count":"3","sum":"4.5","buckets":[[0,"1","2","3"]]}`: populated buckets, lowest first, each
 * with its kind of bounds, its bounds and its count.
 */
export function encodeHistogram(histogram: FloatHistogram, encodeValue: EncodeValue): string {
  const totals = `"count":"${encodeValue(histogram.count)}","sum":"${encodeValue(histogram.sum)}"`;
  let buckets = "";
  for (const cursor = new BucketCursor(histogram); cursor.next(); ) {
    if (cursor.count === 0) continue;
    const numbers = [cursor.lower, cursor.upper, cursor.count].map(
      (one) => `"${encodeValue(one)}"`,
    );
    buckets += `${buckets === "" ? "" : ","}[${boundsOf(cursor)},${numbers.join(",")}]`;
  }
  return buckets === "" ? `{${totals}}` : `{${totals},"buckets":[${buckets}]}`;
}

/** 0: (lower, upper], 1: [lower, upper), 2: (lower, upper), 3: [lower, upper]. */
function boundsOf({ isLowerInclusive, isUpperInclusive }: BucketCursor): number {
  if (isLowerInclusive) return isUpperInclusive ? 3 : 1;
  return isUpperInclusive ? 0 : 2;
}
