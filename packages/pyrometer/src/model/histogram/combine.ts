/**
 * Adding and subtracting histograms, whatever their resolutions, zero buckets and custom bounds:
 * both are brought to what they have in common first.
 * Source: Prometheus 3.14, FloatHistogram.Add, Sub and KahanAdd
 */
import { exponentialBound } from "./bounds.ts";
import { commonBounds, mergeCustomSides } from "./custom-buckets.ts";
import { equalBounds } from "./equal.ts";
import type { BucketSpan, CounterResetHint, FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import { addCompensated } from "./kahan.ts";
import type { Side } from "./side.ts";
import {
  beyond,
  mergeSides,
  negateSide,
  negativeSide,
  positiveSide,
  reduceSide,
  toSpans,
} from "./side.ts";
import type { Parts } from "./zero-bucket.ts";
import { reconcileZeroBuckets } from "./zero-bucket.ts";

export interface Combined {
  /** May have empty buckets; see compactHistogram(). */
  readonly histogram: FloatHistogram;
  /** One was marked as after a counter reset, the other as not: the hint is now "unknown". */
  readonly hasResetCollision: boolean;
  /** Custom buckets with different bounds: only the common bounds are left. */
  readonly hasReconciledBounds: boolean;
}

export interface CompensatedSum extends Combined {
  /** Shaped like `histogram`: what its numbers have lost by rounding. */
  readonly compensation: FloatHistogram;
}

/** @returns undefined when one has exponential and the other custom buckets: no sum makes sense */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, 1);
}

/** As addHistograms(). For PromQL's `-` the caller marks the result as a gauge. */
export function subHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(a, b, -1);
}

/**
 * Adds `b` to the running sum `a` and keeps account of what rounding loses (Kahan). When all are
 * added, add the last compensation with addHistograms().
 *
 * @param compensation of `a`, from the call before; absent in the first
 * @returns undefined as addHistograms()
 */
export function addCompensatedHistograms(
  a: FloatHistogram,
  b: FloatHistogram,
  compensation: FloatHistogram = withoutCounts(a),
): CompensatedSum | undefined {
  if (usesCustomBuckets(a) !== usesCustomBuckets(b)) return undefined;
  const totals = {
    sums: new Float64Array([a.count, a.sum]),
    lost: new Float64Array([compensation.count, compensation.sum]),
  };
  addCompensated(totals, 0, b.count);
  addCompensated(totals, 1, b.sum);
  const { parts, customValues, hasReconciledBounds } = usesCustomBuckets(a)
    ? mergedCustomParts({ a, b, sign: 1 }, compensation)
    : mergedParts({ a, b, sign: 1 }, compensation);
  const hint = combinedHint(a.counterResetHint, b.counterResetHint);
  const shape = { customValues, counterResetHint: hint.counterResetHint };
  const sum = assemble(parts, { ...shape, count: totals.sums[0]!, sum: totals.sums[1]! });
  return {
    histogram: sum,
    compensation: {
      ...sum,
      zeroCount: parts.zeroLost,
      count: totals.lost[0]!,
      sum: totals.lost[1]!,
      positiveBuckets: parts.positive.lost ?? new Float64Array(sum.positiveBuckets.length),
      negativeBuckets: parts.negative.lost ?? new Float64Array(sum.negativeBuckets.length),
    },
    hasResetCollision: hint.isCollision,
    hasReconciledBounds,
  };
}

interface Operation {
  readonly a: FloatHistogram;
  readonly b: FloatHistogram;
  readonly sign: 1 | -1;
}

function combine(a: FloatHistogram, b: FloatHistogram, sign: 1 | -1): Combined | undefined {
  if (usesCustomBuckets(a) !== usesCustomBuckets(b)) return undefined;
  const { counterResetHint, isCollision } = combinedHint(a.counterResetHint, b.counterResetHint);
  const totals = {
    counterResetHint,
    count: a.count + sign * b.count,
    sum: a.sum + sign * b.sum,
  };
  if (haveSameLayout(a, b)) {
    const histogram = {
      ...a,
      ...totals,
      zeroCount: a.zeroCount + sign * b.zeroCount,
      positiveBuckets: a.positiveBuckets.map((count, i) => count + sign * b.positiveBuckets[i]!),
      negativeBuckets: a.negativeBuckets.map((count, i) => count + sign * b.negativeBuckets[i]!),
    };
    return { histogram, hasResetCollision: isCollision, hasReconciledBounds: false };
  }
  const { parts, customValues, hasReconciledBounds } = usesCustomBuckets(a)
    ? mergedCustomParts({ a, b, sign })
    : mergedParts({ a, b, sign });
  return {
    histogram: assemble(parts, { ...totals, customValues }),
    hasResetCollision: isCollision,
    hasReconciledBounds,
  };
}

/** The usual case, histograms of one series: nothing to reconcile, the counts lie side by side. */
function haveSameLayout(a: FloatHistogram, b: FloatHistogram): boolean {
  return (
    a.schema === b.schema &&
    a.zeroThreshold === b.zeroThreshold &&
    sameSpans(a.positiveSpans, b.positiveSpans) &&
    sameSpans(a.negativeSpans, b.negativeSpans) &&
    equalBounds(a.customValues, b.customValues) &&
    (usesCustomBuckets(a) || (isBeyondZero(a, a.positiveSpans) && isBeyondZero(a, a.negativeSpans)))
  );
}

/** Buckets inside the zero bucket are left out of an addend; hardly any histogram has them. */
function isBeyondZero(
  { schema, zeroThreshold }: FloatHistogram,
  [first]: readonly BucketSpan[],
): boolean {
  return first === undefined || exponentialBound(schema, first.offset) > zeroThreshold;
}

function sameSpans(a: readonly BucketSpan[], b: readonly BucketSpan[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ offset, length }, i) => offset === b[i]!.offset && length === b[i]!.length)
  );
}

interface Merged {
  readonly parts: Parts;
  readonly customValues: Float64Array;
  readonly hasReconciledBounds: boolean;
}

function mergedParts({ a, b, sign }: Operation, compensation?: FloatHistogram): Merged {
  const wide = reconcileZeroBuckets(toParts(a, compensation), toParts(b));
  const schema = Math.min(a.schema, b.schema);
  const { zeroThreshold } = wide.a;
  const merge = (left: Side, right: Side) => {
    // Only where resolution is lost is anything to compensate in `b`.
    const lost =
      compensation && schema < b.schema ? new Float64Array(right.counts.length) : undefined;
    const reduced = reduceSide({ ...right, lost }, b.schema - schema);
    const addend = beyond(reduced, schema, zeroThreshold);
    return mergeSides(
      reduceSide(left, a.schema - schema),
      sign === 1 ? addend : negateSide(addend),
    );
  };
  const zero = { sums: new Float64Array([wide.a.zeroCount]), lost: new Float64Array(1) };
  zero.lost[0] = wide.a.zeroLost;
  if (compensation === undefined) zero.sums[0]! += sign * wide.b.zeroCount;
  else {
    addCompensated(zero, 0, wide.b.zeroCount);
    addCompensated(zero, 0, wide.b.zeroLost);
  }
  const parts = {
    schema,
    zeroThreshold,
    zeroCount: zero.sums[0]!,
    zeroLost: zero.lost[0]!,
    positive: merge(wide.a.positive, wide.b.positive),
    negative: merge(wide.a.negative, wide.b.negative),
  };
  return { parts, customValues: a.customValues, hasReconciledBounds: false };
}

function mergedCustomParts({ a, b, sign }: Operation, compensation?: FloatHistogram): Merged {
  const parts = toParts(a, compensation);
  const addend = sign === 1 ? positiveSide(b) : negateSide(positiveSide(b));
  if (equalBounds(a.customValues, b.customValues)) {
    const positive = mergeSides(parts.positive, addend);
    return {
      parts: { ...parts, positive },
      customValues: a.customValues,
      hasReconciledBounds: false,
    };
  }
  const customValues = commonBounds(a.customValues, b.customValues);
  const positive = mergeCustomSides(
    { side: parts.positive, bounds: a.customValues },
    { side: addend, bounds: b.customValues },
    customValues,
  );
  return { parts: { ...parts, positive }, customValues, hasReconciledBounds: true };
}

function toParts(histogram: FloatHistogram, compensation?: FloatHistogram): Parts {
  return {
    schema: histogram.schema,
    zeroThreshold: histogram.zeroThreshold,
    zeroCount: histogram.zeroCount,
    zeroLost: compensation?.zeroCount ?? 0,
    positive: positiveSide(histogram, compensation),
    negative: negativeSide(histogram, compensation),
  };
}

function assemble(
  { schema, zeroThreshold, zeroCount, positive, negative }: Parts,
  rest: Pick<FloatHistogram, "count" | "sum" | "customValues" | "counterResetHint">,
): FloatHistogram {
  return {
    schema,
    zeroThreshold,
    zeroCount,
    ...rest,
    positiveSpans: toSpans(positive.indexes),
    negativeSpans: toSpans(negative.indexes),
    positiveBuckets: positive.counts,
    negativeBuckets: negative.counts,
  };
}

function withoutCounts(histogram: FloatHistogram): FloatHistogram {
  return {
    ...histogram,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positiveBuckets: new Float64Array(histogram.positiveBuckets.length),
    negativeBuckets: new Float64Array(histogram.negativeBuckets.length),
  };
}

/** A gauge stays or becomes a gauge; otherwise the sum knows only what both agree on. */
function combinedHint(
  a: CounterResetHint,
  b: CounterResetHint,
): { readonly counterResetHint: CounterResetHint; readonly isCollision: boolean } {
  if (a === b) return { counterResetHint: a, isCollision: false };
  if (a === "gauge" || b === "gauge") return { counterResetHint: "gauge", isCollision: false };
  return { counterResetHint: "unknown", isCollision: a !== "unknown" && b !== "unknown" };
}
