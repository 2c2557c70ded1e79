/**
 * How far growth between the samples of a window is stretched to its edges, when the samples are
 * more than plain numbers; those have the same rule in rate.ts, without what they do not need.
 * Source: Prometheus 3.14, promql/functions.go (extrapolatedRate)
 */
import { MS_PER_SECOND } from "../../std/index.ts";

/** Samples this much farther from the window's edge than from each other do not reach it. */
const EXTRAPOLATION_SLACK = 1.1;

interface EdgeWindow {
  readonly timesMs: Float64Array;
  readonly startTimesMs: Float64Array | undefined;
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
}

interface Growth {
  readonly isCounter: boolean;
  /** The first sample's value, or a histogram's count. */
  readonly first: number;
  readonly amount: number;
}

interface Stretch {
  readonly factor: number;
  /** The counter started within the window, at 0: what the first sample holds is growth too. */
  readonly isFromZero: boolean;
}

/** @returns undefined for a single sample that says nothing about growth */
export function stretchToEdges(
  { timesMs, startTimesMs, from, to, startMs, endMs }: EdgeWindow,
  { isCounter, first, amount }: Growth,
): Stretch | undefined {
  const firstMs = timesMs[from]!;
  const lastMs = timesMs[to - 1]!;
  const gapCount = to - 1 - from;
  const between = gapCount > 0 ? seconds(lastMs - firstMs) / gapCount : 0;
  const threshold = between * EXTRAPOLATION_SLACK;
  const beganMs = (isCounter && startTimesMs?.[from]) || 0;
  const isFromZero = beganMs !== 0 && beganMs > startMs && beganMs < firstMs;
  if (gapCount === 0 && !isFromZero) return undefined;
  const sampled = seconds(lastMs - (isFromZero ? beganMs : firstMs));
  let toStart = isFromZero ? 0 : seconds(firstMs - startMs);
  if (!isFromZero && toStart >= threshold) toStart = between / 2;
  if (!isFromZero && isCounter && amount > 0 && first >= 0) {
    // A counter is not stretched to before it was zero.
    toStart = Math.min(toStart, sampled * (first / amount));
  }
  let toEnd = seconds(endMs - lastMs);
  if (toEnd >= threshold) toEnd = between / 2;
  const factor = sampled === 0 ? 1 : (sampled + toStart + toEnd) / sampled;
  return { factor, isFromZero };
}

export function seconds(ms: number): number {
  return ms / MS_PER_SECOND;
}
