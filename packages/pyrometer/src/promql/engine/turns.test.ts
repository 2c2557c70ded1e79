/** Every kind of node lets the event loop run while it works. */
import { beforeAll, expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import { SAMPLES_PER_TURN } from "../limits.ts";
import { createEngine } from "./engine.ts";

const SERIES_COUNT = 100;
const STEP_COUNT = 2_000;

const store = new MemoryStore();
beforeAll(async () => {
  for (let i = 0; i < SERIES_COUNT; i++) {
    const le = i % 10 === 9 ? "+Inf" : `${i % 10}`;
    const labels = Labels.from({ __name__: "m_bucket", host: `${Math.floor(i / 10)}`, le });
    const batch = new BatchBuilder();
    const ref = store.series(labels);
    for (let t = 0; t < STEP_COUNT; t++) batch.add(ref, t * 1_000, t % 7);
    await store.append(batch);
  }
});

test.each([
  "m_bucket",
  "rate(m_bucket[1m])",
  "sum(m_bucket)",
  "quantile(0.5, m_bucket)",
  "topk(3, m_bucket)",
  'count_values("v", m_bucket)',
  "abs(m_bucket)",
  "m_bucket * 2",
  "m_bucket * m_bucket",
  "m_bucket * on (host, le) group_left m_bucket",
  "-m_bucket",
  "scalar(m_bucket)",
  "m_bucket and m_bucket",
  "histogram_quantile(0.9, m_bucket)",
  "max_over_time(m_bucket[1m:1s])",
])("%s", async (expr) => {
  let turnCount = 0;
  const engine = createEngine({
    reader: store,
    turn: async () => {
      turnCount += 1;
    },
  });
  await engine.range({ expr, startMs: 0, endMs: (STEP_COUNT - 1) * 1_000, stepMs: 1_000 });
  const cells = SERIES_COUNT * STEP_COUNT;
  expect(turnCount).toBeGreaterThanOrEqual(Math.floor(cells / SAMPLES_PER_TURN) - 1);
});
