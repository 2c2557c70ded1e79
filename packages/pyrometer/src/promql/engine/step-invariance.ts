/**
 * Whether an expression is worth the same at every step of a range: constants, and selectors
 * fixed by @. Such a part is evaluated once.
 * Source: Prometheus 3.14, promql/engine.go (preprocessExprHelper)
 */
import { unreachable } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";
import type { Expr } from "../parser/ast.ts";

/** These look at the evaluation time whatever their arguments. */
const TIMELY: ReadonlySet<FunctionName> = new Set<FunctionName>([
  "day_of_month",
  "day_of_week",
  "day_of_year",
  "days_in_month",
  "hour",
  "minute",
  "month",
  "predict_linear",
  "time",
  "timestamp",
  "year",
]);

/** A node's answer does not change, and operator chains ask for every prefix. */
const known = new WeakMap<Expr, boolean>();

export function isStepInvariant(expr: Expr): boolean {
  const answer = known.get(expr) ?? find(expr);
  known.set(expr, answer);
  return answer;
}

function find(expr: Expr): boolean {
  switch (expr.kind) {
    case "number":
    case "string":
      return true;
    case "vector-selector":
    case "subquery":
      return expr.at !== undefined;
    case "matrix-selector":
      return expr.selector.at !== undefined;
    case "paren":
    case "unary":
      return isStepInvariant(expr.expr);
    case "binary":
      return isStepInvariant(expr.left) && isStepInvariant(expr.right);
    case "aggregate":
      return isStepInvariant(expr.expr) && (!expr.param || isStepInvariant(expr.param));
    case "call":
      return !TIMELY.has(expr.name) && expr.args.every(isStepInvariant);
    default:
      return unreachable(expr);
  }
}
