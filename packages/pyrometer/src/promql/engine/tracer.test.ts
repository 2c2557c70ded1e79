import { beforeAll, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import type { QueryBackend, TraceNode } from "../../storage/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import { createEngine } from "./engine.ts";

let backend: QueryBackend;

/** a{b="1"} and a{b="2"}, a sample every 15 s from 0 to 300 s. */
beforeAll(async () => {
  const store = new MemoryStore();
  const batch = new BatchBuilder();
  for (const b of ["1", "2"]) {
    const ref = store.series(Labels.from({ __name__: "a", b }));
    for (let timeMs = 0; timeMs <= 300_000; timeMs += 15_000) batch.add(ref, timeMs, timeMs);
  }
  await store.append(batch);
  let nowMs = 0;
  backend = createEngine({ reader: store, nowMonotonicMs: () => nowMs++ });
});

/** Three steps: 60 s, 90 s, 120 s. */
async function statsOf(expr: string) {
  const times = { startMs: 60_000, endMs: 120_000, stepMs: 30_000 };
  const { stats } = await backend.range({ expr, ...times, detail: "stats" });
  const { queryablePerStep, readPerStep } = stats!.samples;
  return { queryable: [...queryablePerStep], read: [...readPerStep] };
}

test.each([
  ["a", [2, 2, 2], [2, 2, 2]],
  ["a + a", [4, 4, 4], [4, 4, 4]],
  // Windows of four samples, of which two are new at each step.
  ["rate(a[1m])", [8, 8, 8], [8, 4, 4]],
  ["rate(a[1m] @ 60)", [8, 8, 8], [8, 0, 0]],
  ["a @ 60", [2, 2, 2], [2, 0, 0]],
  ["timestamp(a)", [2, 2, 2], [2, 2, 2]],
  ["vector(1)", [0, 0, 0], [0, 0, 0]],
  // Points at 10 s, 20 s … of which three are in each window, and none is there twice.
  ["sum_over_time(a[30s:10s])", [6, 6, 6], [6, 6, 6]],
  ["sum_over_time(a[20s:10s])", [4, 4, 4], [4, 4, 4]],
])("%s is counted as Prometheus counts", async (expr, queryable, read) => {
  expect(await statsOf(expr)).toEqual({ queryable, read });
});

test("a trace has every node with its series, samples and time", async () => {
  const expr = "sum(rate(a[1m])) / count(a)";
  const { trace, stats } = await backend.instant({ expr, timeMs: 120_000, detail: "trace" });
  const lines: string[] = [];
  const show = (node: TraceNode, indent: string) => {
    const { seriesCount, sampleCount, text, span } = node;
    expect(node.tookMs).toBeGreaterThan(0);
    expect(expr.slice(span.start, span.end)).toBe(text);
    lines.push(`${indent}${text}: ${seriesCount}, ${sampleCount}`);
    for (const child of node.children) show(child, `${indent}  `);
  };
  show(trace!, "");
  expect(lines).toEqual([
    "sum(rate(a[1m])) / count(a): 1, 1",
    "  sum(rate(a[1m])): 1, 1",
    "    rate(a[1m]): 2, 2",
    "      a[1m]: 2, 8",
    "  count(a): 1, 1",
    "    a: 2, 2",
  ]);
  expect(stats!.samples.peakCount).toBeGreaterThan(0);
});

test("a query that does not ask is told nothing", async () => {
  const { stats, trace } = await backend.instant({ expr: "a", timeMs: 120_000 });
  expect({ stats, trace }).toEqual({ stats: undefined, trace: undefined });
});
