/**
 * Two histograms whose zero buckets differ in width: both are given the narrower one that fits
 * both, widened so that no populated bucket is cut by it.
 * Source: Prometheus 3.14, FloatHistogram.reconcileZeroBuckets
 */
import { assert } from "../../std/index.ts";
import { exponentialBound } from "./bounds.ts";
import { addCompensated } from "./kahan.ts";
import type { Side } from "./side.ts";
import { compactSide, dropFirst } from "./side.ts";

/** An exponential histogram taken apart for arithmetic. */
export interface Parts {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** What zeroCount has lost by rounding. */
  readonly zeroLost: number;
  readonly positive: Side;
  readonly negative: Side;
}

/** `a` with the common zero bucket; of `b` only the zero bucket changes, its buckets stay as they are. */
export function reconcileZeroBuckets(a: Parts, b: Parts): { a: Parts; b: Parts } {
  let wideA = a;
  let wideB = b;
  while (wideA.zeroThreshold !== wideB.zeroThreshold) {
    if (wideA.zeroThreshold > wideB.zeroThreshold) {
      wideB = { ...b, ...widenedZero(b, wideA.zeroThreshold) };
    }
    if (wideB.zeroThreshold > wideA.zeroThreshold) {
      wideA = withoutSwallowed({ ...wideA, ...widenedZero(wideA, wideB.zeroThreshold) });
    }
  }
  return { a: wideA, b: wideB };
}

export interface ZeroBucket {
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly zeroLost: number;
}

/**
 * The zero bucket if it reached to `threshold`, or further where that would cut a populated
 * bucket: then to the end of that bucket.
 */
export function widenedZero(parts: Parts, threshold: number): ZeroBucket {
  assert(
    threshold >= parts.zeroThreshold,
    `BUG: zero bucket of ${parts.zeroThreshold} narrowed to ${threshold}`,
  );
  if (threshold === parts.zeroThreshold) return parts;
  for (let zeroThreshold = threshold; ; ) {
    const total = {
      sums: new Float64Array([parts.zeroCount]),
      lost: new Float64Array([parts.zeroLost]),
    };
    const wider = swallow(total, { side: parts.positive, schema: parts.schema }, zeroThreshold);
    const widest = swallow(total, { side: parts.negative, schema: parts.schema }, wider);
    if (widest === wider) {
      return { zeroThreshold: wider, zeroCount: total.sums[0]!, zeroLost: total.lost[0]! };
    }
    // A negative bucket pushed the threshold outwards: all again. (Prometheus 3.14 then keeps what
    // the first round lost by rounding, and so compensates for it twice.)
    zeroThreshold = widest;
  }
}

/** Adds the buckets below `threshold` to `total`; returns it, or the end of the bucket it cuts. */
function swallow(
  total: { readonly sums: Float64Array; readonly lost: Float64Array },
  { side, schema }: { readonly side: Side; readonly schema: number },
  threshold: number,
): number {
  for (const [i, index] of side.indexes.entries()) {
    if (exponentialBound(schema, index - 1) >= threshold) break;
    addCompensated(total, 0, side.counts[i]!);
    if (side.lost !== undefined) addCompensated(total, 0, side.lost[i]!);
    const upper = exponentialBound(schema, index);
    if (upper > threshold) return side.counts[i] === 0 ? threshold : upper;
  }
  return threshold;
}

function withoutSwallowed(parts: Parts): Parts {
  const rest = (side: Side) => {
    let skip = 0;
    while (
      skip < side.indexes.length &&
      exponentialBound(parts.schema, side.indexes[skip]! - 1) < parts.zeroThreshold
    ) {
      skip += 1;
    }
    return compactSide(dropFirst(side, skip));
  };
  return { ...parts, positive: rest(parts.positive), negative: rest(parts.negative) };
}
