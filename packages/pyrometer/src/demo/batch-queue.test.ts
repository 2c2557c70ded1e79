import fc from "fast-check";
import { expect, test } from "vitest";
import { sleep, VirtualClock } from "../std/index.ts";
import type { BatchQueue } from "./batch-queue.ts";
import { createBatchQueue } from "./batch-queue.ts";

interface Batch {
  readonly atMs: number;
  readonly worker: number;
  readonly items: readonly number[];
}

interface Rig {
  readonly clock: VirtualClock;
  readonly queue: BatchQueue<number, number>;
  readonly batches: Batch[];
}

/** Batches of 3, full after 10 ms, each takes 100 ms; the result of n is 10 n. */
function rig(workerCount: number): Rig {
  const clock = new VirtualClock();
  const batches: Batch[] = [];
  const queue = createBatchQueue<number, number>({
    clock,
    batchSizeMax: 3,
    queueLengthMax: 5,
    waitMs: 10,
    workerCount,
    pick: (free) => Math.min(...free),
    async run(worker, items) {
      batches.push({ atMs: clock.nowMs(), worker, items });
      await sleep(clock, 100);
      if (items.includes(13)) throw new Error("13");
      return items.map((item) => item * 10);
    },
  });
  return { clock, queue, batches };
}

test("a full batch leaves at once, a part of one when its oldest item has waited", async () => {
  const { clock, queue, batches } = rig(2);
  for (const item of [1, 2, 3, 4]) queue.submit(item);
  await clock.advance(4);
  queue.submit(5);
  await clock.advance(50);
  expect(batches).toEqual([
    { atMs: 0, worker: 0, items: [1, 2, 3] },
    { atMs: 10, worker: 1, items: [4, 5] },
  ]);
});

test("when all workers are busy items wait, and the next batch is fuller", async () => {
  const { clock, queue, batches } = rig(1);
  queue.submit(1);
  await clock.advance(20);
  queue.submit(2);
  await clock.advance(20);
  queue.submit(3);
  expect(queue.depth()).toBe(2);
  await clock.advance(200);
  expect(batches.map(({ atMs, items }) => [atMs, items])).toEqual([
    [10, [1]],
    [110, [2, 3]],
  ]);
  expect(queue.depth()).toBe(0);
});

test("a full queue refuses at once", async () => {
  const { clock, queue } = rig(1);
  for (let item = 0; item < 8; item++) expect(queue.submit(item)).toBeDefined();
  expect(queue.depth()).toBe(5);
  expect(queue.submit(9)).toBeUndefined();
  await clock.advance(1000);
  expect(queue.submit(9)).toBeDefined();
});

test("a batch that fails fails its items, and the worker goes on", async () => {
  const { clock, queue } = rig(1);
  const outcomes = [13, 1, 2, 3].map((item) =>
    Promise.resolve(queue.submit(item)).catch((error: Error) => error.message),
  );
  await clock.advance(1000);
  expect(await Promise.all(outcomes)).toEqual(["13", "13", "13", 30]);
});

test("whatever comes when, each item gets its own result and none waits past its turn", async () => {
  const arrivals = fc.array(fc.record({ gapMs: fc.nat(60), count: fc.nat(3) }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 3 }), async (steps, workerCount) => {
      const { clock, queue, batches } = rig(workerCount);
      const wanted: [number, Promise<number>][] = [];
      let item = 100;
      for (const { gapMs, count } of steps) {
        await clock.advance(gapMs);
        for (let i = 0; i < count; i++) {
          const result = queue.submit(item);
          if (result) wanted.push([item, result]);
          item += 1;
        }
      }
      await clock.advance(10_000);
      for (const [sent, result] of wanted) expect(await result).toBe(sent * 10);
      const order = batches.flatMap(({ items }) => items);
      expect(order).toEqual(wanted.map(([sent]) => sent));
      expect(batches.every(({ items }) => items.length <= 3)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
