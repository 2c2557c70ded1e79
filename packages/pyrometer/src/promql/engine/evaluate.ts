/**
 * Evaluates an expression on a grid: every node once, for all steps, from the leaves up. Each
 * arm is a call; nothing here touches a value.
 */
import { unreachable } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Binary, Expr, Subquery } from "../parser/ast.ts";
import { isSetOperator } from "../parser/ast.ts";
import { evaluateAggregate } from "./aggregate.ts";
import { evaluateCall } from "./call.ts";
import type { NodeValue } from "./column.ts";
import { broadcast, cellCount, constantColumn } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import { matchVectors } from "./match-vectors.ts";
import { withSameLabelsHint } from "./same-labels-hint.ts";
import { combineScalars, combineWithScalar, negate } from "./scalar-binary.ts";
import { selectVector } from "./select.ts";
import { combineSets } from "./set-binary.ts";
import { isStepInvariant } from "./step-invariance.ts";
import { momentsOf, positiveDurationMs, subqueryGrid } from "./times.ts";
import type { RangeOptions, RangeVector } from "./windows.ts";
import { rangeOfSubquery, selectRange } from "./windows.ts";

/** @throws {QueryError} for what cannot be computed, was canceled or costs too much */
export async function evaluate(expr: Expr, grid: Grid, context: QueryContext): Promise<NodeValue> {
  const { tracer } = context;
  try {
    if (tracer === undefined) return await evaluateSteps(expr, grid, context);
    return await tracer.node(expr, () => evaluateSteps(expr, grid, context));
  } catch (error) {
    throw withSameLabelsHint(error, expr, context);
  }
}

async function evaluateSteps(expr: Expr, grid: Grid, context: QueryContext): Promise<NodeValue> {
  if (grid.stepCount <= 1 || !isStepInvariant(expr)) return evaluateNode(expr, grid, context);
  const { tracer } = context;
  const evaluateOnce = () => evaluateNode(expr, { ...grid, stepCount: 1 }, context);
  const once = await (tracer === undefined ? evaluateOnce() : tracer.once(evaluateOnce));
  const value = broadcast(once, grid.stepCount);
  context.budget.hold(cellCount(value, grid));
  return value;
}

async function evaluateNode(expr: Expr, grid: Grid, context: QueryContext): Promise<NodeValue> {
  switch (expr.kind) {
    case "number":
      return { kind: "scalar", values: constantColumn(expr.value, grid) };
    case "string":
      return { kind: "string", text: expr.text };
    case "vector-selector":
      return selectVector(expr, grid, { context, wants: "value" });
    case "paren":
      return evaluate(expr.expr, grid, context);
    case "unary": {
      const value = await evaluate(expr.expr, grid, context);
      return expr.operator === "-" ? negate(value, context) : value;
    }
    case "binary":
      return evaluateBinary(expr, grid, context);
    case "aggregate":
      return evaluateAggregate(expr, grid, context);
    case "call":
      return evaluateCall(expr, grid, context);
    case "matrix-selector":
    case "subquery":
      throw new QueryError("internal", `BUG: ${expr.kind} outside of a function`);
    default:
      return unreachable(expr);
  }
}

async function evaluateBinary(expr: Binary, grid: Grid, context: QueryContext): Promise<NodeValue> {
  const left = await evaluate(expr.left, grid, context);
  const right = await evaluate(expr.right, grid, context);
  const heldCount = cellCount(left, grid) + cellCount(right, grid);
  const { budget } = context;
  if (budget.isTurnDue(heldCount)) await budget.turn();
  const value = await combine(expr, { left, right }, context);
  budget.hold(cellCount(value, grid));
  budget.release(heldCount);
  return value;
}

async function combine(
  expr: Binary,
  { left, right }: { readonly left: NodeValue; readonly right: NodeValue },
  context: QueryContext,
): Promise<NodeValue> {
  if (left.kind === "scalar" && right.kind === "scalar") return combineScalars(expr, left, right);
  if (left.kind === "vector" && right.kind === "vector") {
    return isSetOperator(expr.operator)
      ? combineSets(expr, { left, right }, context)
      : matchVectors(expr, { left, right }, context);
  }
  if (left.kind === "vector" && right.kind === "scalar") {
    return combineWithScalar(expr, { vector: left, scalar: right, isSwapped: false }, context);
  }
  if (left.kind === "scalar" && right.kind === "vector") {
    return combineWithScalar(expr, { vector: right, scalar: left, isSwapped: true }, context);
  }
  throw new QueryError("internal", `BUG: operator between ${left.kind} and ${right.kind}`);
}

/** Evaluates what stands in a range function's parentheses: a selector or a subquery. */
export async function evaluateRange(
  expr: Expr,
  grid: Grid,
  options: RangeOptions,
): Promise<RangeVector> {
  const { context } = options;
  const { tracer } = context;
  const traced = (work: () => Promise<RangeVector>) =>
    tracer === undefined ? work() : tracer.range(expr, work);
  switch (expr.kind) {
    case "paren":
      return evaluateRange(expr.expr, grid, options);
    case "matrix-selector":
      return traced(async () => selectRange(expr, grid, options));
    case "subquery":
      // Its points are new samples, which started at no time.
      return traced(() => evaluateSubquery(expr, grid, context));
    default:
      throw new QueryError("internal", `BUG: ${expr.kind} is no range vector`);
  }
}

async function evaluateSubquery(
  subquery: Subquery,
  grid: Grid,
  context: QueryContext,
): Promise<RangeVector> {
  const { tracer } = context;
  const innerGrid = subqueryGrid(subquery, grid, context);
  context.budget.assertSteps(innerGrid.stepCount);
  const evaluateInner = () => evaluate(subquery.expr, innerGrid, context);
  const shape = {
    outer: grid,
    firstEndMs: momentsOf(subquery, grid, context).firstMs,
    rangeMs: positiveDurationMs(subquery.range, context),
  };
  const inner = await (tracer === undefined
    ? evaluateInner()
    : tracer.subquery(innerGrid, shape, evaluateInner));
  return rangeOfSubquery(subquery, inner, { grid, context });
}
