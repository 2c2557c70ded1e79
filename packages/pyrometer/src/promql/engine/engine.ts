/**
 * The query engine of this process: text in, columns out.
 *
 * Nothing is kept between queries. A query takes turns with the rest of the process (budget.ts),
 * and reads one consistent view of the store, opened once.
 */
import { Labels } from "../../model/index.ts";
import { SourceError } from "../../std/index.ts";
import type {
  InstantQuery,
  MatrixSeries,
  QueryBackend,
  QueryOptions,
  QueryResult,
  QueryStats,
  QueryValue,
  RangeQuery,
  Reader,
  View,
} from "../../storage/index.ts";
import { QueryError } from "../../storage/index.ts";
import {
  BYTES_PER_QUERY_MAX,
  LOOKBACK_MS,
  QUERY_TIMEOUT_MS,
  SAMPLES_PER_QUERY_MAX,
  SERIES_PER_QUERY_MAX,
  STEPS_PER_QUERY_MAX,
  SUBQUERY_STEP_MS,
} from "../limits.ts";
import type { Expr } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { typeOf } from "../parser/check.ts";
import type { LanguageFeatures } from "../parser/features.ts";
import { parseQuery } from "../parser/parse.ts";
import { Annotations } from "./annotations.ts";
import { Budget } from "./budget.ts";
import type { Histograms, NodeValue, VectorColumns } from "./column.ts";
import { ABSENT, FLOAT, histogramAt } from "./column.ts";
import type { QueryContext, QueryTimes } from "./context.ts";
import { countedSelectors } from "./counted-selectors.ts";
import { evaluate, evaluateRange } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { gridTimeMs } from "./grid.ts";
import { removeDelayedNames, vectorOf } from "./names.ts";
import { rangeToOpen } from "./times.ts";
import { Tracer } from "./tracer.ts";
import { windowSamples } from "./windows.ts";

export interface EngineLimits {
  readonly samplesMax: number;
  /** Selected, counted again by each selector. */
  readonly seriesMax: number;
  /** Of the query's range, and of each subquery's. */
  readonly stepsMax: number;
  /** Samples and series together, as estimated. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly lookbackMs: number;
  /** The step of `[1h:]`: the server's evaluation interval. */
  readonly subqueryStepMs: number;
}

export interface EngineDeps {
  readonly reader: Reader;
  /** The defaults where undefined. */
  readonly limits?: { readonly [Name in keyof EngineLimits]?: EngineLimits[Name] | undefined };
  /** As the limit of this name, for a server whose evaluation interval a reload may change. */
  readonly subqueryStepMs?: () => number;
  /** Without it queries do not time out. */
  readonly nowMonotonicMs?: () => number;
  /** Lets the event loop run, then resolves; setImmediate unless given. */
  readonly turn?: () => Promise<void>;
  /** Experimental parts of the language to take; all of them unless given. */
  readonly language?: LanguageFeatures;
  /** Prometheus' feature promql-delayed-name-removal; off, as there. */
  readonly isNameRemovalDelayed?: boolean;
  /** Prometheus' feature use-start-timestamps; off, as there. */
  readonly usesStartTimes?: boolean;
}

import { rememberParsed } from "./parse-cache.ts";

const DEFAULT_LIMITS: EngineLimits = {
  samplesMax: SAMPLES_PER_QUERY_MAX,
  seriesMax: SERIES_PER_QUERY_MAX,
  stepsMax: STEPS_PER_QUERY_MAX,
  bytesMax: BYTES_PER_QUERY_MAX,
  timeoutMs: QUERY_TIMEOUT_MS,
  lookbackMs: LOOKBACK_MS,
  subqueryStepMs: SUBQUERY_STEP_MS,
};

export function createEngine(deps: EngineDeps): QueryBackend {
  const parse = rememberParsed((text) => parseOrThrow(text, deps.language));
  return {
    async instant(query: InstantQuery): Promise<QueryResult> {
      const expr = parse(query.expr);
      const grid = { startMs: query.timeMs, stepMs: 0, stepCount: 1 };
      return run(deps, query, { expr, grid, answer: instantAnswer });
    },
    async range(query: RangeQuery): Promise<QueryResult> {
      const expr = parse(query.expr);
      const { startMs, endMs, stepMs } = query;
      if (!(stepMs > 0)) throw new QueryError("bad_data", "zero or negative query resolution step");
      if (endMs < startMs)
        throw new QueryError("bad_data", "end timestamp must not be before start time");
      const type = typeOf(expr);
      if (type !== "vector" && type !== "scalar") {
        const shown = type === "matrix" ? "range vector" : type;
        const problem = `invalid expression type "${shown}" for range query, must be Scalar or instant Vector`;
        throw new QueryError("bad_data", problem);
      }
      const grid = { startMs, stepMs, stepCount: Math.floor((endMs - startMs) / stepMs) + 1 };
      return run(deps, query, { expr, grid, answer: rangeAnswer });
    },
  };
}

/** @throws {QueryError} "bad_data" with the first SourceError as its cause */
function parseOrThrow(text: string, language: LanguageFeatures | undefined): Expr {
  const { expr, errors } = parseQuery({ name: "<query>", text }, language);
  const [first] = errors;
  if (expr !== undefined && first === undefined) return expr;
  const cause = first ?? new Error("no expression");
  const place = cause instanceof SourceError ? `${cause.line}:${cause.column}: ` : "";
  const problem = cause instanceof SourceError ? cause.problem : cause.message;
  throw new QueryError("bad_data", `${place}parse error: ${problem}`, { cause });
}

interface Run {
  readonly expr: Expr;
  readonly grid: Grid;
  readonly answer: (expr: Expr, grid: Grid, context: QueryContext) => Promise<QueryValue>;
}

async function run(
  deps: EngineDeps,
  query: QueryOptions & { readonly expr: string },
  { expr, grid, answer }: Run,
): Promise<QueryResult> {
  const limits = limitsOf(deps);
  const times: QueryTimes = {
    queryGrid: grid,
    lookbackMs: query.lookbackMs ?? limits.lookbackMs,
    subqueryStepMs: deps.subqueryStepMs?.() ?? limits.subqueryStepMs,
  };
  const budget = new Budget({
    ...limits,
    timeoutMs: Math.min(query.timeoutMs ?? Infinity, limits.timeoutMs),
    nowMonotonicMs: deps.nowMonotonicMs,
    signal: query.signal,
    turn: deps.turn ?? nextTurn,
  });
  budget.assertSteps(grid.stepCount);
  const { nowMonotonicMs = () => 0 } = deps;
  const startedMs = nowMonotonicMs();
  const tracer = query.detail && new Tracer({ queryGrid: grid, nowMonotonicMs });
  const annotations = new Annotations({ name: "<query>", text: query.expr });
  const range = rangeToOpen(expr, grid, times);
  const view = range === undefined ? NO_VIEW : await deps.reader.open(range.minMs, range.maxMs);
  try {
    const isNameRemovalDelayed = deps.isNameRemovalDelayed ?? false;
    const usesStartTimes = deps.usesStartTimes ?? false;
    const context: QueryContext = {
      ...times,
      view,
      budget,
      annotations,
      isNameRemovalDelayed,
      usesStartTimes,
      countedSelectors: countedSelectors(expr),
      tracer,
    };
    const openedMs = nowMonotonicMs();
    const value = await answer(expr, grid, context);
    const result = { value, annotations: annotations.toArray() };
    if (tracer === undefined) return result;
    const stats: QueryStats = {
      samples: { ...tracer.samples, peakCount: budget.peakCount },
      prepareMs: openedMs - startedMs,
      evaluateMs: nowMonotonicMs() - openedMs,
    };
    return { ...result, stats, trace: query.detail === "trace" ? tracer.tree() : undefined };
  } finally {
    view.close();
  }
}

function limitsOf({ limits = {} }: EngineDeps): EngineLimits {
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(given) };
}

/** For queries without a selector: 1 + 1 needs no store. */
const NO_VIEW: View = {
  select: () => [],
  labelNames: () => [],
  labelValues: () => [],
  close: () => {},
};

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function instantAnswer(expr: Expr, grid: Grid, context: QueryContext): Promise<QueryValue> {
  const timeMs = grid.startMs;
  if (typeOf(expr) === "matrix") return matrixAnswer(expr, grid, context);
  const value = await evaluate(expr, grid, context);
  switch (value.kind) {
    case "string":
      return { kind: "string", timeMs, text: value.text };
    case "scalar":
      return { kind: "scalar", timeMs, value: value.values[0]! };
    case "vector": {
      const { series } = removeDelayedNames(value);
      return {
        kind: "vector",
        timeMs,
        labels: series.map(({ labels }) => labels),
        values: Float64Array.from(series, ({ values }) => values[0]!),
        histograms: series.some(({ histograms }) => histograms !== undefined)
          ? series.map((one) => histogramAt(one, 0))
          : undefined,
      };
    }
  }
}

/** A range vector by itself: the samples in its window. */
async function matrixAnswer(expr: Expr, grid: Grid, context: QueryContext): Promise<QueryValue> {
  const { windows, series } = await evaluateRange(expr, grid, { context, startTimes: false });
  const range = unwrapParens(expr);
  const extension = range.kind === "matrix-selector" ? range.selector.extension : undefined;
  const found: MatrixSeries[] = [];
  for (const { labels, dropsName, samples: read } of series) {
    const samples = windowSamples(windows, read, extension);
    if (samples.count === 0) continue;
    context.budget.hold(samples.count);
    if (context.budget.isTurnDue(samples.count)) await context.budget.turn();
    const timesMs = samples.timesMs.slice(0, samples.count);
    const values = samples.values.slice(0, samples.count);
    // A subquery's series may still carry a name that goes at the end.
    const named = { labels, dropsName, values, present: new Uint8Array(1).fill(FLOAT) };
    const [final] = removeDelayedNames(vectorOf([named])).series;
    const histograms = samples.histograms?.slice(0, samples.count);
    found.push({ labels: final!.labels, timesMs, values, histograms });
  }
  return { kind: "matrix", series: found.sort((a, b) => a.labels.compare(b.labels)) };
}

async function rangeAnswer(expr: Expr, grid: Grid, context: QueryContext): Promise<QueryValue> {
  const value = await evaluate(expr, grid, context);
  return { kind: "matrix", series: await toMatrix(value, grid, context) };
}

async function toMatrix(
  value: NodeValue,
  grid: Grid,
  { budget }: QueryContext,
): Promise<MatrixSeries[]> {
  switch (value.kind) {
    case "string":
      return [];
    case "scalar": {
      const timesMs = value.values.map((_, step) => gridTimeMs(grid, step));
      return [{ labels: Labels.EMPTY, timesMs, values: value.values }];
    }
    case "vector": {
      const found: MatrixSeries[] = [];
      const allTimesMs = Float64Array.from({ length: grid.stepCount }, (_, step) =>
        gridTimeMs(grid, step),
      );
      await budget.forEach(removeDelayedNames(value).series, grid.stepCount, (one) => {
        found.push(dense(one, allTimesMs));
      });
      return found.sort((a, b) => a.labels.compare(b.labels));
    }
  }
}

/** A series without gaps shares `allTimesMs` with the others. */
function dense(one: VectorColumns["series"][number], allTimesMs: Float64Array): MatrixSeries {
  const { labels, values, present } = one;
  if (one.histograms === undefined && !present.includes(ABSENT)) {
    return { labels, timesMs: allTimesMs, values: values.slice() };
  }
  let count = 0;
  for (let step = 0; step < present.length; step++) if (present[step] !== ABSENT) count += 1;
  const histograms: Histograms | undefined = one.histograms && [];
  const timesMs = new Float64Array(count);
  const kept = new Float64Array(count);
  let next = 0;
  for (let step = 0; step < values.length; step++) {
    if (present[step] === ABSENT) continue;
    histograms?.push(histogramAt(one, step));
    timesMs[next] = allTimesMs[step]!;
    kept[next] = values[step]!;
    next += 1;
  }
  return { labels, timesMs, values: kept, histograms };
}
