/**
 * Finds every place where an expression has the wrong type or shape, in Prometheus' words.
 * Source: Prometheus 3.14, promql/parser/parse.go (checkAST)
 */
import { METRIC_NAME } from "../../model/index.ts";
import type { Source, Span } from "../../std/index.ts";
import { SourceError, unreachable } from "../../std/index.ts";
import type { Signature, ValueType } from "../functions/signatures.ts";
import { SIGNATURES, signatureOf } from "../functions/signatures.ts";
import type { Aggregate, Binary, Call, Expr, VectorSelector } from "./ast.ts";
import { isComparison, isSetOperator, takesParam } from "./ast.ts";

/** As people read it. */
const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: "scalar",
  vector: "instant vector",
  matrix: "range vector",
  string: "string",
};

export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "vector-selector":
    case "aggregate":
      return "vector";
    case "matrix-selector":
    case "subquery":
      return "matrix";
    case "call":
      return SIGNATURES[expr.name].returns;
    case "unary":
    case "paren":
      return typeOf(expr.expr);
    case "binary":
      return typeOf(expr.left) === "scalar" && typeOf(expr.right) === "scalar"
        ? "scalar"
        : "vector";
    default:
      return unreachable(expr);
  }
}

export function checkTypes(expr: Expr, source: Source): SourceError[] {
  const errors: SourceError[] = [];
  const report: Report = (code, problem, span) => {
    errors.push(new SourceError(code, problem, { source, span }));
  };
  check(expr, report);
  return errors;
}

type Report = (code: string, problem: string, span: Span) => void;

/** @returns the type of `expr`, so that long operator chains are walked once */
function check(expr: Expr, report: Report): ValueType {
  switch (expr.kind) {
    case "number":
      return "scalar";
    case "string":
      return "string";
    case "vector-selector":
      checkSelector(expr, report);
      return "vector";
    case "matrix-selector":
      checkSelector(expr.selector, report);
      return "matrix";
    case "subquery": {
      const type = check(expr.expr, report);
      if (type !== "vector") {
        const problem = `subquery is only allowed on instant vector, got ${type} instead`;
        report("promql/type", problem, expr.span);
      }
      return "matrix";
    }
    case "aggregate":
      checkAggregate(expr, report);
      return "vector";
    case "call":
      checkCall(expr, report);
      return SIGNATURES[expr.name].returns;
    case "binary":
      return checkBinary(expr, report);
    case "unary": {
      const type = check(expr.expr, report);
      if (type !== "scalar" && type !== "vector") {
        const wanted = "unary expression only allowed on expressions of type scalar or";
        const problem = `${wanted} instant vector, got "${TYPE_NAMES[type]}"`;
        report("promql/type", problem, expr.span);
      }
      return type;
    }
    case "paren":
      return check(expr.expr, report);
    default:
      return unreachable(expr);
  }
}

function checkSelector({ name, matchers, span }: VectorSelector, report: Report): void {
  if (name !== "") {
    for (const matcher of matchers.slice(0, -1)) {
      if (matcher.name !== METRIC_NAME) continue;
      const problem = `metric name must not be set twice: "${name}" or "${matcher.value}"`;
      report("promql/selector", problem, span);
    }
    return;
  }
  // A guard against asking for every series there is by a slip of the finger.
  if (matchers.some(({ test }) => !test(""))) return;
  report("promql/selector", "vector selector must contain at least one non-empty matcher", span);
}

function checkAggregate({ operator, expr, param }: Aggregate, report: Report): void {
  expectType(expr, "vector", { context: "aggregation expression", report });
  if (param === undefined || !takesParam(operator)) return;
  const wanted = operator === "count_values" ? "string" : "scalar";
  expectType(param, wanted, { context: "aggregation parameter", report });
}

function expectType(
  expr: Expr,
  wanted: ValueType,
  { context, report }: { readonly context: string; readonly report: Report },
): void {
  const type = check(expr, report);
  if (type === wanted) return;
  const problem = `expected type ${TYPE_NAMES[wanted]} in ${context}, got ${TYPE_NAMES[type]}`;
  report("promql/type", problem, expr.span);
}

function checkCall(call: Call, report: Report): void {
  const signature = signatureOf(call.name);
  const count = countProblem(signature, call.args.length);
  if (count !== undefined) {
    const { wanted } = count;
    const problem = `expected ${wanted} argument(s) in call to "${call.name}", got ${call.args.length}`;
    report("promql/arguments", problem, call.span);
  }
  if (call.name === "info" && call.args[1] !== undefined) checkInfoLabels(call.args[1], report);
  for (const [index, arg] of call.args.entries()) {
    if (index >= signature.args.length && signature.variadic === 0) break;
    if (call.name === "info" && index === 1) continue;
    const wanted = signature.args[Math.min(index, signature.args.length - 1)]!;
    expectType(arg, wanted, { context: `call to function "${call.name}"`, report });
  }
}

function countProblem(
  { args, variadic }: Signature,
  count: number,
): { readonly wanted: string } | undefined {
  if (variadic === 0) return count === args.length ? undefined : { wanted: `${args.length}` };
  const min = args.length - 1;
  if (count < min) return { wanted: `at least ${min}` };
  if (variadic > 0 && count > min + variadic) return { wanted: `at most ${min + variadic}` };
  return undefined;
}

function checkInfoLabels(arg: Expr, report: Report): void {
  if (arg.kind !== "vector-selector") {
    report("promql/type", "expected label selectors only", arg.span);
  } else if (arg.name !== "") {
    const problem = "expected label selectors only, got vector selector instead";
    report("promql/type", problem, arg.span);
  }
}

function checkBinary(expr: Binary, report: Report): ValueType {
  const left = check(expr.left, report);
  const right = check(expr.right, report);
  const isScalars = left === "scalar" && right === "scalar";
  const { operator, operatorSpan } = expr;
  if (expr.returnsBool && !isComparison(operator)) {
    const problem = "bool modifier can only be used on comparison operators";
    report("promql/type", problem, operatorSpan);
  }
  if (isComparison(operator) && !expr.returnsBool && isScalars) {
    const problem = "comparisons between scalars must use BOOL modifier";
    report("promql/type", problem, operatorSpan);
  }
  for (const [side, type] of [
    [expr.left, left],
    [expr.right, right],
  ] as const) {
    if (type === "scalar" || type === "vector") continue;
    const problem = "binary expression must contain only scalar and instant vector types";
    report("promql/type", problem, side.span);
  }
  checkMatching(expr, { isBothVectors: left === "vector" && right === "vector", report });
  if (isSetOperator(operator) && (left === "scalar" || right === "scalar")) {
    const problem = `set operator "${operator}" not allowed in binary scalar expression`;
    report("promql/type", problem, expr.span);
  }
  return isScalars ? "scalar" : "vector";
}

function checkMatching(
  { operator, operatorSpan, matching, span }: Binary,
  { isBothVectors, report }: { readonly isBothVectors: boolean; readonly report: Report },
): void {
  const code = "promql/matching";
  for (const label of matching.isOn ? matching.labels : []) {
    if (!matching.include.includes(label)) continue;
    const problem = `label "${label}" must not occur in ON and GROUP clause at once`;
    report(code, problem, operatorSpan);
  }
  const isFilling = matching.fillLeft !== undefined || matching.fillRight !== undefined;
  if (!isBothVectors) {
    if (matching.labels.length > 0) {
      report(code, "vector matching only allowed between instant vectors", span);
    }
    if (isFilling) {
      report(code, "filling in missing series only allowed between instant vectors", span);
    }
  } else if (isSetOperator(operator)) {
    if (matching.cardinality !== "one-to-one") {
      report(code, `no grouping allowed for "${operator}" operation`, span);
      report(code, "set operations must always be many-to-many", span);
    }
    if (isFilling) report(code, "filling in missing series not allowed for set operators", span);
  }
}
