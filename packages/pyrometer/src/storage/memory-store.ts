/**
 * The reference store: everything in memory, nothing clever, forgets on restart. It says what a
 * store must do; the disk store is tested against it.
 *
 * A series is two growing columns. Samples are only ever added at the end or cut off the front,
 * so a view needs no copy: it remembers how long each column was when it was opened.
 */
import type { Labels, Matcher } from "../model/index.ts";
import { matchesAll } from "../model/index.ts";
import { assert, compareText } from "../std/index.ts";
import type {
  AppendReport,
  RejectedSample,
  RejectReason,
  SampleBatch,
  SeriesRef,
} from "./appendable.ts";
import type { SampleBuffer, SeriesCursor, View } from "./reader.ts";
import { StorageError } from "./storage-error.ts";
import type { Store, StoreStats } from "./store.ts";

const FIRST_CAPACITY = 16;

interface Columns {
  timesMs: Float64Array;
  values: Float64Array;
  count: number;
}

interface Series extends Columns {
  readonly labels: Labels;
}

export class MemoryStore implements Store {
  readonly #byRef = new Map<SeriesRef, Series>();
  readonly #refByKey = new Map<string, SeriesRef>();
  #nextRef = 1;
  #isClosed = false;

  series(labels: Labels): SeriesRef {
    this.#assertOpen();
    const known = this.#refByKey.get(labels.key);
    if (known !== undefined) return known;
    const ref = this.#nextRef++;
    const timesMs = new Float64Array(FIRST_CAPACITY);
    const values = new Float64Array(FIRST_CAPACITY);
    this.#byRef.set(ref, { labels, timesMs, values, count: 0 });
    this.#refByKey.set(labels.key, ref);
    return ref;
  }

  async append(batch: SampleBatch): Promise<AppendReport> {
    this.#assertOpen();
    const rejected: RejectedSample[] = [];
    for (let index = 0; index < batch.count; index++) {
      const series = this.#byRef.get(batch.refs[index]!);
      const reason = series ? push(series, batch, index) : "unknown-series";
      if (reason) rejected.push({ index, reason });
    }
    return { storedCount: batch.count - rejected.length, rejected };
  }

  async open(minMs: number, maxMs: number): Promise<View> {
    this.#assertOpen();
    assert(minMs <= maxMs, `BUG: view from ${minMs} to ${maxMs}`);
    const seen: Series[] = [];
    for (const series of this.#byRef.values()) {
      if (overlaps(series, minMs, maxMs)) seen.push({ ...series });
    }
    return new MemoryView(seen, { minMs, maxMs });
  }

  stats(): StoreStats {
    let sampleCount = 0;
    let minMs: number | undefined;
    let maxMs: number | undefined;
    for (const { timesMs, count } of this.#byRef.values()) {
      if (count === 0) continue;
      sampleCount += count;
      minMs = Math.min(minMs ?? Infinity, timesMs[0]!);
      maxMs = Math.max(maxMs ?? -Infinity, timesMs[count - 1]!);
    }
    return { seriesCount: this.#byRef.size, sampleCount, minMs, maxMs };
  }

  truncate(beforeMs: number): void {
    this.#assertOpen();
    for (const [ref, series] of this.#byRef) {
      const dropCount = firstAfter(series, beforeMs - 1);
      if (dropCount === 0 && series.count > 0) continue;
      // New columns: a view may still read the old ones.
      series.timesMs = series.timesMs.slice(dropCount);
      series.values = series.values.slice(dropCount);
      series.count -= dropCount;
      if (series.count === 0) this.#forget(ref, series);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#byRef.clear();
    this.#refByKey.clear();
  }

  #forget(ref: SeriesRef, { labels }: Series): void {
    this.#byRef.delete(ref);
    this.#refByKey.delete(labels.key);
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StorageError("closed", "Cannot use the store: it is closed");
  }
}

/** Adds row `index` of the batch at the end, or says why it may not be. */
function push(series: Series, batch: SampleBatch, index: number): RejectReason | undefined {
  const timeMs = batch.timesMs[index]!;
  if (series.count > 0) {
    const lastMs = series.timesMs[series.count - 1]!;
    if (timeMs < lastMs) return "out-of-order";
    // The same sample again is no news; another value for the same moment is a contradiction.
    if (timeMs === lastMs) return isSameBits(series, batch, index) ? undefined : "duplicate";
  }
  if (series.count === series.timesMs.length) grow(series);
  series.timesMs[series.count] = timeMs;
  series.values[series.count] = batch.values[index]!;
  series.count += 1;
  return undefined;
}

function isSameBits(series: Series, batch: SampleBatch, index: number): boolean {
  const bits = (column: Float64Array, i: number) =>
    new BigUint64Array(column.buffer, column.byteOffset)[i];
  return bits(series.values, series.count - 1) === bits(batch.values, index);
}

function grow(series: Series): void {
  const capacity = Math.max(FIRST_CAPACITY, series.count * 2);
  const timesMs = new Float64Array(capacity);
  const values = new Float64Array(capacity);
  timesMs.set(series.timesMs);
  values.set(series.values);
  series.timesMs = timesMs;
  series.values = values;
}

function overlaps({ timesMs, count }: Columns, minMs: number, maxMs: number): boolean {
  return count > 0 && timesMs[0]! <= maxMs && timesMs[count - 1]! >= minMs;
}

/** The index of the first sample later than `timeMs`; `count` when there is none. */
function firstAfter({ timesMs, count }: Columns, timeMs: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle]! <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

class MemoryView implements View {
  #series: readonly Series[];
  readonly #minMs: number;
  readonly #maxMs: number;

  constructor(series: readonly Series[], { minMs, maxMs }: { minMs: number; maxMs: number }) {
    this.#series = series;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  *select(matchers: readonly Matcher[]): Iterable<SeriesCursor> {
    assert(matchers.length > 0, "BUG: select without a matcher");
    const found = this.#matching(matchers).sort((a, b) => a.labels.compare(b.labels));
    for (const series of found) yield new MemoryCursor(series, this.#minMs, this.#maxMs);
  }

  labelNames(matchers: readonly Matcher[]): string[] {
    const names = new Set<string>();
    for (const { labels } of this.#matching(matchers)) for (const [name] of labels) names.add(name);
    return [...names].sort(compareText);
  }

  labelValues(name: string, matchers: readonly Matcher[]): string[] {
    const values = new Set(this.#matching(matchers).map(({ labels }) => labels.get(name)));
    values.delete("");
    return [...values].sort(compareText);
  }

  close(): void {
    this.#series = [];
  }

  #matching(matchers: readonly Matcher[]): Series[] {
    return this.#series.filter(({ labels }) => matchesAll(matchers, labels));
  }
}

class MemoryCursor implements SeriesCursor {
  readonly labels: Labels;
  readonly #series: Series;
  readonly #minMs: number;
  readonly #maxMs: number;

  constructor(series: Series, minMs: number, maxMs: number) {
    this.labels = series.labels;
    this.#series = series;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  read(startMs: number, endMs: number, into: SampleBuffer): number {
    const from = firstAfter(this.#series, Math.max(startMs, this.#minMs - 1));
    const to = firstAfter(this.#series, Math.min(endMs, this.#maxMs));
    const count = Math.max(0, Math.min(to - from, into.timesMs.length));
    into.timesMs.set(this.#series.timesMs.subarray(from, from + count));
    into.values.set(this.#series.values.subarray(from, from + count));
    return count;
  }
}
