/**
 * When groups are evaluated: every interval, each group with an offset of its own made from its
 * name, so that not all start at once and a restart keeps the same times.
 *
 * Source: Prometheus rules/group.go, EvalTimestamp
 */

/** The last evaluation time not after `nowMs`. */
export function alignedMs(nowMs: number, intervalMs: number, groupKey: string): number {
  const offsetMs = hash(groupKey) % intervalMs;
  const shiftedMs = nowMs - offsetMs;
  return shiftedMs - (shiftedMs % intervalMs) + offsetMs;
}

export interface NextEvaluation {
  readonly evalMs: number;
  readonly delayMs: number;
  /** Evaluations that were left out because the last one, or the process, was late. */
  readonly missedCount: number;
}

/** After the evaluation for `evalMs` ended, at `nowMs`. */
export function nextEvaluation(
  evalMs: number,
  nowMs: number,
  { intervalMs, groupKey }: { readonly intervalMs: number; readonly groupKey: string },
): NextEvaluation {
  const stepCount = Math.max(1, Math.floor((nowMs - evalMs) / intervalMs));
  const nextMs = evalMs + stepCount * intervalMs;
  const delayMs = Math.max(0, nextMs - nowMs);
  if (delayMs <= intervalMs) return { evalMs: nextMs, delayMs, missedCount: stepCount - 1 };
  // The clock was set back: start over from where it stands now.
  const restartMs = alignedMs(nowMs, intervalMs, groupKey) + intervalMs;
  return { evalMs: restartMs, delayMs: restartMs - nowMs, missedCount: 0 };
}

/** FNV-1a, 32 bits: spreads similar names, and is the same everywhere. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  }
  return state;
}
