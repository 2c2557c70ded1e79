/** Equality of data, not of numbers: bit by bit, so that NaN equals itself and -0 is not 0. */
import type { FloatHistogram } from "./float-histogram.ts";
import { isStaleHistogram } from "./float-histogram.ts";
import type { Side } from "./side.ts";
import { negativeSide, positiveSide } from "./side.ts";

/**
 * Whether both have the same buckets (empty ones count) with the same contents. Spans may be cut
 * differently, and counter reset hints may differ.
 */
export function equalHistograms(a: FloatHistogram, b: FloatHistogram): boolean {
  if (a === b) return true;
  return (
    a.schema === b.schema &&
    Object.is(a.count, b.count) &&
    Object.is(a.sum, b.sum) &&
    isStaleHistogram(a) === isStaleHistogram(b) &&
    a.zeroThreshold === b.zeroThreshold &&
    Object.is(a.zeroCount, b.zeroCount) &&
    equalBounds(a.customValues, b.customValues) &&
    equalSides(positiveSide(a), positiveSide(b)) &&
    equalSides(negativeSide(a), negativeSide(b))
  );
}

export function equalBounds(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i]);
}

function equalSides(a: Side, b: Side): boolean {
  return (
    a.counts.length === b.counts.length &&
    a.indexes.every((index, i) => index === b.indexes[i]) &&
    a.counts.every((count, i) => Object.is(count, b.counts[i]))
  );
}
