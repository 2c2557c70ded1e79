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
  QueryValue,
  RangeQuery,
  Reader,
  View,
} from "../../storage/index.ts";
import { QueryError } from "../../storage/index.ts";
import {
  LOOKBACK_MS,
  QUERY_TIMEOUT_MS,
  SAMPLES_PER_QUERY_MAX,
  SUBQUERY_STEP_MS,
} from "../limits.ts";
import type { Expr } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { typeOf } from "../parser/check.ts";
import { parseQuery } from "../parser/parse.ts";
import { Annotations } from "./annotations.ts";
import { Budget } from "./budget.ts";
import type { NodeValue, VectorColumns } from "./column.ts";
import { FLOAT } from "./column.ts";
import type { QueryContext, QueryTimes } from "./context.ts";
import { evaluate, evaluateRange } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { gridTimeMs } from "./grid.ts";
import { removeDelayedNames, vectorOf } from "./names.ts";
import { rangeToOpen } from "./times.ts";
import { windowSamples } from "./windows.ts";

export interface EngineLimits {
  readonly samplesMax: number;
  readonly timeoutMs: number;
  readonly lookbackMs: number;
  /** The step of `[1h:]`: the server's evaluation interval. */
  readonly subqueryStepMs: number;
}

export interface EngineDeps {
  readonly reader: Reader;
  readonly limits?: Partial<EngineLimits>;
  /** Without it queries do not time out. */
  readonly nowMonotonicMs?: () => number;
  /** Lets the event loop run, then resolves; setImmediate unless given. */
  readonly turn?: () => Promise<void>;
  /** Prometheus' feature promql-delayed-name-removal; off, as there. */
  readonly isNameRemovalDelayed?: boolean;
}

const DEFAULT_LIMITS: EngineLimits = {
  samplesMax: SAMPLES_PER_QUERY_MAX,
  timeoutMs: QUERY_TIMEOUT_MS,
  lookbackMs: LOOKBACK_MS,
  subqueryStepMs: SUBQUERY_STEP_MS,
};

export function createEngine(deps: EngineDeps): QueryBackend {
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
function parse(text: string): Expr {
  const { expr, errors } = parseQuery({ name: "<query>", text });
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
  const limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const times: QueryTimes = {
    queryGrid: grid,
    lookbackMs: query.lookbackMs ?? limits.lookbackMs,
    subqueryStepMs: limits.subqueryStepMs,
  };
  const budget = new Budget({
    samplesMax: limits.samplesMax,
    timeoutMs: Math.min(query.timeoutMs ?? Infinity, limits.timeoutMs),
    nowMonotonicMs: deps.nowMonotonicMs,
    signal: query.signal,
    turn: deps.turn ?? nextTurn,
  });
  const annotations = new Annotations({ name: "<query>", text: query.expr });
  const range = rangeToOpen(expr, grid, times);
  const view = range === undefined ? NO_VIEW : await deps.reader.open(range.minMs, range.maxMs);
  try {
    const isNameRemovalDelayed = deps.isNameRemovalDelayed ?? false;
    const context = { ...times, view, budget, annotations, isNameRemovalDelayed };
    const value = await answer(expr, grid, context);
    return { value, annotations: annotations.toArray() };
  } finally {
    view.close();
  }
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
      };
    }
  }
}

/** A range vector by itself: the samples in its window. */
async function matrixAnswer(expr: Expr, grid: Grid, context: QueryContext): Promise<QueryValue> {
  const { windows, series } = await evaluateRange(expr, grid, context);
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
    found.push({ labels: final!.labels, timesMs, values });
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
      await budget.forEach(removeDelayedNames(value).series, grid.stepCount, (one) => {
        found.push(dense(one, grid));
      });
      return found.sort((a, b) => a.labels.compare(b.labels));
    }
  }
}

function dense(
  { labels, values, present }: VectorColumns["series"][number],
  grid: Grid,
): MatrixSeries {
  let count = 0;
  for (const cell of present) if (cell === FLOAT) count += 1;
  const timesMs = new Float64Array(count);
  const kept = new Float64Array(count);
  let next = 0;
  for (let step = 0; step < values.length; step++) {
    if (present[step] !== FLOAT) continue;
    timesMs[next] = gridTimeMs(grid, step);
    kept[next] = values[step]!;
    next += 1;
  }
  return { labels, timesMs, values: kept };
}
