/**
 * Reads a series' samples out of a store's cursor into one pair of columns that is reused from
 * series to series: what is read is worked on at once and never kept.
 */
import { isStale } from "../../model/index.ts";
import type { SeriesCursor } from "../../storage/index.ts";

/** The first `count` entries are set. Valid until the next read. */
export interface Samples {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

const FIRST_CAPACITY = 1024;

export class SampleReader {
  #timesMs = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);

  /** All samples in (startMs, endMs], staleness markers included. */
  read(cursor: SeriesCursor, startMs: number, endMs: number): Samples {
    let count = 0;
    let fromMs = startMs;
    for (;;) {
      const timesMs = this.#timesMs.subarray(count);
      const values = this.#values.subarray(count);
      const readCount = cursor.read(fromMs, endMs, { timesMs, values });
      count += readCount;
      if (readCount < timesMs.length) break;
      fromMs = this.#timesMs[count - 1]!;
      this.#grow();
    }
    return { timesMs: this.#timesMs, values: this.#values, count };
  }

  /** As read(), without staleness markers, which are no values of a range. */
  readValues(cursor: SeriesCursor, startMs: number, endMs: number): Samples {
    const { timesMs, values, count } = this.read(cursor, startMs, endMs);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (isStale(values[i]!)) continue;
      if (kept !== i) {
        timesMs[kept] = timesMs[i]!;
        values[kept] = values[i]!;
      }
      kept += 1;
    }
    return { timesMs, values, count: kept };
  }

  #grow(): void {
    const timesMs = new Float64Array(this.#timesMs.length * 2);
    const values = new Float64Array(this.#values.length * 2);
    timesMs.set(this.#timesMs);
    values.set(this.#values);
    this.#timesMs = timesMs;
    this.#values = values;
  }
}
