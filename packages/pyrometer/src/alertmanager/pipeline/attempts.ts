/** The last delivery attempts, for the API and for "why was I not paged?". Bounded, in memory. */
import { ATTEMPTS_KEPT_MAX } from "../limits.ts";
import type { DeliveryAttempt } from "../types.ts";

export class AttemptLog {
  /** A ring: the slot at #next holds the oldest once it is full. */
  readonly #slots: DeliveryAttempt[] = [];
  #next = 0;

  add(attempt: DeliveryAttempt): void {
    this.#slots[this.#next] = attempt;
    this.#next = (this.#next + 1) % ATTEMPTS_KEPT_MAX;
  }

  newestFirst(): readonly DeliveryAttempt[] {
    const oldestFirst = [...this.#slots.slice(this.#next), ...this.#slots.slice(0, this.#next)];
    return oldestFirst.reverse();
  }
}
