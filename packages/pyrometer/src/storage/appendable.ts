/**
 * How samples get into a store. Batches are columns: a scrape of 5,000 series is three typed
 * arrays, not 5,000 objects (invariants 1 and 2).
 */
import type { FloatHistogram, Labels } from "../model/index.ts";
import { assert } from "../std/index.ts";

/**
 * A series of one store, by number. Stays valid until the store forgets the series for want of
 * samples; appending to a forgotten one is rejected as "unknown-series" and the caller asks again.
 */
export type SeriesRef = number;

export interface Appendable {
  /**
   * The series with these labels, made when new.
   * @returns undefined when a limit forbids a new series; counted by the store
   */
  series(labels: Labels): SeriesRef | undefined;

  /**
   * Stores one scrape's, rule's or request's samples together. A bad sample is left out and
   * reported; it never holds up its neighbours.
   *
   * @throws {StorageError} "closed"; "full" when nothing at all could be stored
   */
  append(batch: SampleBatch): Promise<AppendReport>;
}

/** Parallel columns; the first `count` rows are set. The store has read them when append() resolves. */
export interface SampleBatch {
  readonly count: number;
  readonly refs: Float64Array;
  /** Unix milliseconds. */
  readonly timesMs: Float64Array;
  /** NaN in the rows of histograms. */
  readonly values: Float64Array;
  /** By row: a native histogram, or undefined where the row is a number. Absent: all are numbers. */
  readonly histograms?: readonly (FloatHistogram | undefined)[] | undefined;
  /** By row, Unix milliseconds: since when the counter counts; 0 = unknown. Absent: all unknown. */
  readonly startTimesMs?: Float64Array | undefined;
}

export type RejectReason = "out-of-order" | "duplicate" | "unknown-series";

export interface RejectedSample {
  /** The row in the batch. */
  readonly index: number;
  readonly reason: RejectReason;
}

export interface AppendReport {
  readonly storedCount: number;
  readonly rejected: readonly RejectedSample[];
}

/** Fills a SampleBatch row by row, growing as it must. Reused between scrapes: reset() empties it. */
export class BatchBuilder implements SampleBatch {
  count = 0;
  refs = new Float64Array(64);
  timesMs = new Float64Array(64);
  values = new Float64Array(64);
  // Most batches have neither of these two; they exist from the first row that needs them.
  histograms: (FloatHistogram | undefined)[] | undefined;
  startTimesMs: Float64Array<ArrayBuffer> | undefined;

  add(ref: SeriesRef, timeMs: number, value: number): void {
    if (this.count === this.refs.length) this.#grow();
    this.refs[this.count] = ref;
    this.timesMs[this.count] = timeMs;
    this.values[this.count] = value;
    this.histograms?.push(undefined);
    this.count += 1;
  }

  addHistogram(ref: SeriesRef, timeMs: number, histogram: FloatHistogram): void {
    this.histograms ??= new Array<undefined>(this.count).fill(undefined);
    this.add(ref, timeMs, NaN);
    this.histograms[this.count - 1] = histogram;
  }

  /** Says since when the counter in the row added last has been counting. */
  setStart(startMs: number): void {
    assert(this.count > 0, "BUG: a start time without a row");
    this.startTimesMs ??= new Float64Array(this.refs.length);
    this.startTimesMs[this.count - 1] = startMs;
  }

  reset(): void {
    this.count = 0;
    this.histograms = undefined;
    this.startTimesMs = undefined;
  }

  #grow(): void {
    this.refs = doubled(this.refs);
    this.timesMs = doubled(this.timesMs);
    this.values = doubled(this.values);
    if (this.startTimesMs !== undefined) this.startTimesMs = doubled(this.startTimesMs);
  }
}

/** Copies as bytes: value by value, a staleness NaN could be quieted. */
function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
