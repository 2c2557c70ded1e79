/**
 * What a query may ask of a store. promql, rules and api see nothing else of one. Every
 * implementation passes storageContract().
 */
import type { FloatHistogram, Labels, Matcher } from "../model/index.ts";

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
  /** Whether rows may be histograms; a reader of numbers spares the column. Absent: they may. */
  readonly hasHistograms?: boolean;
  /** Whether rows may have start times. Absent: they may. */
  readonly hasStartTimes?: boolean;

  /**
   * Copies the samples in (startMs, endMs] into `into`, oldest first, and returns how many.
   * Staleness markers are included. Calls must not go back in time.
   *
   * When the count equals the buffer's length there may be more: call again from the last time.
   * Native histograms come only to buffers that have a column for them; others see the numbers.
   */
  read(startMs: number, endMs: number, into: SampleBuffer): number;
}

/** Parallel columns, reused between reads. Typed, as a number[] would quiet staleness NaNs. */
export interface SampleBuffer {
  /** Unix milliseconds, strictly increasing. */
  readonly timesMs: Float64Array;
  /** NaN in the rows of histograms. */
  readonly values: Float64Array;
  /** By row: a native histogram, or undefined where the row is a number. */
  readonly histograms?: (FloatHistogram | undefined)[] | undefined;
  /** By row, Unix milliseconds: since when the counter counts; 0 = unknown. */
  readonly startTimesMs?: Float64Array | undefined;
}

interface SampleBufferOptions {
  /** Whether native histograms are wanted, too. */
  readonly histograms?: boolean;
  readonly startTimes?: boolean;
}

export function createSampleBuffer(
  length: number,
  { histograms = false, startTimes = false }: SampleBufferOptions = {},
): SampleBuffer {
  return {
    timesMs: new Float64Array(length),
    values: new Float64Array(length),
    histograms: histograms ? new Array<undefined>(length).fill(undefined) : undefined,
    startTimesMs: startTimes ? new Float64Array(length) : undefined,
  };
}
