/**
 * What to say when an operation leaves two series with the same labels: which two, what told them
 * apart before, and a changed query that works on this data.
 */
import type { Labels } from "../../model/index.ts";
import { createMatcher, METRIC_NAME } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import { SERIES_PER_HINT_MAX } from "../limits.ts";
import type { Call, Expr, VectorSelector } from "../parser/ast.ts";
import { typeOf } from "../parser/check.ts";
import { printExpr } from "../parser/print.ts";
import type { QueryContext } from "./context.ts";
import { describePair } from "./match-hints.ts";
import { SAME_LABELS_PROBLEM, withoutMetadata } from "./names.ts";

/** `error` with a hint where it is about the same labels and `expr` is what failed; else itself. */
export function withSameLabelsHint(error: unknown, expr: Expr, { view }: QueryContext): unknown {
  if (!(error instanceof QueryError) || error.hint !== undefined) return error;
  if (error.message !== SAME_LABELS_PROBLEM) return error;
  const selectors = selectorsOf(expr);
  const labels: Labels[] = [];
  for (const { matchers } of selectors) {
    for (const cursor of view.select(matchers)) {
      if (labels.length < SERIES_PER_HINT_MAX) labels.push(cursor.labels);
    }
  }
  const overwritten = overwrittenLabel(expr);
  const pair = findPair(labels, (one) =>
    overwritten === undefined ? withoutMetadata(one) : one.without([overwritten]),
  );
  if (pair === undefined) return error;
  const better = overwritten === undefined ? apartByName(expr, pair) : intoNewLabel(expr as Call);
  const advice = better === undefined ? "" : `. Try: ${printExpr(better)}`;
  const hint = `${describePair(pair)}, which ${nameOf(expr)} takes away${advice}`;
  return new QueryError(error.kind, error.message, { cause: error.cause, hint });
}

function nameOf(expr: Expr): string {
  if (expr.kind === "call") return `${expr.name}()`;
  return expr.kind === "binary" ? `"${expr.operator}"` : "this";
}

/** The label that label_replace or label_join writes. */
function overwrittenLabel(expr: Expr): string | undefined {
  if (expr.kind !== "call" || !/^label_(replace|join)$/.test(expr.name)) return undefined;
  const target = expr.args[1];
  return target?.kind === "string" ? target.text : undefined;
}

function findPair(
  all: readonly Labels[],
  outcomeOf: (labels: Labels) => Labels,
): readonly [Labels, Labels] | undefined {
  const byOutcome = new Map<string, Labels>();
  for (const labels of all) {
    const { key } = outcomeOf(labels);
    const known = byOutcome.get(key);
    if (known !== undefined && known.key !== labels.key) return [known, labels];
    byOutcome.set(key, labels);
  }
  return undefined;
}

/** The same call, writing a label that is not there yet. */
function intoNewLabel(call: Call): Expr {
  const args = call.args.map((arg, i) =>
    i === 1 && arg.kind === "string"
      ? { ...arg, text: `${arg.text.replaceAll("_", "")}_new` }
      : arg,
  );
  return { ...call, args };
}

/** The metric's name saved in a label, before an operation drops it; or one name chosen. */
function apartByName(expr: Expr, [first]: readonly [Labels, Labels]): Expr | undefined {
  const [selector, ...others] = selectorsOf(expr);
  if (selector === undefined) return undefined;
  const replaceIn = (find: Expr, by: Expr) => replaced(expr, find, by);
  const hasRange = expr.kind === "call" && expr.args.some((arg) => typeOf(arg) === "matrix");
  // A range function takes no label_replace() inside: ask for one metric by its name.
  if (hasRange) {
    if (others.length > 0) return undefined;
    const named = createMatcher(METRIC_NAME, "=", first.metricName);
    return replaceIn(selector, { ...selector, matchers: [...selector.matchers, named] });
  }
  if (others.length > 0) return undefined;
  const text = (value: string): Expr => ({ kind: "string", text: value, span: selector.span });
  const args = [selector, text("metric"), text("$1"), text(METRIC_NAME), text("(.+)")];
  return replaceIn(selector, { kind: "call", name: "label_replace", args, span: selector.span });
}

function selectorsOf(expr: Expr): VectorSelector[] {
  switch (expr.kind) {
    case "vector-selector":
      return [expr];
    case "matrix-selector":
      return [expr.selector];
    case "number":
    case "string":
      return [];
    default:
      return childrenOf(expr).flatMap(selectorsOf);
  }
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "call":
      return expr.args;
    case "binary":
      return [expr.left, expr.right];
    case "aggregate":
    case "subquery":
    case "unary":
    case "paren":
      return [expr.expr];
    default:
      return [];
  }
}

function replaced(expr: Expr, find: Expr, by: Expr): Expr {
  if (expr === find) return by;
  const inside = (child: Expr) => replaced(child, find, by);
  switch (expr.kind) {
    case "matrix-selector":
      return expr.selector === find && by.kind === "vector-selector"
        ? { ...expr, selector: by }
        : expr;
    case "call":
      return { ...expr, args: expr.args.map(inside) };
    case "binary":
      return { ...expr, left: inside(expr.left), right: inside(expr.right) };
    case "aggregate":
    case "subquery":
    case "unary":
    case "paren":
      return { ...expr, expr: inside(expr.expr) };
    default:
      return expr;
  }
}
