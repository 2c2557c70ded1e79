/**
 * What Prometheus' store finds out about histograms when they come: whether the counters went on
 * from the sample before or started over. Tests may expect it (`counter_reset_hint:not_reset`), and
 * our stores keep the hint they are given.
 *
 * Source: Prometheus tsdb/chunkenc/float_histogram.go, appendable
 */
import type { CounterResetHint, FloatHistogram } from "../../model/index.ts";
import { detectReset, isStaleHistogram } from "../../model/index.ts";
import type { SequenceValue } from "../../promql/index.ts";

/** The same values, the hints of their histograms filled in. */
export function withResetHints(values: readonly SequenceValue[]): readonly SequenceValue[] {
  let previous: FloatHistogram | undefined;
  return values.map((value) => {
    if (value.kind === "gap") return value;
    if (value.kind !== "histogram") {
      previous = undefined;
      return value;
    }
    const counterResetHint = hintOf(value.histogram, previous);
    previous = { ...value.histogram, counterResetHint };
    return { ...value, histogram: previous };
  });
}

function hintOf(histogram: FloatHistogram, previous: FloatHistogram | undefined): CounterResetHint {
  const { counterResetHint: given } = histogram;
  if (given === "gauge" || given === "reset" || isStaleHistogram(histogram)) return given;
  if (previous === undefined || isStaleHistogram(previous)) return "unknown";
  if (previous.counterResetHint === "gauge") return "unknown";
  if (histogram.count < previous.count) return "reset";
  // Other buckets than before are stored apart, and nobody compares the two.
  const isLaidOutAlike =
    histogram.schema === previous.schema && histogram.zeroThreshold === previous.zeroThreshold;
  if (!isLaidOutAlike) return "unknown";
  // A given "not-reset" is not believed: it may be about a sample that never came.
  return detectReset({ ...histogram, counterResetHint: "unknown" }, previous)
    ? "reset"
    : "not-reset";
}
