/** The engine in columns against the definition, one moment at a time. SEED= looks elsewhere. */
import { expect, test } from "vitest";
import type { Labels } from "../../model/index.ts";
import { Prng } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import { parseQuery } from "../parser/parse.ts";
import { QueryGenerator } from "../testkit/generate-query.ts";
import { messySeries, storeOf } from "../testkit/messy-data.ts";
import type { NaiveQuery } from "../testkit/naive-evaluator.ts";
import { evaluateAt } from "../testkit/naive-evaluator.ts";
import { NaiveRefusal } from "../testkit/naive-sample.ts";
import { createEngine } from "./engine.ts";

const SEED = Number(process.env.SEED ?? 3);
const QUERY_COUNT = Number(process.env.COUNT ?? 800);
const START_MS = 1_700_000_000_000;
const LENGTH_MS = 30 * 60_000;
/** The definition neither compensates its sums nor computes a variance in one pass. */
const RELATIVE = 1e-9;

interface Asked {
  readonly text: string;
  readonly startMs: number;
  readonly stepMs: number;
  readonly stepCount: number;
}

test(`${QUERY_COUNT} generated range queries give what the definition gives`, async () => {
  const series = messySeries(SEED, START_MS, LENGTH_MS);
  const engine = createEngine({ reader: await storeOf(series) });
  const prng = new Prng(SEED);
  const generator = new QueryGenerator(prng);
  const differences: string[] = [];
  let pointCount = 0;
  for (let i = 0; i < QUERY_COUNT; i++) {
    const startMs = START_MS + 10_000 * prng.below(LENGTH_MS / 10_000);
    const { text } = generator.query(prng.below(5), startMs / 1000);
    // Interpolation in classic buckets has tests of its own, and no second definition.
    if (text.includes("histogram_quantile")) continue;
    const asked = { text, startMs, stepMs: prng.pick([10_000, 30_000]), stepCount: 4 };
    const wanted = byDefinition(asked, series);
    const found = await byEngine(asked);
    pointCount += found?.size ?? 0;
    const difference = differenceOf(found, wanted);
    if (difference !== undefined)
      differences.push(`${text}\n  ${JSON.stringify(asked)}: ${difference}`);
  }
  expect(differences.slice(0, 10).join("\n")).toBe("");
  expect(pointCount).toBeGreaterThan(QUERY_COUNT * 4);

  async function byEngine({ text, startMs, stepMs, stepCount }: Asked) {
    const endMs = startMs + stepMs * (stepCount - 1);
    try {
      const { value } = await engine.range({ expr: text, startMs, endMs, stepMs });
      const points = new Map<string, number>();
      if (value.kind !== "matrix") throw new Error(value.kind);
      for (const { labels, timesMs, values } of value.series) {
        for (const [i, timeMs] of timesMs.entries()) points.set(keyOf(labels, timeMs), values[i]!);
      }
      return points;
    } catch (error) {
      if (error instanceof QueryError && error.kind === "execution") return undefined;
      throw error;
    }
  }
});

/** undefined: refused, at some step. */
function byDefinition(
  { text, startMs, stepMs, stepCount }: Asked,
  series: NaiveQuery["series"],
): Map<string, number> | undefined {
  const { expr } = parseQuery({ name: "<query>", text });
  const query = { series, startMs, endMs: startMs + stepMs * (stepCount - 1) };
  const points = new Map<string, number>();
  try {
    for (let step = 0; step < stepCount; step++) {
      const timeMs = startMs + step * stepMs;
      const value = evaluateAt(expr!, timeMs, query);
      if (typeof value === "number") points.set(`{}@${timeMs}`, value);
      else for (const one of value) points.set(keyOf(one.labels, timeMs), one.value);
    }
    return points;
  } catch (error) {
    if (error instanceof NaiveRefusal) return undefined;
    throw error;
  }
}

function keyOf(labels: Labels, timeMs: number): string {
  return `${labels.size === 0 ? "{}" : labels}@${timeMs}`;
}

function differenceOf(
  found: ReadonlyMap<string, number> | undefined,
  wanted: ReadonlyMap<string, number> | undefined,
): string | undefined {
  // A range function refuses series that come to look alike at different steps, too.
  if (found === undefined) return undefined;
  if (wanted === undefined) return "only the definition refuses";
  for (const [key, value] of wanted) {
    const other = found.get(key);
    if (other === undefined) return `${key} = ${value} is missing`;
    if (!isClose(other, value)) return `${key} = ${other}, wanted ${value}`;
  }
  for (const [key, value] of found) if (!wanted.has(key)) return `${key} = ${value} is too much`;
  return undefined;
}

function isClose(found: number, wanted: number): boolean {
  if (Object.is(found, wanted) || found === wanted) return true;
  return Math.abs(found - wanted) <= RELATIVE * Math.max(Math.abs(found), Math.abs(wanted), 1);
}
