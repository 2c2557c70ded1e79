import type { Metric, Printable } from "./family.ts";
import { formatSample } from "./text-format.ts";

/** One series of a gauge. */
export interface GaugeCell {
  set(value: number): void;
  /** Adds 1, or `amount`, which may be negative. */
  inc(amount?: number): void;
  /** Takes away 1, or `amount`. */
  dec(amount?: number): void;
}

/** A value that goes up and down: queue depth, accuracy, memory. With labels, pick a series. */
export type Gauge<L extends string = never> = Metric<L, GaugeCell>;

export class GaugeState implements GaugeCell, Printable {
  #value = 0;

  set(value: number): void {
    this.#value = value;
  }

  inc(amount = 1): void {
    this.#value += amount;
  }

  dec(amount = 1): void {
    this.#value -= amount;
  }

  print(lines: string[], name: string, labels: string): void {
    lines.push(formatSample(name, labels, this.#value));
  }
}
