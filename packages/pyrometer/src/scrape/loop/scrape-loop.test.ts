/** Time and the store from close up; what a scrape does is in scrape-manager.test.ts. */
import { Registry } from "@pyrometer/client";
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { silentLogger, VirtualClock } from "../../std/index.ts";
import type { Appendable, AppendReport, SampleBatch } from "../../storage/index.ts";
import { StorageError } from "../../storage/index.ts";
import { createSelfMetrics } from "../self-metrics.ts";
import { INTERVAL_MS, jobOf } from "../testkit/harness.ts";
import { ScrapeLoop } from "./scrape-loop.ts";

/** A clock whose timers run late. */
class LateClock extends VirtualClock {
  lateMs = 0;

  override setTimer(delayMs: number, run: () => void) {
    return super.setTimer(delayMs + this.lateMs, run);
  }
}

/** A store that answers as it is told, and remembers names and times of what it was given. */
class FakeStore implements Appendable {
  readonly names: string[] = [];
  readonly batches: { readonly names: string[]; readonly timeMs: number }[] = [];
  answer: (batch: SampleBatch) => AppendReport = ({ count }) => ({
    storedCount: count,
    rejected: [],
  });

  series(labels: Labels): number {
    return this.names.push(labels.metricName);
  }

  async append(batch: SampleBatch): Promise<AppendReport> {
    const names = [...batch.refs.subarray(0, batch.count)].map((ref) => this.names[ref - 1]!);
    this.batches.push({ names, timeMs: batch.timesMs[0]! });
    return this.answer(batch);
  }
}

function newLoop() {
  const clock = new LateClock(INTERVAL_MS * 100);
  const store = new FakeStore();
  const registry = new Registry();
  const target = {
    labels: Labels.from({ job: "job", instance: "a:80" }),
    discoveredLabels: Labels.EMPTY,
    url: "http://a:80/metrics",
    intervalMs: INTERVAL_MS,
    timeoutMs: INTERVAL_MS,
    id: "a",
  };
  const body = Buffer.from("a 1\n");
  const loop = new ScrapeLoop(
    { target, config: jobOf(), metricRules: [], phase: 0.5 },
    {
      store,
      clock,
      logger: silentLogger,
      fetcher: {
        fetch: async () => ({ status: 200, statusText: "OK", contentType: "", body }),
      },
      metrics: createSelfMetrics(registry),
    },
  );
  loop.start();
  return { clock, store, registry, loop };
}

const sinceStartMs = ({ store }: ReturnType<typeof newLoop>) =>
  store.batches.map(({ timeMs }) => timeMs - INTERVAL_MS * 100);

test("a timer late by a moment does not move the sample, a later one does", async () => {
  const harness = newLoop();
  await harness.clock.advance(5_000);
  harness.clock.lateMs = 2;
  await harness.clock.advance(INTERVAL_MS);
  await harness.clock.advance(INTERVAL_MS);
  harness.clock.lateMs = 3;
  await harness.clock.advance(2 * INTERVAL_MS);
  expect(sinceStartMs(harness)).toEqual([5_000, 15_000, 25_000, 35_003]);
});

test("ticks that were missed are skipped and counted, then the grid holds again", async () => {
  const harness = newLoop();
  harness.clock.lateMs = 25_000;
  await harness.clock.advance(INTERVAL_MS);
  harness.clock.lateMs = 0;
  await harness.clock.advance(5 * INTERVAL_MS);
  expect(sinceStartMs(harness)).toEqual([5_000, 40_000, 45_000, 55_000]);
  expect(harness.registry.expose()).toContain("pyrometer_scrape_skipped_ticks_total 2");
});

test("a series that the store forgot is asked for again", async () => {
  const { clock, store } = newLoop();
  await clock.advance(INTERVAL_MS);
  const known = store.names.length;
  store.answer = ({ count }) => ({
    storedCount: count - 2,
    rejected: [
      { index: 0, reason: "unknown-series" },
      { index: 1, reason: "unknown-series" },
    ],
  });
  await clock.advance(INTERVAL_MS);
  expect(store.names.length).toBe(known);
  await clock.advance(INTERVAL_MS);
  expect(store.names.slice(known, known + 2)).toEqual(["a", "up"]);
});

test("a store that takes nothing fails the scrape and says why", async () => {
  const { clock, store, loop } = newLoop();
  store.answer = () => {
    throw new StorageError("full", "Cannot append: the disk is full");
  };
  await clock.advance(INTERVAL_MS);
  expect(loop.status()).toMatchObject({
    health: "down",
    lastError: "Cannot append: the disk is full",
  });
  await loop.stop();
});
