/**
 * The machine's own time, for the demo's worker. The server has one just like it, but taking it
 * from there would load the whole server into the worker.
 */
import type { Clock } from "../../std/index.ts";

export const workerClock: Clock = {
  nowMs: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
