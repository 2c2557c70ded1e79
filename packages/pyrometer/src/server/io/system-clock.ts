import type { Clock } from "../../std/index.ts";

/** setTimeout overflows past this and fires at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** The machine's own time. Timers keep the process alive: stopping is the server's business. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), DELAY_MS_MAX));
    return () => clearTimeout(timer);
  },
};
