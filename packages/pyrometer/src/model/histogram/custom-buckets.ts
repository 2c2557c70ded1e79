/**
 * Histograms with custom buckets meet in the bounds they share; the buckets between two shared
 * bounds become one.
 * Source: Prometheus 3.14, addCustomBucketsWithMismatches
 */
import { addCompensated } from "./kahan.ts";
import type { Side } from "./side.ts";
import { compactSide } from "./side.ts";

export function commonBounds(a: Float64Array, b: Float64Array): Float64Array {
  const inB = new Set(b);
  return a.filter((bound) => inB.has(bound));
}

/** Two sides of different bounds in the buckets of `common`. `b` may be negated to subtract. */
export function mergeCustomSides(
  a: { readonly side: Side; readonly bounds: Float64Array },
  b: { readonly side: Side; readonly bounds: Float64Array },
  common: Float64Array,
): Side {
  const counts = new Float64Array(common.length + 1);
  const lost = new Float64Array(common.length + 1);
  for (const { side, bounds } of [a, b]) {
    for (const [i, target] of targets(side, bounds, common).entries()) {
      addCompensated({ sums: counts, lost }, target, side.counts[i]!);
      if (side.lost !== undefined) addCompensated({ sums: counts, lost }, target, side.lost[i]!);
    }
  }
  const indexes = Int32Array.from(counts.keys());
  return compactSide({ indexes, counts, lost: a.side.lost === undefined ? undefined : lost });
}

/** The counts in the buckets of `common`, all of them. */
export function rollUp(side: Side, bounds: Float64Array, common: Float64Array): Float64Array {
  const counts = new Float64Array(common.length + 1);
  for (const [i, target] of targets(side, bounds, common).entries()) {
    counts[target]! += side.counts[i]!;
  }
  return counts;
}

/** For each bucket the one that holds it in `common`: the first that does not end before it. */
function targets({ indexes }: Side, bounds: Float64Array, common: Float64Array): Int32Array {
  let at = 0;
  return indexes.map((index) => {
    const upper = index < bounds.length ? bounds[index]! : Infinity;
    while (at < common.length && common[at]! < upper) at += 1;
    return at;
  });
}
