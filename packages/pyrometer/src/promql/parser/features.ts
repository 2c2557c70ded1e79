/**
 * Parts of the language that Prometheus keeps behind --enable-feature. Finds every use of one that
 * is not enabled, in Prometheus' words.
 * Source: Prometheus 3.14, promql/parser/parse.go, generated_parser.y
 */
import type { Source, Span } from "../../std/index.ts";
import { SourceError, unreachable } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";
import type { AggregateOperator, Duration, Expr, VectorSelector } from "./ast.ts";

export interface LanguageFeatures {
  /** promql-experimental-functions: functions and aggregations whose meaning may yet change. */
  readonly experimentalFunctions: boolean;
  /** promql-duration-expr: arithmetic inside `[…]` and after `offset`. */
  readonly durationExpressions: boolean;
  /** promql-extended-range-selectors: `anchored` and `smoothed`. */
  readonly extendedRanges: boolean;
  /** promql-binop-fill-modifiers: `fill`, `fill_left`, `fill_right`. */
  readonly fillModifiers: boolean;
}

export const ALL_FEATURES: LanguageFeatures = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRanges: true,
  fillModifiers: true,
};

const EXPERIMENTAL_FUNCTIONS: ReadonlySet<FunctionName> = new Set<FunctionName>([
  "double_exponential_smoothing",
  "end",
  "histogram_quantiles",
  "info",
  "mad_over_time",
  "max_of",
  "min_of",
  "range",
  "sort_by_label",
  "sort_by_label_desc",
  "start",
  "start_timestamp",
  "step",
  "ts_of_first_over_time",
  "ts_of_last_over_time",
  "ts_of_max_over_time",
  "ts_of_min_over_time",
]);
const EXPERIMENTAL_AGGREGATIONS: ReadonlySet<AggregateOperator> = new Set<AggregateOperator>([
  "limitk",
  "limit_ratio",
]);

export function checkFeatures(
  expr: Expr,
  source: Source,
  features: LanguageFeatures,
): SourceError[] {
  if (Object.values(features).every((isEnabled) => isEnabled)) return [];
  const errors: SourceError[] = [];
  visit(expr, features, (problem, span) => {
    errors.push(new SourceError("promql/feature", problem, { source, span }));
  });
  return errors;
}

type Report = (problem: string, span: Span) => void;

/** Operands before what stands around them, which is the order Prometheus finds them in. */
function visit(expr: Expr, features: LanguageFeatures, report: Report): void {
  switch (expr.kind) {
    case "number":
    case "string":
      return;
    case "vector-selector":
      return visitSelector(expr, features, report);
    case "matrix-selector":
      visitDuration(expr.range, features, report);
      return visitSelector(expr.selector, features, report);
    case "subquery":
      visit(expr.expr, features, report);
      visitDuration(expr.range, features, report);
      visitDuration(expr.step, features, report);
      return visitDuration(expr.offset, features, report);
    case "paren":
    case "unary":
      return visit(expr.expr, features, report);
    case "binary":
      visit(expr.left, features, report);
      visit(expr.right, features, report);
      if (features.fillModifiers) return;
      if (expr.matching.fillLeft !== undefined || expr.matching.fillRight !== undefined) {
        report("binop fill modifiers are experimental and not enabled", expr.span);
      }
      return;
    case "aggregate":
      if (expr.param !== undefined) visit(expr.param, features, report);
      visit(expr.expr, features, report);
      if (!features.experimentalFunctions && EXPERIMENTAL_AGGREGATIONS.has(expr.operator)) {
        const how = "must be enabled with --enable-feature=promql-experimental-functions";
        report(`${expr.operator}() is experimental and ${how}`, expr.span);
      }
      return;
    case "call":
      for (const arg of expr.args) visit(arg, features, report);
      if (!features.experimentalFunctions && EXPERIMENTAL_FUNCTIONS.has(expr.name)) {
        const { start } = expr.span;
        report(`function "${expr.name}" is not enabled`, { start, end: start + expr.name.length });
      }
      return;
    default:
      return unreachable(expr);
  }
}

function visitSelector(
  { extension, offset, span }: VectorSelector,
  features: LanguageFeatures,
  report: Report,
): void {
  visitDuration(offset, features, report);
  if (extension === undefined || features.extendedRanges) return;
  report(`${extension} modifier is experimental and not enabled`, span);
}

function visitDuration(
  duration: Duration | undefined,
  { durationExpressions }: LanguageFeatures,
  report: Report,
): void {
  if (durationExpressions || duration === undefined) return;
  const expression = innermostExpression(duration);
  if (expression) report("experimental duration expression is not enabled", expression.span);
}

/** The first thing in `duration` that is more than a number with a unit. */
function innermostExpression(duration: Duration): Duration | undefined {
  switch (duration.kind) {
    case "literal":
      return undefined;
    case "call":
      return duration;
    case "negated":
    case "paren":
      return innermostExpression(duration.operand);
    case "arithmetic":
      return duration.left;
    default:
      return unreachable(duration);
  }
}
