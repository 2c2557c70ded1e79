import type { Clock } from "../../std/index.ts";
import { FetchError } from "../fetcher.ts";

export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the work early; its reason must be a FetchError. */
  readonly signal: AbortSignal;
}

/**
 * Runs `work` for at most `timeoutMs`, also when it does not heed the signal it gets.
 *
 * @throws {FetchError} "timeout", in Go's words for it; or whatever `work` throws
 */
export async function withDeadline<T>(
  { clock, timeoutMs, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const aborter = new AbortController();
  const cancel = () => aborter.abort(signal.reason);
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const cancelTimer = clock.setTimer(timeoutMs, () =>
    aborter.abort(new FetchError("timeout", "context deadline exceeded")),
  );
  try {
    return await Promise.race([rejectOnAbort(aborter.signal), work(aborter.signal)]);
  } finally {
    cancelTimer();
    signal.removeEventListener("abort", cancel);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
