/**
 * The same data and the same generated queries, here and in a real Prometheus: what comes out must
 * be the same, down to the last bit where both compute in the same order.
 *
 * SEED=7 COUNT=10000 npm run test:compat replays one seed or looks further.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "../../packages/pyrometer/src/promql/index.ts";
import { QueryGenerator } from "../../packages/pyrometer/src/promql/testkit/generate-query.ts";
import { messySeries, storeOf } from "../../packages/pyrometer/src/promql/testkit/messy-data.ts";
import { Prng } from "../../packages/pyrometer/src/std/index.ts";
import type { QueryBackend, QueryValue } from "../../packages/pyrometer/src/storage/index.ts";
import { QueryError } from "../../packages/pyrometer/src/storage/index.ts";
import type { PrometheusPeer } from "../support/prometheus.ts";
import { startPrometheus } from "../support/prometheus.ts";

const SEED = Number(process.env.SEED ?? 1);
const QUERY_COUNT = Number(process.env.COUNT ?? 2_000);
const DEPTH_MAX = 4;

const START_MS = 1_700_000_000_000;
/** Under an hour: Prometheus takes no more at once that lies before its newest sample. */
const LENGTH_MS = 50 * 60_000;

/** Of values that are rounded on the way, how far apart they may end. */
const RELATIVE = 1e-12;

const peer: PrometheusPeer | undefined = await startPrometheus();

interface Asked {
  readonly expr: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0: an instant query at startMs. */
  readonly stepMs: number;
}

/** Points by series and time; or "refused". */
type Points = ReadonlyMap<string, number> | "refused";

describe.runIf(peer !== undefined)("PromQL here and in Prometheus", () => {
  let engine: QueryBackend;
  beforeAll(async () => {
    const series = messySeries(SEED, START_MS, LENGTH_MS);
    engine = createEngine({ reader: await storeOf(series) });
    await peer!.write(series);
  });
  afterAll(() => peer?.stop());

  test(`${QUERY_COUNT} generated queries of seed ${SEED} agree`, async () => {
    const prng = new Prng(SEED);
    const differences: string[] = [];
    const tally = { compared: 0, refused: 0, empty: 0, points: 0 };
    for (let i = 0; i < QUERY_COUNT; i++) {
      const asked = askedAt(prng);
      const generator = new QueryGenerator(prng);
      const { text, isExact } = generator.query(1 + prng.below(DEPTH_MAX), asked.startMs / 1000);
      const ours = await askOurs(engine, { ...asked, expr: text });
      const theirs = await askPrometheus(peer!, { ...asked, expr: text });
      tally.compared += 1;
      if (theirs === "refused") tally.refused += 1;
      else if (theirs.size === 0) tally.empty += 1;
      else tally.points += theirs.size;
      const difference = differenceOf(ours, theirs, isExact ? undefined : roundedScale(text));
      if (difference !== undefined) {
        differences.push(`${text}\n  ${JSON.stringify(asked)}\n  ${difference}`);
      }
    }
    console.log(`Prometheus ${peer!.version}:`, tally);
    expect(differences.slice(0, 20).join("\n")).toBe("");
    // A generator that mostly makes nonsense would prove nothing.
    expect(tally.refused + tally.empty).toBeLessThan(QUERY_COUNT / 2);
  });

  test("samples are counted as Prometheus counts them", async () => {
    const times = { startMs: START_MS + 600_000, endMs: START_MS + 900_000, stepMs: 30_000 };
    const queries = [
      "c0",
      "sum by (a) (rate(c0[5m])) / on (a) group_left () k0",
      "max_over_time(g0[1m] @ end() offset 30s) + g0 @ start()",
      "timestamp(c0) - time()",
      "max_over_time(rate(c0[2m])[5m3s:30s])",
      "absent_over_time(c1[10m]) or vector(1)",
    ];
    for (const expr of queries) {
      const { stats } = await engine.range({ expr, ...times, detail: "stats" });
      const ours = stats!.samples.queryablePerStep.reduce((sum, count) => sum + count, 0);
      expect({ expr, samples: ours }).toEqual({
        expr,
        samples: await samplesInPrometheus(peer!, { expr, ...times }),
      });
    }
  });
});

async function samplesInPrometheus(
  { url }: PrometheusPeer,
  { expr, startMs, endMs, stepMs }: Asked,
): Promise<number> {
  const times = { start: startMs / 1000, end: endMs / 1000, step: stepMs / 1000 };
  const text = Object.entries(times).map(([name, seconds]) => `${name}=${seconds}`);
  const query = `query=${encodeURIComponent(expr)}&stats=all&${text.join("&")}`;
  const response = await fetch(`${url}/api/v1/query_range?${query}`);
  const { data } = (await response.json()) as {
    readonly data: { readonly stats: { readonly samples: { totalQueryableSamples: number } } };
  };
  return data.stats.samples.totalQueryableSamples;
}

function askedAt(prng: Prng): Omit<Asked, "expr"> {
  const startMs = START_MS + 10_000 * prng.below(LENGTH_MS / 10_000);
  if (prng.below(3) === 0) return { startMs, endMs: startMs, stepMs: 0 };
  const stepMs = prng.pick([10_000, 20_000, 30_000, 70_000]);
  return { startMs, endMs: startMs + stepMs * prng.below(12), stepMs };
}

async function askOurs(engine: QueryBackend, { expr, ...times }: Asked): Promise<Points> {
  const { startMs, stepMs } = times;
  try {
    const { value } =
      stepMs === 0
        ? await engine.instant({ expr, timeMs: startMs })
        : await engine.range({ expr, ...times });
    return pointsOf(value);
  } catch (error) {
    if (error instanceof QueryError && error.kind === "execution") return "refused";
    throw error;
  }
}

function pointsOf(value: QueryValue): Points {
  const points = new Map<string, number>();
  switch (value.kind) {
    case "string":
      throw new Error("no generated query is a string");
    case "scalar":
      return points.set(`{}@${value.timeMs}`, value.value);
    case "vector":
      for (const [i, labels] of value.labels.entries()) {
        points.set(`${keyOf(labels)}@${value.timeMs}`, value.values[i]!);
      }
      return points;
    case "matrix":
      for (const { labels, timesMs, values } of value.series) {
        for (const [i, timeMs] of timesMs.entries()) {
          points.set(`${keyOf(labels)}@${timeMs}`, values[i]!);
        }
      }
      return points;
  }
}

type Point = readonly [timeS: number, value: string];

interface Answer {
  readonly status: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data: { readonly resultType: string; readonly result: unknown };
}

async function askPrometheus(
  { url, version }: PrometheusPeer,
  { expr, startMs, endMs, stepMs }: Asked,
): Promise<Points> {
  // Prometheus 3 renamed it; it computes the same.
  const isTwo = version.startsWith("2.");
  const query = isTwo ? expr.replaceAll("double_exponential_smoothing", "holt_winters") : expr;
  const times =
    stepMs === 0
      ? { time: String(startMs / 1000) }
      : {
          start: String(startMs / 1000),
          end: String(endMs / 1000),
          step: String(stepMs / 1000),
        };
  const response = await fetch(`${url}/api/v1/query${stepMs === 0 ? "" : "_range"}`, {
    method: "POST",
    body: new URLSearchParams({ query, ...times }),
  });
  const answer = (await response.json()) as Answer;
  if (answer.status === "success") return pointsOfJson(answer.data);
  if (answer.errorType === "execution") return "refused";
  throw new Error(`${answer.error}: ${query}`);
}

function pointsOfJson({ resultType, result }: Answer["data"]): Points {
  const points = new Map<string, number>();
  const add = (metric: Readonly<Record<string, string>>, [timeS, value]: Point) => {
    points.set(`${keyOf(Object.entries(metric))}@${Math.round(timeS * 1000)}`, numberOf(value));
  };
  switch (resultType) {
    case "scalar":
      add({}, result as Point);
      break;
    case "vector":
      for (const { metric, value } of result as { metric: Record<string, string>; value: Point }[])
        add(metric, value);
      break;
    case "matrix":
      for (const { metric, values } of result as {
        metric: Record<string, string>;
        values: Point[];
      }[])
        for (const value of values) add(metric, value);
      break;
    default:
      throw new Error(`no query here gives a ${resultType}`);
  }
  return points;
}

function keyOf(labels: Iterable<readonly [name: string, value: string]>): string {
  const pairs = [...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.sort().join(",")}}`;
}

function numberOf(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

function differenceOf(ours: Points, theirs: Points, scale: number | undefined): string | undefined {
  if (ours === "refused" || theirs === "refused") {
    return ours === theirs ? undefined : `refused ${ours === "refused" ? "here" : "there"} only`;
  }
  for (const [key, value] of ours) {
    const other = theirs.get(key);
    if (other === undefined) return `${key} = ${value} is here only`;
    if (!agree(value, other, scale)) return `${key} = ${value} here, ${other} there`;
  }
  for (const [key, value] of theirs) if (!ours.has(key)) return `${key} = ${value} is there only`;
  return undefined;
}

/**
 * Prometheus 2 adds up without compensation and takes means step by step: what is left where
 * numbers cancel has the error of those numbers, not of itself.
 */
function roundedScale(query: string): number {
  return /sum|avg/.test(query) ? 1 : 0;
}

/** @param scale how large what was rounded was at least; undefined: nothing was */
function agree(ours: number, theirs: number, scale: number | undefined): boolean {
  // -0 is 0: Prometheus 3 adds a compensation of +0 to every sum, Prometheus 2 does not.
  if (Object.is(ours, theirs) || (ours === 0 && theirs === 0)) return true;
  if (scale === undefined) return false;
  return Math.abs(ours - theirs) <= RELATIVE * Math.max(Math.abs(ours), Math.abs(theirs), scale);
}
