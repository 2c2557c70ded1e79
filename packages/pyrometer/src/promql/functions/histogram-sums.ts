/**
 * Sums, differences and interpolations of native histograms that tell the query's author when
 * histograms do not go together.
 * Source: Prometheus 3.14, promql/functions.go (interpolateHistograms and its like)
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  addCompensatedHistograms,
  addHistograms,
  detectReset,
  divHistogram,
  hasOverflow,
  mulHistogram,
  subHistograms,
} from "../../model/index.ts";
import type { Span } from "../../std/index.ts";
import type { Annotations } from "../engine/annotations.ts";
import { mixedSchemas, reconciledBuckets } from "../engine/remark-texts.ts";

/** Where remarks on the histograms of one series go. */
export interface RemarkPlace {
  readonly annotations: Annotations;
  /** The expression the histograms come from. */
  readonly span: Span;
  /** The series' metric name, "" when it has none. */
  readonly name: string;
}

/** @returns undefined when the two do not go together, which is remarked on */
export function addRemarking(
  a: FloatHistogram,
  b: FloatHistogram,
  place: RemarkPlace,
): FloatHistogram | undefined {
  return remarkOn(addHistograms(a, b), "addition", place);
}

/** @returns undefined when the two do not go together, which is remarked on */
export function subRemarking(
  a: FloatHistogram,
  b: FloatHistogram,
  place: RemarkPlace,
): FloatHistogram | undefined {
  return remarkOn(subHistograms(a, b), "subtraction", place);
}

function remarkOn(
  combined: ReturnType<typeof addHistograms>,
  operation: "addition" | "subtraction",
  { annotations, span, name }: RemarkPlace,
): FloatHistogram | undefined {
  if (combined === undefined) {
    annotations.warn(mixedSchemas(name), span);
    return undefined;
  }
  if (combined.hasReconciledBounds) annotations.info(reconciledBuckets(operation), span);
  return combined.histogram;
}

interface TimedHistogram {
  readonly histogram: FloatHistogram;
  readonly timeMs: number;
}

interface InterpolateOptions {
  readonly timeMs: number;
  /** After a reset a counter is taken to have grown from nothing. */
  readonly isCounter: boolean;
  readonly place: RemarkPlace;
}

/** On the line between two histograms. */
export function interpolateHistograms(
  before: TimedHistogram,
  after: TimedHistogram,
  { timeMs, isCounter, place }: InterpolateOptions,
): FloatHistogram | undefined {
  if (timeMs === before.timeMs) return before.histogram;
  if (timeMs === after.timeMs) return after.histogram;
  const fraction = (timeMs - before.timeMs) / (after.timeMs - before.timeMs);
  if (isCounter && detectReset(after.histogram, before.histogram)) {
    return mulHistogram(after.histogram, fraction);
  }
  const difference = subRemarking(after.histogram, before.histogram, place);
  if (difference === undefined) return undefined;
  return addRemarking(mulHistogram(difference, fraction), before.histogram, place);
}

/**
 * Sums or averages histograms one by one, compensated. An average does not overflow: when the
 * sum would, it goes on as an incremental mean.
 */
export class HistogramTotal {
  #count = 0;
  #total: FloatHistogram | undefined;
  #compensation: FloatHistogram | undefined;
  /** Not undefined once `#total` is a mean instead of a sum. */
  #isMean = false;
  #hasReset = false;
  #hasNoReset = false;
  /** Some with exponential buckets, some with custom ones: there is no total. */
  hasMixedSchemas = false;
  /** Custom buckets with different bounds were brought to the bounds they share. */
  hasReconciledBounds = false;
  readonly #wantsMean: boolean;

  constructor(wants: "sum" | "mean") {
    this.#wantsMean = wants === "mean";
  }

  get isEmpty(): boolean {
    return this.#total === undefined;
  }

  /** Some are known to follow a counter reset, others are known not to. */
  get hasConflictingResets(): boolean {
    return this.#hasReset && this.#hasNoReset;
  }

  add(histogram: FloatHistogram): void {
    if (this.hasMixedSchemas) return;
    this.#count += 1;
    this.#hasReset ||= histogram.counterResetHint === "reset";
    this.#hasNoReset ||= histogram.counterResetHint === "not-reset";
    if (this.#total === undefined) this.#total = histogram;
    else if (this.#isMean) this.#addToMean(this.#total, histogram);
    else this.#addToSum(this.#total, histogram);
  }

  #addToSum(total: FloatHistogram, histogram: FloatHistogram): void {
    const sum = addCompensatedHistograms(total, histogram, this.#compensation);
    if (sum === undefined) {
      this.hasMixedSchemas = true;
      return;
    }
    this.hasReconciledBounds ||= sum.hasReconciledBounds;
    if (!this.#wantsMean || !hasOverflow(sum.histogram)) {
      this.#total = sum.histogram;
      this.#compensation = sum.compensation;
      return;
    }
    this.#isMean = true;
    const mean = divHistogram(total, this.#count - 1);
    this.#compensation &&= divHistogram(this.#compensation, this.#count - 1);
    this.#addToMean(mean, histogram);
  }

  #addToMean(mean: FloatHistogram, histogram: FloatHistogram): void {
    const kept = (this.#count - 1) / this.#count;
    const sum = addCompensatedHistograms(
      mulHistogram(mean, kept),
      divHistogram(histogram, this.#count),
      this.#compensation && mulHistogram(this.#compensation, kept),
    );
    if (sum === undefined) {
      this.hasMixedSchemas = true;
      return;
    }
    this.hasReconciledBounds ||= sum.hasReconciledBounds;
    this.#total = sum.histogram;
    this.#compensation = sum.compensation;
  }

  /** undefined when nothing was added or it does not go together. */
  get value(): FloatHistogram | undefined {
    if (this.#total === undefined || this.hasMixedSchemas) return undefined;
    const divisor = this.#wantsMean && !this.#isMean ? this.#count : 1;
    const total = divHistogram(this.#total, divisor);
    if (this.#compensation === undefined) return total;
    return addHistograms(total, divHistogram(this.#compensation, divisor))?.histogram ?? total;
  }
}
