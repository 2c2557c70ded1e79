/**
 * What start times tell: since when a counter has been counting. With them a restart is seen even
 * when the counter has meanwhile grown past its old value, and a counter that started within the
 * window is known to have been 0 then.
 * Source: Prometheus 3.14, promql/functions.go (isStartTimestampReset, extrapolatedRate)
 */
import { startTimeOverlap } from "../engine/remark-texts.ts";
import type { RemarkPlace } from "./histogram-sums.ts";
import type { StartedWindow } from "./implementation.ts";
import { seconds, stretchToEdges } from "./rate-edges.ts";

interface Started {
  readonly timesMs: Float64Array;
  readonly startTimesMs?: Float64Array | undefined;
}

/** Whether the counter began anew between sample `index - 1` and sample `index`. */
export function isRestart({ timesMs, startTimesMs }: Started, index: number): boolean {
  if (startTimesMs === undefined) return false;
  const startMs = startTimesMs[index]!;
  // Unknown, wrong, or OpenTelemetry's way to say unknown.
  if (startMs === 0 || startMs >= timesMs[index]!) return false;
  const beforeMs = timesMs[index - 1]!;
  if (startMs !== beforeMs) return startMs > beforeMs;
  // Begun just when the sample before was taken: a delta, unless that one's start is unknown.
  const beforeStartMs = startTimesMs[index - 1]!;
  return beforeStartMs !== 0 && beforeStartMs < beforeMs;
}

/** Warns when a sample says it began before the one before it was taken, yet not when that did. */
export function remarkOnOverlap(
  { timesMs, startTimesMs, from, to }: Started & { readonly from: number; readonly to: number },
  { annotations, span, name }: RemarkPlace,
): void {
  if (startTimesMs === undefined) return;
  for (let i = from + 1; i < to; i++) {
    const startMs = startTimesMs[i]!;
    if (startMs === 0 || startMs >= timesMs[i - 1]! || startMs === startTimesMs[i - 1]) continue;
    annotations.warnCounted(startTimeOverlap(name), span);
    return;
  }
}

/** rate and increase of numbers with start times. */
export function startedGrowth({ isPerSecond }: { readonly isPerSecond: boolean }) {
  return (window: StartedWindow): number | undefined => {
    const { values, from, to, place, rangeMs } = window;
    const first = values[from]!;
    let amount = values[to - 1]! - first;
    for (let i = from + 1; i < to; i++) {
      if (values[i]! < values[i - 1]! || isRestart(window, i)) amount += values[i - 1]!;
    }
    remarkOnOverlap(window, place);
    const stretch = stretchToEdges(window, { isCounter: true, first, amount });
    if (stretch === undefined) return undefined;
    const factor = isPerSecond ? stretch.factor / seconds(rangeMs) : stretch.factor;
    return (stretch.isFromZero ? amount + first : amount) * factor;
  };
}
