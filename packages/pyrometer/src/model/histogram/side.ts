/**
 * The buckets on one side of zero with the index of each spelled out. Spans are short to store;
 * merging, cutting and comparing are easier on sorted indexes, so arithmetic goes through this.
 */
import { exponentialBound, reducedIndex } from "./bounds.ts";
import type { BucketSpan, FloatHistogram } from "./float-histogram.ts";
import { bucketCount } from "./float-histogram.ts";
import { addCompensated } from "./kahan.ts";

export interface Side {
  /** Strictly increasing. */
  readonly indexes: Int32Array;
  readonly counts: Float64Array;
  /** What the counts have lost by rounding, where that is kept (Kahan). */
  readonly lost?: Float64Array | undefined;
}

export function positiveSide(histogram: FloatHistogram, compensation?: FloatHistogram): Side {
  return {
    indexes: spanIndexes(histogram.positiveSpans),
    counts: histogram.positiveBuckets,
    lost: compensation?.positiveBuckets,
  };
}

export function negativeSide(histogram: FloatHistogram, compensation?: FloatHistogram): Side {
  return {
    indexes: spanIndexes(histogram.negativeSpans),
    counts: histogram.negativeBuckets,
    lost: compensation?.negativeBuckets,
  };
}

function spanIndexes(spans: readonly BucketSpan[]): Int32Array {
  const indexes = new Int32Array(bucketCount(spans));
  let position = 0;
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++) indexes[position++] = index++;
  }
  return indexes;
}

/** The shortest spans with these indexes: neighbours are always in one span. */
export function toSpans(indexes: Int32Array): BucketSpan[] {
  const spans: BucketSpan[] = [];
  let next = 0;
  for (let from = 0; from < indexes.length; ) {
    const first = indexes[from]!;
    let to = from + 1;
    while (to < indexes.length && indexes[to] === first + to - from) to += 1;
    spans.push({ offset: first - next, length: to - from });
    next = first + to - from;
    from = to;
  }
  return spans;
}

/** Merges buckets until those of schema s are those of schema s - shift. */
export function reduceSide(side: Side, shift: number): Side {
  if (shift === 0) return side;
  const reduced = new SideBuilder(side.indexes.length, side.lost !== undefined);
  for (const [i, index] of side.indexes.entries()) {
    reduced.add(reducedIndex(index, shift), side.counts[i]!, side.lost?.[i]);
  }
  return reduced.finish();
}

/** The buckets of both, those in `a` before those in `b` when counts meet. */
export function mergeSides(a: Side, b: Side): Side {
  const capacity = a.indexes.length + b.indexes.length;
  const merged = new SideBuilder(capacity, a.lost !== undefined);
  let at = 0;
  for (const [i, index] of b.indexes.entries()) {
    for (; at < a.indexes.length && a.indexes[at]! <= index; at++) {
      merged.add(a.indexes[at]!, a.counts[at]!, a.lost?.[at]);
    }
    merged.add(index, b.counts[i]!, b.lost?.[i]);
  }
  for (; at < a.indexes.length; at++) merged.add(a.indexes[at]!, a.counts[at]!, a.lost?.[at]);
  return merged.finish();
}

export function negateSide({ indexes, counts }: Side): Side {
  return { indexes, counts: counts.map((count) => -count) };
}

/** Without the buckets that end at or below `threshold`. */
export function beyond(side: Side, schema: number, threshold: number): Side {
  let skip = 0;
  while (skip < side.indexes.length && exponentialBound(schema, side.indexes[skip]!) <= threshold) {
    skip += 1;
  }
  return skip === 0 ? side : dropFirst(side, skip);
}

export function dropFirst({ indexes, counts, lost }: Side, skip: number): Side {
  return {
    indexes: indexes.subarray(skip),
    counts: counts.subarray(skip),
    lost: lost?.subarray(skip),
  };
}

/** Without empty buckets. */
export function compactSide(side: Side): Side {
  if (!side.counts.includes(0)) return side;
  const full = new SideBuilder(side.indexes.length, side.lost !== undefined);
  for (const [i, index] of side.indexes.entries()) {
    const lost = side.lost?.[i] ?? 0;
    if (side.counts[i] !== 0 || lost !== 0) full.add(index, side.counts[i]!, lost);
  }
  return full.finish();
}

/** Takes buckets by rising index; those of the same index become one. */
class SideBuilder {
  readonly #indexes: Int32Array;
  readonly #counts: Float64Array;
  readonly #lost: Float64Array | undefined;
  #length = 0;

  constructor(capacity: number, isCompensated: boolean) {
    this.#indexes = new Int32Array(capacity);
    this.#counts = new Float64Array(capacity);
    this.#lost = isCompensated ? new Float64Array(capacity) : undefined;
  }

  add(index: number, count: number, lost = 0): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#indexes[last] === index) this.#addTo(last, count, lost);
    else {
      this.#indexes[this.#length] = index;
      this.#counts[this.#length] = count;
      if (this.#lost !== undefined) this.#lost[this.#length] = lost;
      this.#length += 1;
    }
  }

  #addTo(at: number, count: number, lost: number): void {
    if (this.#lost === undefined) {
      this.#counts[at]! += count;
      return;
    }
    const column = { sums: this.#counts, lost: this.#lost };
    addCompensated(column, at, count);
    if (lost !== 0) addCompensated(column, at, lost);
  }

  finish(): Side {
    return {
      indexes: this.#indexes.slice(0, this.#length),
      counts: this.#counts.slice(0, this.#length),
      lost: this.#lost?.slice(0, this.#length),
    };
  }
}
