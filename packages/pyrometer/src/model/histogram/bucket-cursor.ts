/**
 * Walks over the buckets of a histogram with their bounds, without an object for each.
 * Source: Prometheus 3.14, FloatHistogram.AllBucketIterator and its reverse
 */
import { bucketBound } from "./bounds.ts";
import type { FloatHistogram } from "./float-histogram.ts";
import { usesCustomBuckets } from "./float-histogram.ts";
import type { Side } from "./side.ts";
import { negativeSide, positiveSide } from "./side.ts";

/**
 * Negative buckets, the zero bucket if it is populated, positive buckets; or the other way round.
 * Bounds that reach into the zero bucket end at its edge. The fields are those of the bucket that
 * the last next() came to; empty buckets are among them.
 */
export class BucketCursor {
  lower = 0;
  upper = 0;
  isLowerInclusive = false;
  isUpperInclusive = false;
  count = 0;
  readonly #histogram: FloatHistogram;
  readonly #positive: Side;
  readonly #negative: Side;
  readonly #isDescending: boolean;
  #step = 0;

  constructor(histogram: FloatHistogram, order: "ascending" | "descending" = "ascending") {
    this.#histogram = histogram;
    this.#positive = positiveSide(histogram);
    this.#negative = negativeSide(histogram);
    this.#isDescending = order === "descending";
  }

  /** @returns false when there is no further bucket */
  next(): boolean {
    const negativeCount = this.#negative.indexes.length;
    const stepCount = negativeCount + 1 + this.#positive.indexes.length;
    while (this.#step < stepCount) {
      const step = this.#isDescending ? stepCount - 1 - this.#step : this.#step;
      this.#step += 1;
      if (step < negativeCount) this.#toNegative(negativeCount - 1 - step);
      else if (step > negativeCount) this.#toPositive(step - negativeCount - 1);
      else if (this.#histogram.zeroCount > 0) this.#toZero();
      else continue;
      return true;
    }
    return false;
  }

  #toNegative(at: number): void {
    const index = this.#negative.indexes[at]!;
    const { zeroThreshold } = this.#histogram;
    this.lower = -bucketBound(this.#histogram, index);
    this.upper = -bucketBound(this.#histogram, index - 1);
    this.count = this.#negative.counts[at]!;
    this.isLowerInclusive = this.lower < 0;
    this.isUpperInclusive = false;
    if (this.upper < 0 && this.upper > -zeroThreshold) this.upper = -zeroThreshold;
  }

  #toZero(): void {
    const { zeroThreshold, zeroCount } = this.#histogram;
    this.lower = -zeroThreshold;
    this.upper = zeroThreshold;
    this.count = zeroCount;
    this.isLowerInclusive = true;
    this.isUpperInclusive = true;
  }

  #toPositive(at: number): void {
    const index = this.#positive.indexes[at]!;
    const { zeroThreshold } = this.#histogram;
    this.lower = bucketBound(this.#histogram, index - 1);
    this.upper = bucketBound(this.#histogram, index);
    this.count = this.#positive.counts[at]!;
    this.isLowerInclusive = usesCustomBuckets(this.#histogram) && index === 0;
    this.isUpperInclusive = true;
    if (this.lower > 0 && this.lower < zeroThreshold) this.lower = zeroThreshold;
  }
}
