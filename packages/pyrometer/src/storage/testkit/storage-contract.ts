/**
 * What every store must do. A store's test calls this once; a store that cannot do a part yet
 * does not exist, so there is no list of exceptions.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatcher, isStale, Labels, writeStale } from "../../model/index.ts";
import type { AppendReport, SampleBuffer, Store, View } from "../index.ts";
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
            expect(
              dumpThrough(createSampleBuffer(length), view, { startMs: 0, endMs: 10_000 }),
            ).toEqual(Object.fromEntries(wanted));
            view.close();
            await store.close();
          },
        ),
        { numRuns: 50 },
      );
    });
  });
}

async function put(store: Store, rows: readonly Row[]): Promise<AppendReport> {
  const batch = new BatchBuilder();
  for (const [labels, timeMs, value] of rows)
    batch.add(store.series(Labels.from(labels))!, timeMs, value);
  return store.append(batch);
}

/** Every series in the view, by its printed labels: "value@time value@time". */
function dump(view: View, startMs: number, endMs: number): Record<string, string> {
  return dumpThrough(createSampleBuffer(64), view, { startMs, endMs });
}

/** The same, read through a buffer of any length. */
function dumpThrough(
  into: SampleBuffer,
  view: View,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): Record<string, string> {
  const { length } = into.timesMs;
  const lines: Record<string, string> = {};
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
