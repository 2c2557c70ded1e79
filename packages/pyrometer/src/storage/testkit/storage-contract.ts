/**
 * What every store must do. A store's test calls this once; a store that cannot do a part yet
 * does not exist, so there is no list of exceptions.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FloatHistogram } from "../../model/index.ts";
import {
  createHistogram,
  createMatcher,
  isStale,
  isStaleHistogram,
  Labels,
  STALE_HISTOGRAM,
  withCounterResetHint,
  writeStale,
} from "../../model/index.ts";
import type { AppendReport, Store, View } from "../index.ts";
import { BatchBuilder, createSampleBuffer, StorageError } from "../index.ts";

type Row = readonly [labels: Record<string, string>, timeMs: number, value: number];

const ANY = [createMatcher("__name__", "=~", ".+")];

export function storageContract(name: string, newStore: () => Promise<Store>): void {
  describe(`${name} keeps the storage contract`, () => {
    test("what was appended is read back, in (start, end], ordered by labels", async () => {
      const store = await newStore();
      await put(store, [
        [{ __name__: "b" }, 10, 1],
        [{ __name__: "a", x: "2" }, 10, 2],
        [{ __name__: "a", x: "1" }, 10, 3],
        [{ __name__: "a", x: "1" }, 20, 4],
        [{ __name__: "a", x: "1" }, 30, 5],
      ]);
      const view = await store.open(0, 100);
      expect(dump(view, 0, 100)).toEqual({
        'a{x="1"}': "3@10 4@20 5@30",
        'a{x="2"}': "2@10",
        b: "1@10",
      });
      expect(dump(view, 10, 20)).toEqual({ 'a{x="1"}': "4@20", 'a{x="2"}': "", b: "" });
      view.close();
      await store.close();
    });

    test("a view shows its own range, whole, and nothing appended later", async () => {
      const store = await newStore();
      await put(store, [
        [{ __name__: "a" }, 10, 1],
        [{ __name__: "a" }, 20, 2],
      ]);
      const view = await store.open(15, 25);
      await put(store, [
        [{ __name__: "a" }, 25, 3],
        [{ __name__: "b" }, 20, 9],
      ]);
      expect(dump(view, -1000, 1000)).toEqual({ a: "2@20" });
      view.close();
      await store.close();
    });

    test("a bad sample is rejected with its reason; its neighbours are stored", async () => {
      const store = await newStore();
      await put(store, [[{ __name__: "a" }, 10, 1]]);
      const report = await put(store, [
        [{ __name__: "a" }, 5, 1],
        [{ __name__: "a" }, 10, 1],
        [{ __name__: "a" }, 10, 2],
        [{ __name__: "a" }, 11, 3],
      ]);
      expect(report.rejected).toEqual([
        { index: 0, reason: "out-of-order" },
        { index: 2, reason: "duplicate" },
      ]);
      const unknown = new BatchBuilder();
      unknown.add(999_999, 1, 1);
      expect((await store.append(unknown)).rejected).toEqual([
        { index: 0, reason: "unknown-series" },
      ]);
      const view = await store.open(0, 100);
      expect(dump(view, 0, 100)).toEqual({ a: "1@10 3@11" });
      view.close();
      await store.close();
    });

    test("the same labels are the same series, whatever their order", async () => {
      const store = await newStore();
      const one = store.series(
        Labels.from([
          ["a", "1"],
          ["b", "2"],
        ]),
      );
      expect(
        store.series(
          Labels.from([
            ["b", "2"],
            ["a", "1"],
            ["c", ""],
          ]),
        ),
      ).toBe(one);
      expect(store.series(Labels.from({ a: "1" }))).not.toBe(one);
      await store.close();
    });

    test("staleness markers come back bit for bit", async () => {
      const store = await newStore();
      const batch = new BatchBuilder();
      const ref = store.series(Labels.from({ __name__: "a" }))!;
      batch.add(ref, 1, 5);
      batch.add(ref, 2, 0);
      batch.add(ref, 3, NaN);
      writeStale(batch.values, 1);
      await store.append(batch);
      const view = await store.open(0, 10);
      const into = createSampleBuffer(8);
      const [cursor] = view.select(ANY);
      const count = cursor!.read(0, 10, into);
      expect([0, 1, 2].map((i) => isStale(into.values[i]!))).toEqual([false, true, false]);
      expect(count).toBe(3);
      view.close();
      await store.close();
    });

    test("native histograms come back whole, between numbers, in buffers that want them", async () => {
      const { store, view } = await mixedSeries(await newStore());
      const [cursor] = view.select(ANY);
      const into = createSampleBuffer(8, { histograms: true });
      expect(cursor!.read(0, 100, into)).toBe(5);
      expect(into.histograms!.slice(0, 5)).toEqual([
        undefined,
        HISTOGRAM,
        HISTOGRAM,
        undefined,
        HINTED,
      ]);
      expect([...into.values.subarray(0, 5)]).toEqual([1, NaN, NaN, 4, NaN]);
      // A buffer is used again and again: nothing of an earlier read may shine through.
      expect(cursor!.read(30, 100, into)).toBe(2);
      expect(into.histograms!.slice(0, 2)).toEqual([undefined, HINTED]);
      view.close();
      await store.close();
    });

    test("a reader that knows no histograms sees the numbers alone, in full buffers", async () => {
      const { store, view } = await mixedSeries(await newStore());
      expect(dump(view, 0, 100)).toEqual({ a: "1@10 4@40" });
      expect(dumpIn(view, [0, 100], 1)).toEqual({ a: "1@10 4@40" });
      view.close();
      await store.close();
    });

    test("the same histogram again is no news; another one, or a number, is a duplicate", async () => {
      const store = await newStore();
      const ref = store.series(Labels.from({ __name__: "a" }))!;
      const put = (histogram: FloatHistogram | undefined) => {
        const batch = new BatchBuilder();
        if (histogram === undefined) batch.add(ref, 10, NaN);
        else batch.addHistogram(ref, 10, histogram);
        return store.append(batch);
      };
      await put(HISTOGRAM);
      expect((await put(createHistogram({ ...HISTOGRAM }))).rejected).toEqual([]);
      const duplicate = [{ index: 0, reason: "duplicate" }];
      expect((await put(createHistogram({ ...HISTOGRAM, sum: 8 }))).rejected).toEqual(duplicate);
      expect((await put(undefined)).rejected).toEqual(duplicate);
      await store.close();
    });

    test("the histogram that marks the end of a series stays one", async () => {
      const store = await newStore();
      const batch = new BatchBuilder();
      const ref = store.series(Labels.from({ __name__: "a" }))!;
      batch.addHistogram(ref, 10, HISTOGRAM);
      batch.addHistogram(ref, 20, STALE_HISTOGRAM);
      await store.append(batch);
      const view = await store.open(0, 100);
      const into = createSampleBuffer(4, { histograms: true });
      const [cursor] = view.select(ANY);
      cursor!.read(0, 100, into);
      expect(into.histograms!.slice(0, 2).map((one) => isStaleHistogram(one!))).toEqual([
        false,
        true,
      ]);
      view.close();
      await store.close();
    });

    test("start times come back with their samples; unknown ones are 0", async () => {
      const store = await newStore();
      const batch = new BatchBuilder();
      const ref = store.series(Labels.from({ __name__: "a" }))!;
      batch.add(ref, 10, 1);
      batch.add(ref, 20, 2);
      batch.setStart(15);
      for (let timeMs = 21; timeMs < 300; timeMs++) batch.add(ref, timeMs, 3);
      batch.addHistogram(ref, 300, HISTOGRAM);
      batch.setStart(299);
      await store.append(batch);
      const view = await store.open(0, 1000);
      const into = createSampleBuffer(300, { histograms: true, startTimes: true });
      const [cursor] = view.select(ANY);
      const count = cursor!.read(0, 1000, into);
      expect([0, 1, 2, count - 2, count - 1].map((row) => into.startTimesMs![row])).toEqual([
        0, 15, 0, 0, 299,
      ]);
      const numbers = createSampleBuffer(300, { startTimes: true });
      expect(cursor!.read(0, 1000, numbers)).toBe(count - 1);
      expect([...numbers.startTimesMs!.subarray(0, 3)]).toEqual([0, 15, 0]);
      view.close();
      await store.close();
    });

    test("truncate cuts histograms and start times with their samples", async () => {
      const { store, view } = await mixedSeries(await newStore());
      view.close();
      store.truncate(30);
      const after = await store.open(0, 100);
      const into = createSampleBuffer(8, { histograms: true, startTimes: true });
      const [cursor] = after.select(ANY);
      expect(cursor!.read(0, 100, into)).toBe(3);
      expect(into.histograms!.slice(0, 3)).toEqual([HISTOGRAM, undefined, HINTED]);
      expect([...into.startTimesMs!.subarray(0, 3)]).toEqual([25, 0, 0]);
      after.close();
      await store.close();
    });

    test("matchers select; label names and values follow them", async () => {
      const store = await newStore();
      await put(store, [
        [{ __name__: "a", job: "x", gpu: "0" }, 10, 1],
        [{ __name__: "a", job: "y" }, 10, 1],
        [{ __name__: "b", job: "z" }, 10, 1],
      ]);
      const view = await store.open(0, 100);
      const only = (operator: "=" | "!=" | "=~" | "!~", value: string) =>
        [...view.select([createMatcher("gpu", operator, value), ...ANY])].length;
      expect([
        only("=", "0"),
        only("=", ""),
        only("!=", "0"),
        only("=~", "0|1"),
        only("!~", ".+"),
      ]).toEqual([1, 2, 2, 1, 2]);
      expect(view.labelNames([])).toEqual(["__name__", "gpu", "job"]);
      expect(view.labelNames([createMatcher("__name__", "=", "b")])).toEqual(["__name__", "job"]);
      expect(view.labelValues("job", [createMatcher("__name__", "=", "a")])).toEqual(["x", "y"]);
      expect(view.labelValues("nothing", [])).toEqual([]);
      view.close();
      await store.close();
    });

    test("truncate drops old samples and empty series; an open view still sees them", async () => {
      const store = await newStore();
      await put(store, [
        [{ __name__: "a" }, 10, 1],
        [{ __name__: "a" }, 20, 2],
        [{ __name__: "b" }, 10, 3],
      ]);
      const before = await store.open(0, 100);
      store.truncate(20);
      expect(dump(before, 0, 100)).toEqual({ a: "1@10 2@20", b: "3@10" });
      before.close();
      const after = await store.open(0, 100);
      expect(dump(after, 0, 100)).toEqual({ a: "2@20" });
      expect(store.stats()).toMatchObject({ sampleCount: 1, seriesCount: 1, minMs: 20, maxMs: 20 });
      after.close();
      await store.close();
    });

    test("a closed store refuses by name, and closes twice", async () => {
      const store = await newStore();
      await store.close();
      await store.close();
      await expect(store.open(0, 1)).rejects.toThrow(StorageError);
    });

    test("any sequence of appends reads back as a sorted map would, in buffers of any length", async () => {
      const step = fc.record({
        series: fc.nat(2),
        gapMs: fc.integer({ min: -2, max: 3 }),
        value: fc.nat(3),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 60 }),
          fc.integer({ min: 1, max: 7 }),
          async (steps, length) => {
            const store = await newStore();
            const model = new Map<string, [number, number][]>();
            let timeMs = 100;
            for (const { series, gapMs, value } of steps) {
              timeMs = Math.max(1, timeMs + gapMs);
              const metric = `m${series}`;
              const samples = model.get(metric) ?? [];
              model.set(metric, samples);
              await put(store, [[{ __name__: metric }, timeMs, value]]);
              if (timeMs > (samples.at(-1)?.[0] ?? -1)) samples.push([timeMs, value]);
            }
            const view = await store.open(0, 10_000);
            const wanted = [...model]
              .sort()
              .map(([metric, samples]) => [metric, samples.map(([t, v]) => `${v}@${t}`).join(" ")]);
            expect(dumpIn(view, [0, 10_000], length)).toEqual(Object.fromEntries(wanted));
            view.close();
            await store.close();
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}

const HISTOGRAM = createHistogram({
  schema: 1,
  zeroThreshold: 0.001,
  zeroCount: 1,
  count: 10,
  sum: 7,
  positiveSpans: [
    { offset: -1, length: 2 },
    { offset: 3, length: 1 },
  ],
  positiveBuckets: new Float64Array([1, 2.5, 3]),
  negativeSpans: [{ offset: 4, length: 1 }],
  negativeBuckets: new Float64Array([2.5]),
});
const HINTED = withCounterResetHint(HISTOGRAM, "reset");

/** One series: number, histogram, histogram with a start time, number, histogram with a hint. */
async function mixedSeries(store: Store): Promise<{ store: Store; view: View }> {
  const batch = new BatchBuilder();
  const ref = store.series(Labels.from({ __name__: "a" }))!;
  batch.add(ref, 10, 1);
  batch.addHistogram(ref, 20, HISTOGRAM);
  batch.addHistogram(ref, 30, HISTOGRAM);
  batch.setStart(25);
  batch.add(ref, 40, 4);
  batch.addHistogram(ref, 50, HINTED);
  await store.append(batch);
  return { store, view: await store.open(0, 100) };
}

async function put(store: Store, rows: readonly Row[]): Promise<AppendReport> {
  const batch = new BatchBuilder();
  for (const [labels, timeMs, value] of rows)
    batch.add(store.series(Labels.from(labels))!, timeMs, value);
  return store.append(batch);
}

/** Every series in the view, by its printed labels: "value@time value@time". */
function dump(view: View, startMs: number, endMs: number): Record<string, string> {
  return dumpIn(view, [startMs, endMs], 64);
}

/** The same, read in buffers of `length`. */
function dumpIn(
  view: View,
  [startMs, endMs]: readonly [startMs: number, endMs: number],
  length: number,
): Record<string, string> {
  const lines: Record<string, string> = {};
  const into = createSampleBuffer(length);
  for (const cursor of view.select(ANY)) {
    const samples: string[] = [];
    let fromMs = startMs;
    for (let count = length; count === length; ) {
      count = cursor.read(fromMs, endMs, into);
      for (let i = 0; i < count; i++) samples.push(`${into.values[i]}@${into.timesMs[i]}`);
      if (count > 0) fromMs = into.timesMs[count - 1]!;
    }
    lines[cursor.labels.toString()] = samples.join(" ");
  }
  return lines;
}
