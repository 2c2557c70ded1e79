export { hashLabels } from "./hash.ts";
export { BucketCursor } from "./histogram/bucket-cursor.ts";
export type { Combined, CompensatedSum } from "./histogram/combine.ts";
export { addCompensatedHistograms, addHistograms, subHistograms } from "./histogram/combine.ts";
export { detectReset } from "./histogram/detect-reset.ts";
export { equalBounds, equalHistograms } from "./histogram/equal.ts";
export type { BucketSpan, CounterResetHint, FloatHistogram } from "./histogram/float-histogram.ts";
export {
  CUSTOM_BUCKETS_SCHEMA,
  createHistogram,
  isStaleHistogram,
  STALE_HISTOGRAM,
  usesCustomBuckets,
  withCounterResetHint,
} from "./histogram/float-histogram.ts";
export type { ClassicBucket } from "./histogram/from-classic.ts";
export { fromClassicHistogram } from "./histogram/from-classic.ts";
export { printHistogram, printHistogramNotation } from "./histogram/print.ts";
export {
  compactHistogram,
  divHistogram,
  hasOverflow,
  mulHistogram,
  reduceHistogram,
} from "./histogram/scale.ts";
export type { Statistic } from "./histogram/statistics.ts";
export {
  histogramAverage,
  histogramFraction,
  histogramQuantile,
  histogramVariance,
} from "./histogram/statistics.ts";
export { trimLower, trimUpper } from "./histogram/trim.ts";
export { histogramProblem } from "./histogram/validate.ts";
export {
  isLegacyLabelName,
  isLegacyMetricName,
  isUtf8Name,
  Labels,
  METRIC_NAME,
  quote,
} from "./labels.ts";
export type { Matcher, MatchOperator } from "./matcher.ts";
export { createMatcher, matchesAll, printMatcher } from "./matcher.ts";
export type { Capture, Search, TextTest } from "./regex.ts";
export { compileCapture, compileSearch, compileTest, RegexError } from "./regex.ts";
export { isStale, STALE_BITS, writeStale } from "./stale.ts";
export { formatGeneral, formatValue } from "./value.ts";
