/**
 * Selectors whose histograms are only asked for their count and sum. Of those Prometheus finds
 * out about counter resets while it reads, and says so in the hints, which later remarks rest on.
 * Source: Prometheus 3.14, promql/engine.go (detectHistogramStatsDecoding) and
 * promql/histogram_stats_iterator.go
 */
import type { FloatHistogram } from "../../model/index.ts";
import { detectReset, isStaleHistogram, withCounterResetHint } from "../../model/index.ts";
import { unreachable } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";
import type { Expr, VectorSelector } from "../parser/ast.ts";
import type { Histograms } from "./column.ts";

const COUNTING: ReadonlySet<FunctionName> = new Set<FunctionName>([
  "histogram_avg",
  "histogram_count",
  "histogram_sum",
]);

const LOOKING_AT_BUCKETS: ReadonlySet<FunctionName> = new Set<FunctionName>([
  "histogram_fraction",
  "histogram_quantile",
  "histogram_quantiles",
]);

export function countedSelectors(expr: Expr): ReadonlySet<VectorSelector> {
  const found = new Set<VectorSelector>();
  collect(found, expr, false);
  return found;
}

/** @param isCounted whether a function around `expr` counts; nothing around it needs buckets */
function collect(found: Set<VectorSelector>, expr: Expr, isCounted: boolean): void {
  switch (expr.kind) {
    case "number":
    case "string":
    case "subquery":
      // A subquery leaves samples out and repeats others: its hints would be wrong.
      return;
    case "vector-selector":
      if (isCounted) found.add(expr);
      return;
    case "matrix-selector":
      if (isCounted) found.add(expr.selector);
      return;
    case "paren":
    case "unary":
      return collect(found, expr.expr, isCounted);
    case "aggregate":
      if (expr.param !== undefined) collect(found, expr.param, isCounted);
      return collect(found, expr.expr, isCounted);
    case "binary":
      if (expr.operator === "</" || expr.operator === ">/") return;
      collect(found, expr.left, isCounted);
      return collect(found, expr.right, isCounted);
    case "call":
      if (LOOKING_AT_BUCKETS.has(expr.name)) return;
      for (const arg of expr.args) collect(found, arg, isCounted || COUNTING.has(expr.name));
      return;
    default:
      return unreachable(expr);
  }
}

/** Fills in the hints that are unknown, of the first `count` rows, from each one's predecessor. */
export function findResets(histograms: Histograms, count: number): void {
  let previous: FloatHistogram | undefined;
  for (let row = 0; row < count; row++) {
    const current = histograms[row];
    if (current === undefined || isStaleHistogram(current)) continue;
    if (previous !== undefined && current.counterResetHint === "unknown") {
      const hint = detectReset(current, previous) ? "reset" : "not-reset";
      histograms[row] = withCounterResetHint(current, hint);
    }
    previous = current;
  }
}
