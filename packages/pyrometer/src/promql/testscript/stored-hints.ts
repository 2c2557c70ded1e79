/**
 * What Prometheus' storage makes of counter reset hints: it keeps histograms in chunks without a
 * reset, so that of all but a chunk's first it knows that none came before. Scripts expect this.
 * Source: Prometheus 3.14, tsdb/chunkenc/float_histogram.go (appendable, counterResetHint)
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  detectReset,
  equalBounds,
  isStaleHistogram,
  withCounterResetHint,
} from "../../model/index.ts";

/** @param previous of the same series, as it was loaded; undefined after a number or a gap's end */
export function asStored(
  histogram: FloatHistogram,
  previous: FloatHistogram | undefined,
): FloatHistogram {
  if (histogram.counterResetHint === "gauge") return histogram;
  const continues = previous !== undefined && isContinued(histogram, previous);
  return withCounterResetHint(histogram, continues ? "not-reset" : "unknown");
}

function isContinued(histogram: FloatHistogram, previous: FloatHistogram): boolean {
  return (
    previous.counterResetHint !== "gauge" &&
    histogram.counterResetHint !== "reset" &&
    !isStaleHistogram(previous) &&
    histogram.schema === previous.schema &&
    histogram.zeroThreshold === previous.zeroThreshold &&
    equalBounds(histogram.customValues, previous.customValues) &&
    !detectReset(withCounterResetHint(histogram, "unknown"), previous)
  );
}
