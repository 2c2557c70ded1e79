/**
 * A query with every selector pinned by @ to its evaluation time gives the same at any other time:
 * Prometheus asks each instant query of a script again like that, and so do we.
 * Source: Prometheus, promql/promqltest/test.go (atModifierTestCases)
 */
import { unreachable } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";
import type { AtModifier, Expr, VectorSelector } from "../parser/ast.ts";
import { parseQuery } from "../parser/parse.ts";
import { printExpr } from "../parser/print.ts";

interface PinnedQuery {
  readonly expr: string;
  readonly timesMs: readonly number[];
}

/** These look at the evaluation time or the query's own range, whatever their arguments. */
const TIMELY: ReadonlySet<FunctionName> = new Set<FunctionName>([
  "day_of_month",
  "day_of_week",
  "day_of_year",
  "days_in_month",
  "end",
  "hour",
  "minute",
  "month",
  "predict_linear",
  "range",
  "start",
  "start_timestamp",
  "step",
  "time",
  "timestamp",
  "year",
]);

/** @returns undefined for a query whose answer depends on when it is asked, even if pinned */
export function pinnedQuery(text: string, timeMs: number): PinnedQuery | undefined {
  const { expr } = parseQuery({ name: "<query>", text });
  // Durations know these too.
  if (expr === undefined || /\b(start|end|range|step)\(\)/.test(text)) return undefined;
  const pinned = pin(expr, { kind: "time", timeMs });
  if (pinned === undefined) return undefined;
  const around = timeMs === 0 ? [-1000, 0, 1000] : [-10, 0, 0.2, 1, 10].map((by) => by * timeMs);
  return { expr: printExpr(pinned), timesMs: around.map(Math.round) };
}

function pin(expr: Expr, at: AtModifier): Expr | undefined {
  switch (expr.kind) {
    case "number":
    case "string":
      return expr;
    case "vector-selector":
      return pinSelector(expr, at);
    case "matrix-selector":
      return { ...expr, selector: pinSelector(expr.selector, at) };
    case "subquery":
      // What is inside looks at the subquery's own times.
      return expr.at === undefined ? { ...expr, at } : expr;
    case "paren":
    case "unary": {
      const inner = pin(expr.expr, at);
      return inner && { ...expr, expr: inner };
    }
    case "aggregate": {
      const inner = pin(expr.expr, at);
      const param = expr.param && pin(expr.param, at);
      if (inner === undefined || (expr.param !== undefined && param === undefined))
        return undefined;
      return { ...expr, expr: inner, ...(param === undefined ? {} : { param }) };
    }
    case "binary": {
      const [left, right] = [pin(expr.left, at), pin(expr.right, at)];
      return left && right && { ...expr, left, right };
    }
    case "call": {
      if (TIMELY.has(expr.name)) return undefined;
      const args = expr.args.map((arg) => pin(arg, at)).filter((arg) => arg !== undefined);
      return args.length < expr.args.length ? undefined : { ...expr, args };
    }
    default:
      return unreachable(expr);
  }
}

function pinSelector(selector: VectorSelector, at: AtModifier): VectorSelector {
  return selector.at === undefined ? { ...selector, at } : selector;
}
