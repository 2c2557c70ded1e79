/**
 * The reference store: everything in memory, nothing clever, forgets on restart. It says what a
 * store must do; the disk store is tested against it.
 *
 * A series is two growing columns. Samples are only ever added at the end or cut off the front,
 * so a view needs no copy: before a series changes, every open view that has not done so yet
 * remembers how long its columns were. Opening one costs the same whatever the store holds.
 */
import type { FloatHistogram, Labels, Matcher } from "../model/index.ts";
import { equalHistograms, matchesAll } from "../model/index.ts";
import { assert, compareText } from "../std/index.ts";
import type {
  AppendReport,
  RejectedSample,
  RejectReason,
  SampleBatch,
  SeriesRef,
} from "./appendable.ts";
import type { SampleBuffer, SeriesCursor, View } from "./reader.ts";
import { SeriesIndex } from "./series-index.ts";
import { StorageError } from "./storage-error.ts";
import type { Store, StoreStats } from "./store.ts";

const FIRST_CAPACITY = 16;

interface Columns {
  timesMs: Float64Array;
  values: Float64Array;
  /** From the first histogram on; a series of numbers has no such column. */
  histograms: (FloatHistogram | undefined)[] | undefined;
  /** From the first known start time on. */
  startTimesMs: Float64Array | undefined;
  count: number;
}

interface Series extends Columns {
  readonly labels: Labels;
  /** The newest view when it last changed: views opened later have yet to remember it. */
  changedAtView: number;
}

export class MemoryStore implements Store {
  readonly #byRef = new Map<SeriesRef, Series>();
  readonly #refByKey = new Map<string, SeriesRef>();
  readonly #index = new SeriesIndex<Series>();
  readonly #views = new Set<MemoryView>();
  #viewCount = 0;
  #nextRef = 1;
  #isClosed = false;

  series(labels: Labels): SeriesRef {
    this.#assertOpen();
    const known = this.#refByKey.get(labels.key);
    if (known !== undefined) return known;
    const ref = this.#nextRef++;
    const series: Series = {
      labels,
      timesMs: new Float64Array(FIRST_CAPACITY),
      values: new Float64Array(FIRST_CAPACITY),
      histograms: undefined,
      startTimesMs: undefined,
      count: 0,
      changedAtView: 0,
    };
    this.#byRef.set(ref, series);
    this.#index.add(series);
    this.#refByKey.set(labels.key, ref);
    return ref;
  }

  async append(batch: SampleBatch): Promise<AppendReport> {
    this.#assertOpen();
    const rejected: RejectedSample[] = [];
    for (let index = 0; index < batch.count; index++) {
      const series = this.#byRef.get(batch.refs[index]!);
      if (series !== undefined && series.changedAtView !== this.#viewCount) this.#aboutTo(series);
      const reason = series ? push(series, batch, index) : "unknown-series";
      if (reason) rejected.push({ index, reason });
    }
    return { storedCount: batch.count - rejected.length, rejected };
  }

  async open(minMs: number, maxMs: number): Promise<View> {
    this.#assertOpen();
    assert(minMs <= maxMs, `BUG: view from ${minMs} to ${maxMs}`);
    const view = new MemoryView(this.#index, {
      minMs,
      maxMs,
      onClose: (it) => this.#views.delete(it),
    });
    this.#views.add(view);
    this.#viewCount += 1;
    return view;
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
    const forgotten = new Set<Series>();
    for (const [ref, series] of this.#byRef) {
      const dropCount = firstAfter(series, beforeMs - 1);
      if (dropCount === 0 && series.count > 0) continue;
      this.#aboutTo(series);
      // New columns: a view may still read the old ones.
      series.timesMs = series.timesMs.slice(dropCount);
      series.values = series.values.slice(dropCount);
      series.histograms = series.histograms?.slice(dropCount);
      series.startTimesMs = series.startTimesMs?.slice(dropCount);
      series.count -= dropCount;
      if (series.count > 0) continue;
      forgotten.add(series);
      this.#byRef.delete(ref);
      this.#refByKey.delete(series.labels.key);
    }
    this.#index.remove(forgotten);
    for (const view of this.#views) view.noteForgotten(forgotten);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#byRef.clear();
    this.#refByKey.clear();
    this.#index.clear();
  }

  /** Call before changing a series. */
  #aboutTo(series: Series): void {
    for (const view of this.#views) view.remember(series);
    series.changedAtView = this.#viewCount;
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
    if (timeMs === lastMs) return isSameSample(series, batch, index) ? undefined : "duplicate";
  }
  if (series.count === series.timesMs.length) grow(series);
  series.timesMs[series.count] = timeMs;
  series.values[series.count] = batch.values[index]!;
  pushHistogram(series, batch.histograms?.[index]);
  pushStart(series, batch.startTimesMs?.[index] ?? 0);
  series.count += 1;
  return undefined;
}

function pushHistogram(series: Series, histogram: FloatHistogram | undefined): void {
  if (series.histograms === undefined) {
    if (histogram === undefined) return;
    series.histograms = new Array<undefined>(series.count).fill(undefined);
  }
  series.histograms.push(histogram);
}

function pushStart(series: Series, startMs: number): void {
  if (series.startTimesMs === undefined) {
    if (startMs === 0) return;
    series.startTimesMs = new Float64Array(series.timesMs.length);
  }
  series.startTimesMs[series.count] = startMs;
}

function isSameSample(series: Series, batch: SampleBatch, index: number): boolean {
  const stored = series.histograms?.[series.count - 1];
  const offered = batch.histograms?.[index];
  if (stored === undefined || offered === undefined) {
    return stored === offered && isSameBits(series, batch, index);
  }
  return equalHistograms(stored, offered);
}

function isSameBits(series: Series, batch: SampleBatch, index: number): boolean {
  const bits = (column: Float64Array, i: number) =>
    new BigUint64Array(column.buffer, column.byteOffset)[i];
  return bits(series.values, series.count - 1) === bits(batch.values, index);
}

function grow(series: Series): void {
  const capacity = Math.max(FIRST_CAPACITY, series.count * 2);
  const larger = (column: Float64Array) => {
    const copy = new Float64Array(capacity);
    copy.set(column);
    return copy;
  };
  series.timesMs = larger(series.timesMs);
  series.values = larger(series.values);
  if (series.startTimesMs !== undefined) series.startTimesMs = larger(series.startTimesMs);
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

interface ViewOptions {
  readonly minMs: number;
  readonly maxMs: number;
  readonly onClose: (view: MemoryView) => void;
}

class MemoryView implements View {
  readonly #index: SeriesIndex<Series>;
  readonly #options: ViewOptions;
  /** Series that have changed since the view was opened, as they were. */
  readonly #before = new Map<Series, Series>();
  readonly #forgotten = new Set<Series>();

  constructor(index: SeriesIndex<Series>, options: ViewOptions) {
    this.#index = index;
    this.#options = options;
  }

  /** The series is about to change. */
  remember(series: Series): void {
    if (!this.#before.has(series)) this.#before.set(series, { ...series });
  }

  /** A series as it was when the view was opened. */
  asOpened(series: Series): Series {
    return this.#before.get(series) ?? series;
  }

  /** These are no longer in the index. */
  noteForgotten(forgotten: ReadonlySet<Series>): void {
    for (const series of forgotten) this.#forgotten.add(series);
  }

  *select(matchers: readonly Matcher[]): Iterable<SeriesCursor> {
    assert(matchers.length > 0, "BUG: select without a matcher");
    for (const series of this.#matching(matchers)) {
      yield new MemoryCursor(series, this, this.#options);
    }
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
    this.#before.clear();
    this.#forgotten.clear();
    this.#options.onClose(this);
  }

  /** Those without samples in the view's range are left out. */
  #matching(matchers: readonly Matcher[]): Series[] {
    const { minMs, maxMs } = this.#options;
    let found = this.#index.matching(matchers);
    if (this.#forgotten.size > 0) {
      const gone = [...this.#forgotten].filter(({ labels }) => matchesAll(matchers, labels));
      found = [...found, ...gone].sort((a, b) => a.labels.compare(b.labels));
    }
    return found.filter((series) => overlaps(this.asOpened(series), minMs, maxMs));
  }
}

class MemoryCursor implements SeriesCursor {
  readonly labels: Labels;
  readonly hasHistograms: boolean;
  readonly hasStartTimes: boolean;
  readonly #series: Series;
  readonly #view: MemoryView;
  readonly #minMs: number;
  readonly #maxMs: number;

  constructor(series: Series, view: MemoryView, { minMs, maxMs }: ViewOptions) {
    this.labels = series.labels;
    this.hasHistograms = series.histograms !== undefined;
    this.hasStartTimes = series.startTimesMs !== undefined;
    this.#series = series;
    this.#view = view;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  read(startMs: number, endMs: number, into: SampleBuffer): number {
    const series = this.#view.asOpened(this.#series);
    const from = firstAfter(series, Math.max(startMs, this.#minMs - 1));
    const to = firstAfter(series, Math.min(endMs, this.#maxMs));
    if (series.histograms !== undefined && into.histograms === undefined) {
      return copyNumbers(series, { from, to }, into);
    }
    const count = Math.max(0, Math.min(to - from, into.timesMs.length));
    copyRows(series, { from, to: from + count }, into);
    return count;
  }
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

function copyRows(series: Series, { from, to }: Rows, into: SampleBuffer): void {
  into.timesMs.set(series.timesMs.subarray(from, to));
  into.values.set(series.values.subarray(from, to));
  if (into.histograms !== undefined) {
    for (let row = from; row < to; row++) into.histograms[row - from] = series.histograms?.[row];
  }
  if (series.startTimesMs !== undefined) {
    into.startTimesMs?.set(series.startTimesMs.subarray(from, to));
  } else into.startTimesMs?.fill(0, 0, to - from);
}

/** For a reader that does not know of histograms: their rows are left out. */
function copyNumbers(series: Series, { from, to }: Rows, into: SampleBuffer): number {
  let count = 0;
  for (let row = from; row < to && count < into.timesMs.length; row++) {
    if (series.histograms?.[row] !== undefined) continue;
    into.timesMs[count] = series.timesMs[row]!;
    // As a range of one: a staleness NaN must not pass through a number on its way.
    into.values.set(series.values.subarray(row, row + 1), count);
    if (into.startTimesMs !== undefined) into.startTimesMs[count] = series.startTimesMs?.[row] ?? 0;
    count += 1;
  }
  return count;
}
