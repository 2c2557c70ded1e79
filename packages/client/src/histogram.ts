/**
 * Counts observations into buckets. Each bucket counts its own; the sums that the format wants
 * ("at most this much") are made when printed, so that an observation is one write.
 */
import type { Metric, Printable } from "./family.ts";
import { MetricError } from "./metric-error.ts";
import { formatSample, formatValue } from "./text-format.ts";

/** One series of a histogram. */
export interface HistogramCell {
  /** Counts `value`, in base units: seconds, bytes. NaN lands above every bucket, as in Go. */
  observe(value: number): void;
}

/** How values are spread: latencies, batch sizes. With labels, pick a series first. */
export type Histogram<L extends string = never> = Metric<L, HistogramCell>;

/** 5 ms to 10 s, for requests. Source: the defaults of Prometheus' Go client. */
export const DEFAULT_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Checks upper bounds and drops a trailing +Inf, which every histogram has anyway.
 *
 * @throws {MetricError} "client/buckets" when they are not finite, rising and at least one
 */
export function checkBuckets(metric: string, buckets: readonly number[]): readonly number[] {
  const bounds = buckets.at(-1) === Infinity ? buckets.slice(0, -1) : [...buckets];
  const isRising = bounds.every((bound, i) => i === 0 || bounds[i - 1]! < bound);
  if (bounds.length > 0 && bounds.every(Number.isFinite) && isRising) return bounds;
  throw new MetricError(
    "client/buckets",
    `Cannot define histogram "${metric}": buckets are [${buckets.join(", ")}], ` +
      "expected at least one finite number, each larger than the one before",
  );
}

export class HistogramState implements HistogramCell, Printable {
  readonly #bounds: readonly number[];
  /** Observations per bucket, the last for what is above every bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    // A linear scan: buckets are some ten, and most observations fall into the first few.
    let index = 0;
    while (index < this.#bounds.length && !(value <= this.#bounds[index]!)) index += 1;
    this.#counts[index]! += 1;
    this.#sum += value;
  }

  print(lines: string[], name: string, labels: string): void {
    const prefix = labels === "" ? "" : `${labels},`;
    let total = 0;
    for (const [index, count] of this.#counts.entries()) {
      total += count;
      const le = formatValue(this.#bounds[index] ?? Infinity);
      lines.push(formatSample(`${name}_bucket`, `${prefix}le="${le}"`, total));
    }
    lines.push(formatSample(`${name}_sum`, labels, this.#sum));
    lines.push(formatSample(`${name}_count`, labels, total));
  }
}
