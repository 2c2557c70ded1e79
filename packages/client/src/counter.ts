import type { Metric, Printable } from "./family.ts";
import { MetricError } from "./metric-error.ts";
import { formatSample } from "./text-format.ts";

/** One series of a counter. */
export interface CounterCell {
  /**
   * Adds 1, or `amount`.
   *
   * @throws {MetricError} "client/value" when `amount` is negative or NaN: counters never fall
   */
  inc(amount?: number): void;
}

/** A count that only rises: requests, tokens, errors. With labels, pick a series first. */
export type Counter<L extends string = never> = Metric<L, CounterCell>;

export class CounterState implements CounterCell, Printable {
  readonly #name: string;
  #value = 0;

  constructor(name: string) {
    this.#name = name;
  }

  inc(amount = 1): void {
    if (!(amount >= 0)) {
      throw new MetricError(
        "client/value",
        `Cannot increment counter "${this.#name}": got ${amount}, expected 0 or more`,
      );
    }
    this.#value += amount;
  }

  print(lines: string[], name: string, labels: string): void {
    lines.push(formatSample(name, labels, this.#value));
  }
}
