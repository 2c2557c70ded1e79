/**
 * What remarks about native histograms say, in Prometheus' words: people search for them.
 * Source: Prometheus 3.14, util/annotations/annotations.go
 */
import { quote } from "../../model/index.ts";

export type HistogramOperation = "addition" | "subtraction" | "aggregation";

export function mixedTypesOf(name: string): string {
  return `encountered a mix of histograms and floats for metric name ${quote(name)}`;
}

export const MIXED_TYPES_IN_AGGREGATION =
  "encountered a mix of histograms and floats for aggregation";

export function mixedClassicAndNative(name: string): string {
  return `vector contains a mix of classic and native histograms${about(name)}`;
}

export function mixedSchemas(name: string): string {
  const what = "a mix of histograms with exponential and custom buckets schemas";
  return `vector contains ${what} for metric name ${quote(name)}`;
}

export function notCounter(name: string): string {
  return `this native histogram metric is not a counter: ${quote(name)}`;
}

export function notGauge(name: string): string {
  return `this native histogram metric is not a gauge: ${quote(name)}`;
}

export function ignoredInAggregation(operator: string): string {
  return `ignored histogram in ${operator} aggregation`;
}

export function ignoredInRange(name: string): string {
  const what = "ignored histograms in a range containing both floats and histograms";
  return `${what} for metric name ${quote(name)}`;
}

export function conflictingResets(operation: HistogramOperation): string {
  return `conflicting counter resets during histogram ${operation}`;
}

export function reconciledBuckets(operation: HistogramOperation): string {
  return `mismatched custom buckets were reconciled during ${operation}`;
}

export function incompatibleTypes(operator: string, left: SampleType, right: SampleType): string {
  const pair = `${left} ${operator} ${right}`;
  return `incompatible sample types encountered for binary operator "${operator}": ${pair}`;
}

export type SampleType = "float" | "histogram";

export function incompatibleLayout(operator: string): string {
  return `incompatible bucket layout encountered for binary operator ${operator}`;
}

export function quantileIsNan(name: string): string {
  return `input to histogram_quantile has NaN observations, result is NaN${about(name)}`;
}

export function quantileIsSkewed(name: string): string {
  return `input to histogram_quantile has NaN observations, result is skewed higher${about(name)}`;
}

export function fractionExcludesNans(name: string): string {
  const what = "NaN observations, which are excluded from all fractions";
  return `input to histogram_fraction has ${what}${about(name)}`;
}

export function startTimeOverlap(name: string): string {
  const what = "sample has start time that overlaps with previous sample timestamp";
  return `${what} for metric ${quote(name)}`;
}

function about(name: string): string {
  return name === "" ? "" : ` for metric name ${quote(name)}`;
}
