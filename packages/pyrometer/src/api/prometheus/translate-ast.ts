/**
 * A query's tree as JSON, for /api/v1/parse_query: what Prometheus' page draws its tree view from.
 * Source: Prometheus 3.14, web/api/v1/translate_ast.go
 */
import type { Matcher } from "../../model/index.ts";
import { formatValue } from "../../model/index.ts";
import type {
  Binary,
  Call,
  Duration,
  Expr,
  TimeModifiers,
  VectorSelector,
} from "../../promql/index.ts";
import { isSetOperator, signatureOf, typeOf } from "../../promql/index.ts";
import { MS_PER_SECOND, unreachable } from "../../std/index.ts";

export function translateAst(expr: Expr): object {
  switch (expr.kind) {
    case "number":
      return { type: "numberLiteral", val: formatValue(expr.value) };
    case "string":
      return { type: "stringLiteral", val: expr.text };
    case "paren":
      return { type: "parenExpr", expr: translateAst(expr.expr) };
    case "unary":
      return { type: "unaryExpr", op: expr.operator, expr: translateAst(expr.expr) };
    case "vector-selector":
      return { type: "vectorSelector", ...selectorParts(expr) };
    case "matrix-selector":
      return {
        type: "matrixSelector",
        ...durationParts("range", expr.range),
        ...selectorParts(expr.selector),
      };
    case "subquery":
      return {
        type: "subquery",
        expr: translateAst(expr.expr),
        ...durationParts("range", expr.range),
        ...durationParts("step", expr.step),
        ...timeParts(expr),
      };
    case "aggregate":
      return {
        type: "aggregation",
        op: expr.operator,
        expr: translateAst(expr.expr),
        param: expr.param === undefined ? null : translateAst(expr.param),
        grouping: expr.grouping,
        without: expr.isWithout,
      };
    case "call":
      return { type: "call", func: functionOf(expr), args: expr.args.map(translateAst) };
    case "binary":
      return {
        type: "binaryExpr",
        op: expr.operator,
        lhs: translateAst(expr.left),
        rhs: translateAst(expr.right),
        matching: matchingOf(expr),
        bool: expr.returnsBool,
      };
    default:
      return unreachable(expr);
  }
}

function functionOf({ name }: Call) {
  const { args, variadic, returns } = signatureOf(name);
  return { name, argTypes: args, variadic, returnType: returns };
}

/** null unless both sides are vectors: nothing else is matched. */
function matchingOf({ left, right, operator, matching }: Binary) {
  if (typeOf(left) !== "vector" || typeOf(right) !== "vector") return null;
  const { cardinality, labels, isOn, include, fillLeft = null, fillRight = null } = matching;
  return {
    card: isSetOperator(operator) ? "many-to-many" : cardinality,
    labels,
    on: isOn,
    include,
    fillValues: { lhs: fillLeft, rhs: fillRight },
  };
}

function selectorParts(selector: VectorSelector) {
  const { name, matchers, extension } = selector;
  return {
    name,
    matchers: matchers.map(matcherOf),
    ...timeParts(selector),
    anchored: extension === "anchored",
    smoothed: extension === "smoothed",
  };
}

function matcherOf({ name, operator, value }: Matcher) {
  return { name, value, type: operator };
}

function timeParts({ offset, at }: TimeModifiers) {
  return {
    ...durationParts("offset", offset),
    timestamp: at?.kind === "time" ? at.timeMs : null,
    startOrEnd: at === undefined || at.kind === "time" ? null : at.kind,
  };
}

/** Milliseconds where they are known from the text, else 0 and the expression. */
function durationParts(name: "range" | "step" | "offset", duration: Duration | undefined) {
  const isKnown = duration === undefined || duration.kind === "literal";
  const seconds = duration?.kind === "literal" ? duration.seconds : 0;
  return {
    [name]: Math.round(seconds * MS_PER_SECOND),
    [`${name}Expr`]: isKnown ? null : translateDuration(duration),
  };
}

function translateDuration(duration: Duration): object {
  const node = (op: string, lhs: Duration | undefined, rhs: Duration | undefined) => ({
    type: "durationExpr",
    op,
    lhs: lhs === undefined ? null : translateDuration(lhs),
    rhs: rhs === undefined ? null : translateDuration(rhs),
    wrapped: false,
  });
  switch (duration.kind) {
    case "literal": {
      const { seconds, hasUnit } = duration;
      return { type: "numberLiteral", val: formatValue(seconds), duration: hasUnit };
    }
    case "paren": {
      const inner = translateDuration(duration.operand);
      return "wrapped" in inner ? { ...inner, wrapped: true } : inner;
    }
    case "negated":
      return node("-", undefined, duration.operand);
    case "arithmetic":
      return node(duration.operator, duration.left, duration.right);
    case "call":
      return node(duration.name, duration.args[0], duration.args[1]);
    default:
      return unreachable(duration);
  }
}
