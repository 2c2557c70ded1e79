/**
 * Which series info() adds labels from, and when it looks at them: the selector of its second
 * argument, with the time modifiers of the first selector in its first argument.
 * Source: Prometheus 3.14, promql/info.go
 */
import type { Matcher } from "../../model/index.ts";
import { createMatcher, METRIC_NAME } from "../../model/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type { AtModifier, Call, Expr, VectorSelector } from "../parser/ast.ts";
import type { QueryTimes } from "./context.ts";
import { durationMs } from "./times.ts";

const TARGET_INFO = createMatcher(METRIC_NAME, "=", "target_info");

/** Matchers on the names of info metrics; never none. */
export function infoNameMatchers({ args }: Call): readonly Matcher[] {
  const matchers = selectorMatchers(args[1]).filter(({ name }) => name === METRIC_NAME);
  if (matchers.length === 0) return [TARGET_INFO];
  const isPositive = matchers.some(({ operator }) => operator === "=" || operator === "=~");
  return isPositive ? matchers : [createMatcher(METRIC_NAME, "=~", ".+_info"), ...matchers];
}

/** Matchers on the labels to add: only labels that are named here are added, if any are. */
export function infoDataMatchers({ args }: Call): readonly Matcher[] {
  return selectorMatchers(args[1]).filter(({ name }) => name !== METRIC_NAME);
}

function selectorMatchers(expr: Expr | undefined): readonly Matcher[] {
  return expr?.kind === "vector-selector" ? expr.matchers : [];
}

export function infoSelector(call: Call, times: QueryTimes): VectorSelector {
  const { span, args } = call;
  const matchers = [...infoNameMatchers(call), ...infoDataMatchers(call)];
  const { offsetMs, at } = firstModifiers(args[0]!, times) ?? { offsetMs: 0, at: undefined };
  const seconds = offsetMs / MS_PER_SECOND;
  return {
    kind: "vector-selector",
    name: "",
    matchers,
    offset: { kind: "literal", seconds, hasUnit: true, span },
    ...(at === undefined ? {} : { at }),
    span,
  };
}

interface Modifiers {
  readonly offsetMs: number;
  readonly at: AtModifier | undefined;
}

/** Of the first selector in `expr`, with what the subqueries around it add. */
function firstModifiers(expr: Expr, times: QueryTimes): Modifiers | undefined {
  switch (expr.kind) {
    case "number":
    case "string":
      return undefined;
    case "vector-selector":
      return ownModifiers(expr, times);
    case "matrix-selector":
      return ownModifiers(expr.selector, times);
    case "subquery": {
      const inner = firstModifiers(expr.expr, times);
      if (inner === undefined || inner.at !== undefined) return inner;
      const own = ownModifiers(expr, times);
      return { offsetMs: inner.offsetMs + own.offsetMs, at: own.at };
    }
    case "paren":
    case "unary":
    case "aggregate":
      return firstModifiers(expr.expr, times);
    case "binary":
      return firstModifiers(expr.left, times) ?? firstModifiers(expr.right, times);
    case "call":
      for (const arg of expr.args) {
        const found = firstModifiers(arg, times);
        if (found !== undefined) return found;
      }
      return undefined;
  }
}

function ownModifiers(
  { offset, at }: Pick<VectorSelector, "offset" | "at">,
  times: QueryTimes,
): Modifiers {
  return { offsetMs: offset === undefined ? 0 : durationMs(offset, times), at };
}
