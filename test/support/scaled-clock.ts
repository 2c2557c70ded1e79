import type { Clock } from "../../packages/pyrometer/src/std/index.ts";

/** A clock that runs `factor` times as fast as the world: an hour of `offset 1h` passes in a test. */
export function scaledClock(factor: number): Clock {
  const startedMs = Date.now();
  return {
    nowMs: () => Math.round(startedMs + (Date.now() - startedMs) * factor),
    setTimer(delayMs, run) {
      const timer = setTimeout(run, delayMs / factor);
      return () => clearTimeout(timer);
    },
  };
}
