/**
 * What a query may ask of a store. promql, rules and api see nothing else of one. Every
 * implementation passes storageContract().
 */
import type { Labels, Matcher } from "../model/index.ts";

export interface Reader {
  /**
   * A consistent view of [minMs, maxMs], both ends inclusive, unaffected by later appends.
   * The caller closes it; until then compaction keeps the blocks it reads.
   *
   * @throws {StorageError} "closed" after the store closed; "corrupt" when an index fails its CRC
   */
  open(minMs: number, maxMs: number): Promise<View>;
}

export interface View {
  /** Series matching all of `matchers`, ordered by labels. No matchers at all is a bug. */
  select(matchers: readonly Matcher[]): Iterable<SeriesCursor>;
  /** Names of labels on series matching all of `matchers` (all series when empty), sorted. */
  labelNames(matchers: readonly Matcher[]): string[];
  /** Values of one label on series matching all of `matchers` (all series when empty), sorted. */
  labelValues(name: string, matchers: readonly Matcher[]): string[];
  close(): void;
}

export interface SeriesCursor {
  /** Owned by the store: valid until close(). */
  readonly labels: Labels;

  /**
   * Copies the samples in (startMs, endMs] into `into`, oldest first, and returns how many.
   * Staleness markers are included. Calls must not go back in time.
   *
   * When the count equals the buffer's length there may be more: call again from the last time.
   */
  read(startMs: number, endMs: number, into: SampleBuffer): number;
}

/** Parallel columns, reused between reads. Typed, as a number[] would quiet staleness NaNs. */
export interface SampleBuffer {
  /** Unix milliseconds, strictly increasing. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export function createSampleBuffer(length: number): SampleBuffer {
  return { timesMs: new Float64Array(length), values: new Float64Array(length) };
}
