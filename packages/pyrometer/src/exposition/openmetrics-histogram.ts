/** Whether the samples of one histogram, at one time and with one set of labels, fit together. */
import type { Span } from "../std/index.ts";

export class HistogramCheck {
  /** Where it began. */
  readonly span: Span;
  readonly #type: "histogram" | "gaugehistogram";
  #bound = -Infinity;
  #bucketCount: number | undefined;
  #hasNegativeBound = false;
  #count: number | undefined;
  #sum: number | undefined;

  constructor(type: "histogram" | "gaugehistogram", span: Span) {
    this.#type = type;
    this.span = span;
  }

  /** Takes the next sample, and says what it breaks. */
  add(suffix: string, le: string | undefined, value: number): string | undefined {
    switch (suffix) {
      case "_bucket":
        return this.#addBucket(le === "+Inf" ? Infinity : Number(le), value);
      case "_count":
      case "_gcount":
        this.#count = value;
        return undefined;
      case "_sum":
      case "_gsum":
        this.#sum = value;
        return undefined;
      default:
        return undefined;
    }
  }

  /** What is missing or does not add up, now that no sample follows. */
  finish(): string | undefined {
    if (this.#bucketCount === undefined || this.#bound !== Infinity) {
      return "the histogram's last bucket is not +Inf";
    }
    if (this.#count !== undefined && this.#count !== this.#bucketCount) {
      return `the count ${this.#count} is not that of the +Inf bucket, ${this.#bucketCount}`;
    }
    if (this.#sum !== undefined && this.#count === undefined) return "there is a sum and no count";
    if (this.#type === "histogram") {
      return this.#sum !== undefined && this.#hasNegativeBound
        ? "a histogram with negative bounds has no sum"
        : undefined;
    }
    if (this.#count !== undefined && this.#sum === undefined) return "there is a count and no sum";
    return this.#sum !== undefined && this.#sum < 0 && !this.#hasNegativeBound
      ? `the sum ${this.#sum} is negative and no bound is`
      : undefined;
  }

  #addBucket(bound: number, value: number): string | undefined {
    const previousBound = this.#bound;
    const previousCount = this.#bucketCount ?? 0;
    this.#bound = bound;
    this.#bucketCount = value;
    if (bound < 0) this.#hasNegativeBound = true;
    if (bound <= previousBound) return "bounds are not in rising order";
    return value < previousCount ? "a bucket counts less than the one below it" : undefined;
  }
}
