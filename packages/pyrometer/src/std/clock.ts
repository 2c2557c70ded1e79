/**
 * Time, passed in. Below rank 6 nothing else tells the time or waits, so a whole server can run
 * on a virtual clock (invariant 7). The system's own clock is in server/io.
 */
export interface Clock {
  /** Unix milliseconds, integer. */
  nowMs(): number;
  /**
   * Calls `run` once, not before `delayMs` has passed. Returns the way to call it off; calling
   * that later, or twice, does nothing.
   */
  setTimer(delayMs: number, run: () => void): CancelTimer;
}

export type CancelTimer = () => void;

/** Resolves after `delayMs`; at once, without an error, when `signal` aborts first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const onAbort = () => {
      cancel();
      resolve();
    };
    const cancel = clock.setTimer(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
