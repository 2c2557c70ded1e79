/**
 * What a job allows a native histogram to be: so fine, and so large.
 * Source: Prometheus 3.14, scrape/target.go and scrape/scrape.go, pickSchema
 */
import type { FloatHistogram } from "../../model/index.ts";
import { reduceHistogram, usesCustomBuckets, withCounterResetHint } from "../../model/index.ts";

const SCHEMA_MIN = -4;
const SCHEMA_MAX = 8;

export interface HistogramLimits {
  /** Each bucket's bounds are at least this factor apart; 0 for no such wish. */
  readonly bucketFactorMin: number;
  /** 0 is none. */
  readonly bucketLimit: number;
}

/** The histogram with as many buckets as allowed; undefined when even the widest are too many. */
export function limitHistogram(
  histogram: FloatHistogram,
  { bucketFactorMin, bucketLimit }: HistogramLimits,
): FloatHistogram | undefined {
  let limited = reduceTo(histogram, schemaOfFactor(bucketFactorMin));
  if (bucketLimit === 0) return limited;
  while (bucketCountOf(limited) > bucketLimit) {
    if (usesCustomBuckets(limited) || limited.schema <= SCHEMA_MIN) return undefined;
    limited = reduceTo(limited, limited.schema - 1);
  }
  return limited;
}

/** The finest schema whose buckets grow by no less than `factor`. */
function schemaOfFactor(factor: number): number {
  if (factor <= 1) return SCHEMA_MAX;
  const schema = Math.floor(0 - Math.log2(Math.log2(factor))); // a minus alone would give -0
  return Math.min(SCHEMA_MAX, Math.max(SCHEMA_MIN, schema));
}

function reduceTo(histogram: FloatHistogram, schema: number): FloatHistogram {
  if (usesCustomBuckets(histogram) || histogram.schema <= schema) return histogram;
  return withCounterResetHint(reduceHistogram(histogram, schema), histogram.counterResetHint);
}

function bucketCountOf({ positiveBuckets, negativeBuckets }: FloatHistogram): number {
  return positiveBuckets.length + negativeBuckets.length;
}
