/**
 * Series as they come from the real world, by seed: scrapes that jitter, gaps longer than the
 * lookback, counters that reset, staleness markers, NaN and infinities.
 *
 * Two properties make results comparable between engines that differ in small print. No sample
 * lies on a whole second, so no window of whole seconds has one on its edge, which Prometheus 2
 * counts in and 3 does not. Values are multiples of 1/8, so sums come out the same in any order.
 */
import { Labels, writeStale } from "../../model/index.ts";
import { Prng } from "../../std/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";

export interface MessySeries {
  readonly labels: Labels;
  readonly timesMs: Float64Array;
  /** May hold staleness markers. */
  readonly values: Float64Array;
}

const SCRAPE_MS = 15_000;

/** What a metric's samples look like. */
type Kind = "counter" | "gauge" | "wild" | "whole";

const METRICS: readonly { readonly name: string; readonly kind: Kind }[] = [
  { name: "c0", kind: "counter" },
  { name: "c1", kind: "counter" },
  { name: "g0", kind: "gauge" },
  { name: "g1", kind: "wild" },
  { name: "i0", kind: "whole" },
];
const BOUNDS = ["0.1", "0.5", "1", "2.5", "+Inf"];

/** Samples in [startMs, startMs + lengthMs), series ordered by labels. */
export function messySeries(seed: number, startMs: number, lengthMs: number): MessySeries[] {
  const prng = new Prng(seed);
  const all: MessySeries[] = [];
  for (const { name, kind } of METRICS) {
    for (const a of ["x", "y", "yy"]) {
      for (const b of ["1", "2"]) {
        const times = scrapeTimes(prng, startMs, lengthMs);
        all.push(series(prng, { labels: { __name__: name, a, b }, kind, times }));
      }
    }
  }
  for (const a of ["x", "y"]) {
    const times = scrapeTimes(prng, startMs, lengthMs);
    all.push(series(prng, { labels: { __name__: "k0", a, team: `t${a}` }, kind: "whole", times }));
    all.push(...histogram(prng, a, times));
  }
  return all.sort((left, right) => left.labels.compare(right.labels));
}

/** Never a whole second. Some scrapes are missed, now and then so many that a series ends. */
function scrapeTimes(prng: Prng, startMs: number, lengthMs: number): number[] {
  const times: number[] = [];
  for (let atMs = startMs; atMs + 3_000 < startMs + lengthMs; atMs += SCRAPE_MS) {
    const luck = prng.below(60);
    if (luck === 0) atMs += SCRAPE_MS * prng.below(30);
    if (luck < 4) continue;
    times.push(atMs + 1_000 * prng.below(3) + 1 + prng.below(998));
  }
  return times.filter((timeMs) => timeMs < startMs + lengthMs);
}

interface SeriesOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: Kind;
  readonly times: readonly number[];
}

function series(prng: Prng, { labels, kind, times }: SeriesOptions): MessySeries {
  const values = new Float64Array(times.length);
  let value = kind === "counter" ? 1_000_000 + prng.below(500_000) : 0;
  for (let i = 0; i < times.length; i++) {
    value = nextValue(prng, kind, value);
    values[i] = kind === "wild" ? wildValue(prng, value) : value;
    if (prng.below(50) === 0) writeStale(values, i);
  }
  return { labels: Labels.from(labels), timesMs: Float64Array.from(times), values };
}

function nextValue(prng: Prng, kind: Kind, value: number): number {
  switch (kind) {
    case "counter":
      // A reset halves: far from zero, where Prometheus 2 and 3 extrapolate differently.
      return prng.below(25) === 0 ? Math.ceil(value / 2) : value + prng.below(4_000);
    case "gauge":
    case "wild":
      return (prng.below(16_000) - 8_000) / 8;
    case "whole":
      return prng.below(5);
  }
}

function wildValue(prng: Prng, value: number): number {
  const wild = [NaN, Infinity, -Infinity, 0];
  return prng.below(6) === 0 ? prng.pick(wild) : value;
}

function histogram(prng: Prng, a: string, times: readonly number[]): MessySeries[] {
  const counts = BOUNDS.map(() => 100_000);
  const rows = times.map(() => {
    for (let i = 0; i < counts.length; i++) counts[i]! += prng.below(20);
    let total = 0;
    return counts.map((count) => {
      total += count;
      return total;
    });
  });
  return BOUNDS.map((le, bound) => ({
    labels: Labels.from({ __name__: "h_bucket", a, le }),
    timesMs: Float64Array.from(times),
    values: Float64Array.from(rows, (row) => row[bound]!),
  }));
}

export async function storeOf(all: readonly MessySeries[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const { labels, timesMs, values } of all) {
    const batch = new BatchBuilder();
    const ref = store.series(labels);
    for (const [i, timeMs] of timesMs.entries()) batch.add(ref, timeMs, values[i]!);
    // Byte by byte: a staleness marker passed as a number may lose its payload.
    batch.values.set(values);
    await store.append(batch);
  }
  return store;
}
