import { assert } from "./assert.ts";
import type { CancelTimer, Clock } from "./clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that moves when a test says so, and runs what fell due in order, ties as they were set. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];
  #order = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, run: () => void): CancelTimer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /**
   * Moves forward by `durationMs`, running timers on the way, also those that a timer sets.
   * Lets promises settle after each, so that work started by a timer is done before the next.
   */
  async advance(durationMs: number): Promise<void> {
    assert(durationMs >= 0, `BUG: a clock cannot go back by ${durationMs} ms`);
    const endMs = this.#nowMs + durationMs;
    await settle();
    for (let timer = this.#takeDue(endMs); timer; timer = this.#takeDue(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.run();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #takeDue(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      const isSooner =
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order);
      if (isSooner) next = timer;
    }
    if (next) this.#timers = this.#timers.filter((timer) => timer !== next);
    return next;
  }
}

/** Lets pending promise callbacks run. A turn of the event loop empties the microtask queue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
