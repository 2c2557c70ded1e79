/** What testdata/native-histograms.test cannot say: features, limits, turns, the shape of results. */
import { expect, test } from "vitest";
import type { FloatHistogram } from "../../model/index.ts";
import { createHistogram, Labels } from "../../model/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import { SAMPLES_PER_TURN } from "../limits.ts";
import type { EngineDeps } from "./engine.ts";
import { createEngine } from "./engine.ts";

const STEP_MS = 10_000;

function histogram(count: number): FloatHistogram {
  return createHistogram({
    count,
    sum: count,
    positiveSpans: [{ offset: 0, length: 2 }],
    positiveBuckets: Float64Array.of(count / 2, count / 2),
  });
}

interface Load {
  readonly seriesCount: number;
  readonly sampleCount: number;
}

/** Series of histograms, `h{i}`, and one number beside them. */
async function storeOf({ seriesCount, sampleCount }: Load): Promise<MemoryStore> {
  const store = new MemoryStore();
  const batch = new BatchBuilder();
  for (let i = 0; i < seriesCount; i++) {
    const ref = store.series(Labels.from({ __name__: "h", i: String(i) }));
    for (let k = 0; k < sampleCount; k++) batch.addHistogram(ref, k * STEP_MS, histogram(2 * k));
  }
  const number = store.series(Labels.from({ __name__: "number" }));
  batch.add(number, 0, 5);
  batch.add(number, STEP_MS, 7);
  batch.setStart(STEP_MS / 2);
  await store.append(batch);
  return store;
}

async function engineOf(load: Load, deps: Omit<EngineDeps, "reader"> = {}) {
  return createEngine({ reader: await storeOf(load), ...deps });
}

test("results have histograms only where there are some", async () => {
  const engine = await engineOf({ seriesCount: 1, sampleCount: 2 });
  const { value } = await engine.instant({ expr: '{__name__=~".+"}', timeMs: STEP_MS });
  expect(value).toMatchObject({ kind: "vector", histograms: [{ count: 2 }, undefined] });
  const numbers = await engine.instant({ expr: "number", timeMs: STEP_MS });
  expect(numbers.value).toMatchObject({ histograms: undefined });
  const times = { startMs: 0, endMs: STEP_MS, stepMs: STEP_MS };
  const range = await engine.range({ expr: "h", ...times });
  expect(range.value).toMatchObject({
    series: [{ values: Float64Array.of(NaN, NaN), histograms: [{ count: 0 }, { count: 2 }] }],
  });
});

test("functions of histograms drop the name at once, unless that is delayed", async () => {
  const engine = await engineOf({ seriesCount: 1, sampleCount: 1 });
  const { value } = await engine.instant({ expr: "histogram_count(h)", timeMs: 0 });
  expect(value).toMatchObject({ labels: [Labels.from({ i: "0" })], values: Float64Array.of(0) });
});

test("start times count only where the feature is on", async () => {
  const asked = { expr: "increase(number[20s])", timeMs: STEP_MS };
  const load = { seriesCount: 0, sampleCount: 0 };
  const off = await (await engineOf(load)).instant(asked);
  const on = await (await engineOf(load, { usesStartTimes: true })).instant(asked);
  // From 5 to 7 in 10 s, stretched to 20 s.
  expect(off.value).toMatchObject({ values: Float64Array.of(4) });
  // 5 is lost in a restart, so 7 in 10 s, stretched back to where that was 0.
  expect(on.value).toMatchObject({ values: Float64Array.of(12) });
});

test("histograms count against the sample limit by their buckets", async () => {
  const limits = { samplesMax: 100 };
  const times = { startMs: 0, endMs: 9 * STEP_MS, stepMs: STEP_MS };
  const engine = await engineOf({ seriesCount: 1, sampleCount: 10 }, { limits });
  await expect(engine.range({ expr: "h", ...times })).rejects.toThrow("too many samples");
  await engine.range({ expr: "number", ...times });
});

test.each([
  "sum(h)",
  "avg_over_time(h[1m])",
  "rate(h[5m])",
  "h + h",
  "h * 2",
  "histogram_quantile(0.9, h)",
  "histogram_stddev(h)",
])("%s lets the event loop run while it works", async (expr) => {
  let turnCount = 0;
  const load = { seriesCount: 10, sampleCount: 1_000 };
  const turn = async () => {
    turnCount += 1;
  };
  const engine = await engineOf(load, { turn });
  await engine.range({ expr, startMs: 0, endMs: 999 * STEP_MS, stepMs: STEP_MS });
  // A histogram is worth some numbers.
  expect(turnCount).toBeGreaterThan((5 * 10 * 1_000) / SAMPLES_PER_TURN);
});

test("limit_ratio takes series by their hash, its complement the others", async () => {
  const engine = await engineOf({ seriesCount: 10, sampleCount: 1 });
  const taken = async (ratio: number) => {
    const { value } = await engine.instant({ expr: `limit_ratio(${ratio}, h)`, timeMs: 0 });
    return value.kind === "vector" ? value.labels.map((one) => one.get("i")) : [];
  };
  const some = await taken(0.3);
  expect(some).toEqual(["0", "2", "5", "6"]);
  expect([...some, ...(await taken(-0.7))].sort()).toEqual([..."0123456789"]);
});
