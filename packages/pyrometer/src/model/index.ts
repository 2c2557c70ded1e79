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
export { formatValue } from "./value.ts";
