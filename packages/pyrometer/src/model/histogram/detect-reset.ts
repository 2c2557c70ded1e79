/**
 * Whether the counters of a histogram have started over since the sample before.
 * Source: Prometheus 3.14, FloatHistogram.DetectReset
 */
import { commonBounds, rollUp } from "./custom-buckets.ts";
import { equalBounds } from "./equal.ts";
import type { FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import type { Side } from "./side.ts";
import { beyond, negativeSide, positiveSide, reduceSide } from "./side.ts";
import { widenedZero } from "./zero-bucket.ts";

/**
 * True when any count is smaller than in `previous` (the sum may be), or when the buckets have
 * become finer, which only a restart does. A hint that says so either way is believed.
 */
export function detectReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  switch (current.counterResetHint) {
    case "reset":
      return true;
    case "not-reset":
      return false;
    // A gauge that is used as a counter is looked at as one; the caller warns.
    case "gauge":
    case "unknown":
      break;
  }
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) return detectCustomReset(current, previous);
  if (current.schema > previous.schema) return true;
  if (current.zeroThreshold < previous.zeroThreshold) return true;
  return detectZeroReset(current, previous) || detectSideReset(current, previous);
}

function detectZeroReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  const { schema, zeroThreshold, zeroCount } = previous;
  const positive = positiveSide(previous);
  const negative = negativeSide(previous);
  const parts = { schema, zeroThreshold, zeroCount, zeroLost: 0, positive, negative };
  const wider = widenedZero(parts, current.zeroThreshold);
  // A zero bucket that now cuts a populated bucket in two cannot come from counting on.
  return wider.zeroThreshold !== current.zeroThreshold || current.zeroCount < wider.zeroCount;
}

function detectSideReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  const { schema, zeroThreshold } = current;
  // The schema of custom buckets is the lowest: against them any other is finer, a reset.
  const shift = previous.schema - schema;
  return [positiveSide, negativeSide].some((side) =>
    hasShrunk(
      beyond(side(current), schema, zeroThreshold),
      beyond(reduceSide(side(previous), shift), schema, zeroThreshold),
    ),
  );
}

/** Whether a populated bucket of `before` is missing or smaller in `now`. */
function hasShrunk(now: Side, before: Side): boolean {
  let at = 0;
  for (const [i, index] of before.indexes.entries()) {
    while (at < now.indexes.length && now.indexes[at]! < index) at += 1;
    const isThere = at < now.indexes.length && now.indexes[at] === index;
    const was = before.counts[i]!;
    if (isThere ? now.counts[at]! < was : was !== 0) return true;
  }
  return false;
}

function detectCustomReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  if (!usesCustomBuckets(previous)) return true;
  const now = positiveSide(current);
  const before = positiveSide(previous);
  if (equalBounds(current.customValues, previous.customValues)) return hasShrunk(now, before);
  const common = commonBounds(current.customValues, previous.customValues);
  const wasCounts = rollUp(before, previous.customValues, common);
  return rollUp(now, current.customValues, common).some((count, i) => count < wasCounts[i]!);
}
