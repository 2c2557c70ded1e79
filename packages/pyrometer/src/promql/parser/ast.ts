/**
 * A PromQL expression as data. Every node says where it stood in the text, so that errors,
 * annotations and editors can point at it. Modifiers that belong to a selector (offset, @, range)
 * are its fields, not nodes around it: nothing else may carry them.
 */
import type { Matcher } from "../../model/index.ts";
import type { Span } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregate
  | Binary
  | Unary
  | Paren;

export interface NumberLiteral {
  readonly kind: "number";
  readonly value: number;
  /** Written with a unit: `5m` is the number 300, and prints as it was written. */
  readonly isDuration: boolean;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: "string";
  readonly text: string;
  /** As written, where escapes make bytes that are no UTF-8: `text` cannot hold them. */
  readonly literal?: string;
  readonly span: Span;
}

/** When a selector or subquery looks: at the evaluation time, or at one moment for all steps. */
export interface TimeModifiers {
  readonly offset?: Duration;
  readonly at?: AtModifier;
}

export type AtModifier =
  | { readonly kind: "time"; readonly timeMs: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

export interface VectorSelector extends TimeModifiers {
  readonly kind: "vector-selector";
  /** The name before the braces; "" when there was none. It is among the matchers too. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** How values between and beyond samples are made up: `anchored`, `smoothed`. */
  readonly extension?: "anchored" | "smoothed";
  readonly span: Span;
}

export interface MatrixSelector {
  readonly kind: "matrix-selector";
  /** Carries offset, @ and extension of the whole. */
  readonly selector: VectorSelector;
  readonly range: Duration;
  readonly span: Span;
}

export interface Subquery extends TimeModifiers {
  readonly kind: "subquery";
  readonly expr: Expr;
  readonly range: Duration;
  /** Absent: the engine's default resolution. */
  readonly step?: Duration;
  readonly span: Span;
}

export interface Call {
  readonly kind: "call";
  readonly name: FunctionName;
  readonly args: readonly Expr[];
  readonly span: Span;
}

export const AGGREGATE_OPERATORS = [
  "avg",
  "bottomk",
  "count",
  "count_values",
  "group",
  "limit_ratio",
  "limitk",
  "max",
  "min",
  "quantile",
  "stddev",
  "stdvar",
  "sum",
  "topk",
] as const;
export type AggregateOperator = (typeof AGGREGATE_OPERATORS)[number];

export interface Aggregate {
  readonly kind: "aggregate";
  readonly operator: AggregateOperator;
  readonly expr: Expr;
  /** The k of topk, the quantile, the label of count_values. */
  readonly param?: Expr;
  readonly grouping: readonly string[];
  readonly isWithout: boolean;
  readonly span: Span;
}

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "^" | "atan2";
export type ComparisonOperator = "==" | "!=" | ">" | "<" | ">=" | "<=";
export type TrimOperator = "</" | ">/";
export type SetOperator = "and" | "or" | "unless";
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | TrimOperator | SetOperator;

export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnsBool: boolean;
  readonly matching: VectorMatching;
  /** The operator and its modifiers. */
  readonly operatorSpan: Span;
  readonly span: Span;
}

export interface VectorMatching {
  /** Which side may have several series for one of the other. */
  readonly cardinality: "one-to-one" | "many-to-one" | "one-to-many";
  readonly isOn: boolean;
  readonly labels: readonly string[];
  /** Labels that group_left or group_right copies from the "one" side. */
  readonly include: readonly string[];
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

export interface Unary {
  readonly kind: "unary";
  readonly operator: "+" | "-";
  readonly expr: Expr;
  readonly span: Span;
}

export interface Paren {
  readonly kind: "paren";
  readonly expr: Expr;
  readonly span: Span;
}

/** A length of time as written: it may depend on the query's step and range. */
export type Duration =
  | DurationLiteral
  | { readonly kind: "negated"; readonly operand: Duration; readonly span: Span }
  | { readonly kind: "paren"; readonly operand: Duration; readonly span: Span }
  | {
      readonly kind: "arithmetic";
      readonly operator: "+" | "-" | "*" | "/" | "%" | "^";
      readonly left: Duration;
      readonly right: Duration;
      readonly span: Span;
    }
  | {
      readonly kind: "call";
      readonly name: "step" | "range" | "min_of" | "max_of";
      readonly args: readonly Duration[];
      readonly span: Span;
    };

export interface DurationLiteral {
  readonly kind: "literal";
  readonly seconds: number;
  /** `5m` rather than `300`. */
  readonly hasUnit: boolean;
  readonly span: Span;
}

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", ">", "<", ">=", "<="]);
const SETS: ReadonlySet<string> = new Set(["and", "or", "unless"]);

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return COMPARISONS.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return SETS.has(operator);
}

/** Whether an aggregation takes a parameter before its vector. */
export function takesParam(operator: AggregateOperator): boolean {
  switch (operator) {
    case "topk":
    case "bottomk":
    case "quantile":
    case "count_values":
    case "limitk":
    case "limit_ratio":
      return true;
    default:
      return false;
  }
}

/** The expression inside any parentheses. */
export function unwrapParens(expr: Expr): Expr {
  while (expr.kind === "paren") expr = expr.expr;
  return expr;
}
