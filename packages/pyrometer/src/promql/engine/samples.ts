/**
 * Reads a series' samples out of a store's cursor into one pair of columns that is reused from
 * series to series: what is read is worked on at once and never kept.
 */
import { isStale, isStaleHistogram } from "../../model/index.ts";
import type { SeriesCursor } from "../../storage/index.ts";
import type { Histograms } from "./column.ts";
import { findResets } from "./counted-selectors.ts";

/** The first `count` entries are set. Valid until the next read. */
export interface Samples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
  /** Per row, where the series has any: its value is NaN then. */
  readonly histograms?: Histograms | undefined;
  /** Per row, 0 = unknown; where the series has any and the reader wants them. */
  readonly startTimesMs?: Float64Array | undefined;
}

interface ReaderOptions {
  readonly wantsStartTimes?: boolean;
  /** See counted-selectors.ts. */
  readonly findsResets?: boolean;
}

const FIRST_CAPACITY = 1024;

export class SampleReader {
  // Empty until there is something to read: most selectors of most rules match nothing.
  #timesMs = new Float64Array(0);
  #values = new Float64Array(0);
  /** As long as the others, where wanted. */
  #startTimesMs: Float64Array | undefined;

  readonly #findsResets: boolean;

  constructor({ wantsStartTimes = false, findsResets = false }: ReaderOptions = {}) {
    this.#findsResets = findsResets;
    this.#startTimesMs = wantsStartTimes ? new Float64Array(0) : undefined;
  }

  /** All samples in (startMs, endMs], staleness markers included. */
  read(cursor: SeriesCursor, startMs: number, endMs: number): Samples {
    if (this.#timesMs.length === 0) this.#grow();
    let count = 0;
    let fromMs = startMs;
    const histograms: Histograms | undefined = cursor.hasHistograms === false ? undefined : [];
    const wantsStartTimes = this.#startTimesMs !== undefined && cursor.hasStartTimes !== false;
    for (;;) {
      const timesMs = this.#timesMs.subarray(count);
      const values = this.#values.subarray(count);
      const part: Histograms | undefined = histograms && [];
      const startTimesMs = wantsStartTimes ? this.#startTimesMs?.subarray(count) : undefined;
      const into = { timesMs, values, histograms: part, startTimesMs };
      const readCount = cursor.read(fromMs, endMs, into);
      for (let i = 0; part !== undefined && i < readCount; i++) histograms?.push(part[i]);
      count += readCount;
      if (readCount < timesMs.length) break;
      fromMs = this.#timesMs[count - 1]!;
      this.#grow();
    }
    if (this.#findsResets && histograms !== undefined) findResets(histograms, count);
    const hasHistograms = histograms?.some((one) => one !== undefined) ?? false;
    return {
      timesMs: this.#timesMs,
      values: this.#values,
      count,
      histograms: hasHistograms ? histograms : undefined,
      startTimesMs: wantsStartTimes ? this.#startTimesMs : undefined,
    };
  }

  /** As read(), without staleness markers, which are no values of a range. */
  readValues(cursor: SeriesCursor, startMs: number, endMs: number): Samples {
    const samples = this.read(cursor, startMs, endMs);
    const { timesMs, values, count, histograms, startTimesMs } = samples;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (isStale(values[i]!) || isStaleRow(histograms, i)) continue;
      if (kept !== i) {
        timesMs[kept] = timesMs[i]!;
        values[kept] = values[i]!;
        if (histograms !== undefined) histograms[kept] = histograms[i];
        if (startTimesMs !== undefined) startTimesMs[kept] = startTimesMs[i]!;
      }
      kept += 1;
    }
    return { ...samples, count: kept };
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.#timesMs.length * 2);
    const timesMs = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    timesMs.set(this.#timesMs);
    values.set(this.#values);
    this.#timesMs = timesMs;
    this.#values = values;
    if (this.#startTimesMs === undefined) return;
    const startTimesMs = new Float64Array(timesMs.length);
    startTimesMs.set(this.#startTimesMs);
    this.#startTimesMs = startTimesMs;
  }
}

/** Whether the row is the marker that ends a series of histograms. */
export function isStaleRow(histograms: Histograms | undefined, row: number): boolean {
  const histogram = histograms?.[row];
  return histogram !== undefined && isStaleHistogram(histogram);
}
