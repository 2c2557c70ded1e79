/**
 * Where in time a query looks: durations as numbers, and the one range a store must be opened
 * for so that every selector below finds its samples.
 */
import { MS_PER_SECOND, unreachable } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Duration, Expr, Subquery, TimeModifiers } from "../parser/ast.ts";
import type { QueryTimes } from "./context.ts";
import type { Grid } from "./grid.ts";
import { gridEndMs } from "./grid.ts";
import { infoSelector } from "./info-selector.ts";

/** Moments a selector looks at: one per step of the grid, all the same when fixed by @. */
export interface Moments {
  readonly firstMs: number;
  /** 0 when every step looks at the same moment. */
  readonly strideMs: number;
}

/** Unix milliseconds each step looks at, @ and offset applied. */
export function momentsOf(modifiers: TimeModifiers, grid: Grid, times: QueryTimes): Moments {
  const offsetMs = modifiers.offset === undefined ? 0 : durationMs(modifiers.offset, times);
  const fixedMs = fixedTimeMs(modifiers, times);
  if (fixedMs !== undefined) return { firstMs: fixedMs - offsetMs, strideMs: 0 };
  return { firstMs: grid.startMs - offsetMs, strideMs: grid.stepMs };
}

function fixedTimeMs({ at }: TimeModifiers, { queryGrid }: QueryTimes): number | undefined {
  switch (at?.kind) {
    case undefined:
      return undefined;
    case "time":
      return at.timeMs;
    case "start":
      return queryGrid.startMs;
    case "end":
      return gridEndMs(queryGrid);
  }
}

/** @throws {QueryError} "execution" when the arithmetic has no finite result */
export function durationMs(duration: Duration, times: QueryTimes): number {
  const seconds = durationSeconds(duration, times);
  if (!Number.isFinite(seconds)) throw durationError(duration, "duration is NaN or infinite");
  if (duration.kind === "literal") return Math.round(seconds * MS_PER_SECOND);
  return Math.trunc(seconds * MS_PER_SECOND);
}

/** @throws {QueryError} "execution" when it is not more than 0 */
export function positiveDurationMs(duration: Duration, times: QueryTimes): number {
  const ms = durationMs(duration, times);
  if (ms <= 0) throw durationError(duration, "duration must be greater than 0");
  return ms;
}

function durationError({ span }: Duration, problem: string): QueryError {
  return new QueryError("execution", `${span.start}:${span.end}: ${problem}`);
}

function durationSeconds(duration: Duration, times: QueryTimes): number {
  switch (duration.kind) {
    case "literal":
      return duration.seconds;
    case "negated":
      return -durationSeconds(duration.operand, times);
    case "paren":
      return durationSeconds(duration.operand, times);
    case "arithmetic":
      return arithmetic(duration, times);
    case "call":
      return callSeconds(duration, times);
    default:
      return unreachable(duration);
  }
}

function arithmetic(
  duration: Extract<Duration, { kind: "arithmetic" }>,
  times: QueryTimes,
): number {
  const left = durationSeconds(duration.left, times);
  const right = durationSeconds(duration.right, times);
  switch (duration.operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0) throw durationError(duration, "division by zero");
      return left / right;
    case "%":
      if (right === 0) throw durationError(duration, "modulo by zero");
      return left % right;
    case "^":
      return left ** right;
  }
}

function callSeconds(
  { name, args }: Extract<Duration, { kind: "call" }>,
  times: QueryTimes,
): number {
  const values = args.map((arg) => durationSeconds(arg, times));
  switch (name) {
    case "step":
      return stepMsOf(times) / MS_PER_SECOND;
    case "range":
      return rangeMsOf(times) / MS_PER_SECOND;
    case "min_of":
      return Math.min(...values);
    case "max_of":
      return Math.max(...values);
  }
}

export function stepMsOf({ queryGrid }: QueryTimes): number {
  return queryGrid.stepMs;
}

export function rangeMsOf({ queryGrid }: QueryTimes): number {
  return gridEndMs(queryGrid) - queryGrid.startMs;
}

/**
 * The grid that a subquery evaluates its expression on, covering the windows of every step:
 * multiples of its step, so that neighbouring queries see the same points.
 */
export function subqueryGrid(subquery: Subquery, grid: Grid, times: QueryTimes): Grid {
  const stepMs =
    subquery.step === undefined ? times.subqueryStepMs : positiveDurationMs(subquery.step, times);
  const rangeMs = positiveDurationMs(subquery.range, times);
  const { firstMs, strideMs } = momentsOf(subquery, grid, times);
  const lastMs = firstMs + strideMs * (grid.stepCount - 1);
  // Strictly after the oldest window's open left end.
  const startMs = (Math.floor((firstMs - rangeMs) / stepMs) + 1) * stepMs;
  const stepCount = Math.max(0, Math.floor((lastMs - startMs) / stepMs) + 1);
  return { startMs, stepMs, stepCount };
}

interface TimeRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The range of samples that evaluating `expr` on `grid` can touch; undefined when none. */
export function rangeToOpen(expr: Expr, grid: Grid, times: QueryTimes): TimeRange | undefined {
  switch (expr.kind) {
    case "number":
    case "string":
      return undefined;
    case "vector-selector": {
      const found = span(momentsOf(expr, grid, times), grid, times.lookbackMs);
      const afterMs = expr.extension === "smoothed" ? times.lookbackMs : 0;
      return { minMs: found.minMs, maxMs: found.maxMs + afterMs };
    }
    case "matrix-selector": {
      const rangeMs = positiveDurationMs(expr.range, times);
      // Extended ranges look for one more sample on either side.
      const { extension } = expr.selector;
      const extraMs = extension === undefined ? 0 : times.lookbackMs;
      const moments = momentsOf(expr.selector, grid, times);
      const found = span(moments, grid, rangeMs + extraMs);
      return { minMs: found.minMs, maxMs: found.maxMs + extraMs };
    }
    case "subquery":
      return rangeToOpen(expr.expr, subqueryGrid(expr, grid, times), times);
    case "unary":
    case "paren":
      return rangeToOpen(expr.expr, grid, times);
    case "binary":
      return union([expr.left, expr.right], grid, times);
    case "aggregate":
      return union(expr.param ? [expr.expr, expr.param] : [expr.expr], grid, times);
    case "call": {
      const isInfo = expr.name === "info";
      return union(isInfo ? [...expr.args, infoSelector(expr, times)] : expr.args, grid, times);
    }
    default:
      return unreachable(expr);
  }
}

function span({ firstMs, strideMs }: Moments, { stepCount }: Grid, backMs: number): TimeRange {
  const steps = Math.max(0, stepCount - 1);
  return { minMs: firstMs - backMs, maxMs: firstMs + strideMs * steps };
}

function union(exprs: readonly Expr[], grid: Grid, times: QueryTimes): TimeRange | undefined {
  let all: TimeRange | undefined;
  for (const expr of exprs) {
    const one = rangeToOpen(expr, grid, times);
    if (one === undefined) continue;
    all = {
      minMs: Math.min(all?.minMs ?? Infinity, one.minMs),
      maxMs: Math.max(all?.maxMs ?? -Infinity, one.maxMs),
    };
  }
  return all;
}
