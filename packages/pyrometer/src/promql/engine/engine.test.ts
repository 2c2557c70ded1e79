import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Labels, writeStale } from "../../model/index.ts";
import { Prng } from "../../std/index.ts";
import type { QueryResult, QueryValue } from "../../storage/index.ts";
import { BatchBuilder, MemoryStore, QueryError } from "../../storage/index.ts";
import { queries } from "../parser/testkit/queries.ts";
import { createEngine } from "./engine.ts";

const STEP_MS = 15_000;
const END_MS = 300_000;

/** Three metrics with jitter, gaps, resets, staleness markers, NaN and infinities. */
async function messyStore(seed: number): Promise<MemoryStore> {
  const prng = new Prng(seed);
  const store = new MemoryStore();
  for (const name of ["m0", "m1", "m2"]) {
    for (const a of ["x", "y", "yy"]) {
      for (const b of ["1", "2"]) await store.append(messySeries(store, { name, a, b }, prng));
    }
  }
  return store;
}

function messySeries(
  store: MemoryStore,
  { name, a, b }: { name: string; a: string; b: string },
  prng: Prng,
): BatchBuilder {
  const batch = new BatchBuilder();
  const ref = store.series(Labels.from({ __name__: name, a, b }));
  let value = 0;
  for (let timeMs = 0; timeMs < END_MS; timeMs += STEP_MS) {
    value = prng.below(12) === 0 ? 0 : value + prng.below(100);
    const luck = prng.below(25);
    if (luck === 0) continue;
    batch.add(ref, timeMs + prng.below(2_000), luck === 2 ? NaN : luck === 3 ? Infinity : value);
    if (luck === 1) writeStale(batch.values, batch.count - 1);
  }
  return batch;
}

/** Every point as text, so that NaN equals NaN; ordered. */
function points(value: QueryValue): string[] {
  switch (value.kind) {
    case "scalar":
      return [`{}@${value.timeMs}=${value.value}`];
    case "string":
      return [value.text];
    case "vector":
      return value.labels.map((labels, i) => `${labels}@${value.timeMs}=${value.values[i]}`).sort();
    case "matrix":
      return value.series
        .flatMap(({ labels, timesMs, values }) =>
          [...timesMs].map((timeMs, i) => `${labels}@${timeMs}=${values[i]}`),
        )
        .sort();
  }
}

/** The points of a query, or the kind and text of its refusal. */
async function outcome(result: Promise<QueryResult>): Promise<string[]> {
  try {
    return points((await result).value);
  } catch (error) {
    if (!(error instanceof QueryError) || error.kind !== "execution") throw error;
    return ["refused"];
  }
}

describe("a range query", () => {
  let store: MemoryStore;
  beforeAll(async () => {
    store = await messyStore(7);
  });

  const grids = fc.record({
    startMs: fc.integer({ min: 0, max: 200_000 }),
    stepMs: fc.integer({ min: 1_000, max: 70_000 }),
    stepCount: fc.integer({ min: 1, max: 8 }),
  });

  test("gives at every step what an instant query gives there", async () => {
    const engine = createEngine({ reader: store });
    await fc.assert(
      fc.asyncProperty(queries(), grids, async (expr, { startMs, stepMs, stepCount }) => {
        // start() and end() mean other moments to an instant query.
        if (/end\(\)/.test(expr)) return;
        const endMs = startMs + stepMs * (stepCount - 1);
        const whole = await outcome(engine.range({ expr, startMs, endMs, stepMs }));
        const single: string[] = [];
        for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
          single.push(...(await outcome(engine.instant({ expr, timeMs }))));
        }
        // A range is refused as a whole when one of its steps is.
        if (whole[0] === "refused") return;
        expect(whole).toEqual(single.sort());
      }),
      { numRuns: 400 },
    );
  });

  test("a rate of a counter is never negative", async () => {
    const engine = createEngine({ reader: store });
    for (const name of ["rate", "increase", "irate"]) {
      const expr = `${name}(m0[1m]) < 0`;
      const { value } = await engine.range({ expr, startMs: 0, endMs: END_MS, stepMs: 1_000 });
      expect(points(value)).toEqual([]);
    }
  });
});

describe("createEngine()", () => {
  test("refuses a wrong text with its place, the SourceError as cause", async () => {
    const engine = createEngine({ reader: new MemoryStore() });
    const query = engine.instant({ expr: "sum(\nrate(up))", timeMs: 0 });
    await expect(query).rejects.toMatchObject({
      kind: "bad_data",
      message:
        '2:6: parse error: expected type range vector in call to function "rate", got instant vector',
      cause: { code: "promql/type", line: 2, column: 6 },
    });
  });

  test("a range query takes no range vector and no step of zero", async () => {
    const engine = createEngine({ reader: new MemoryStore() });
    const at = { startMs: 0, endMs: 1, stepMs: 1 };
    await expect(engine.range({ expr: "up[5m]", ...at })).rejects.toMatchObject({
      kind: "bad_data",
    });
    await expect(engine.range({ expr: "up", ...at, stepMs: 0 })).rejects.toMatchObject({
      kind: "bad_data",
    });
  });

  test("the sample limit fails the query by name", async () => {
    const store = await messyStore(1);
    const engine = createEngine({ reader: store, limits: { samplesMax: 50 } });
    const query = engine.range({ expr: "m0 + m1", startMs: 0, endMs: END_MS, stepMs: 5_000 });
    await expect(query).rejects.toMatchObject({
      kind: "execution",
      message: "query processing would load too many samples into memory in query execution",
    });
  });

  test.each([
    [{ samplesMax: 50 }, "m0 + m1", "50 samples (--query.max-samples)"],
    [{ seriesMax: 11 }, "m0 + m1", "11 series"],
    [{ seriesMax: 5 }, "rate(m0[1m])", "5 series"],
    [{ stepsMax: 30 }, "m0", "30 steps of a range or subquery"],
    [{ stepsMax: 100 }, "sum_over_time(vector(1)[1y:1ms])", "100 steps of a range or subquery"],
    [{ bytesMax: 2 ** 20 }, "count_over_time(m0[5m:10ms])", "1 MiB"],
  ])("the limits %j fail %s with a hint that names the one reached", async (limits, expr, hint) => {
    const engine = createEngine({ reader: await messyStore(1), limits });
    const query = engine.range({ expr, startMs: 0, endMs: END_MS, stepMs: 5_000 });
    await expect(query).rejects.toMatchObject({
      kind: "execution",
      hint: `The limit of one query is ${hint}`,
    });
  });

  test("the event loop gets its turns, and a cancelled or late query ends at the next", async () => {
    const store = await messyStore(1);
    let nowMs = 0;
    let turnCount = 0;
    const engine = createEngine({
      reader: store,
      nowMonotonicMs: () => nowMs,
      turn: async () => {
        turnCount += 1;
        nowMs += 40;
      },
    });
    const expr = "sum(rate(m0[1m])) + sum(rate(m1[1m]))";
    const long = { expr, startMs: 0, endMs: 40_000_000, stepMs: 1_000 };
    await engine.range(long);
    expect(turnCount).toBeGreaterThan(2);

    await expect(engine.range({ ...long, timeoutMs: 60 })).rejects.toMatchObject({
      kind: "timeout",
      hint: "The limit of one query is 60ms (timeout=, --query.timeout)",
    });
    const strict = createEngine({
      reader: store,
      limits: { timeoutMs: 60 },
      nowMonotonicMs: () => nowMs,
      turn: async () => {
        nowMs += 40;
      },
    });
    // More than the engine grants is not to be had.
    await expect(strict.range({ ...long, timeoutMs: 3_600_000 })).rejects.toMatchObject({
      kind: "timeout",
    });
    const controller = new AbortController();
    const canceled = engine.range({ ...long, signal: controller.signal });
    controller.abort();
    await expect(canceled).rejects.toMatchObject({ kind: "canceled" });
  });

  test("a range vector by itself shows the samples in its window", async () => {
    const store = new MemoryStore();
    const batch = new BatchBuilder();
    const ref = store.series(Labels.from({ __name__: "a" }));
    for (const timeMs of [0, 10_000, 20_000]) batch.add(ref, timeMs, timeMs);
    await store.append(batch);
    const { value } = await createEngine({ reader: store }).instant({
      expr: "a[20s]",
      timeMs: 20_000,
    });
    expect(points(value)).toEqual(["a@10000=10000", "a@20000=20000"]);
  });
});
