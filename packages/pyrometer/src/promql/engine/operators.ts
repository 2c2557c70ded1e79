/** What binary operators do to two numbers. */
import { pow } from "../functions/math.ts";
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from "../parser/ast.ts";
import { isComparison } from "../parser/ast.ts";

type Arithmetic = (left: number, right: number) => number;
type Comparison = (left: number, right: number) => boolean;

const ARITHMETIC: Readonly<Record<ArithmeticOperator, Arithmetic>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": pow,
  atan2: Math.atan2,
};

const COMPARISON: Readonly<Record<ComparisonOperator, Comparison>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

/**
 * One operator on two numbers: `keeps` says whether a filter lets the left value through, which
 * arithmetic always does; `result` is the value then.
 */
export interface NumberOperator {
  readonly symbol: BinaryOperator;
  readonly isFilter: boolean;
  readonly result: Arithmetic;
  readonly keeps: Comparison;
}

/** Whether the result is no longer a sample of the metric: arithmetic makes something new. */
export function changesMeaning(operator: BinaryOperator): boolean {
  return Object.hasOwn(ARITHMETIC, operator);
}

/**
 * The same as operator.result(), for loops over columns: common operators are done on the spot. A
 * call through a function that changes from query to query boxes its result, which costs more than
 * what it does.
 */
export function resultOf(operator: NumberOperator, left: number, right: number): number {
  switch (operator.symbol) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    default:
      return operator.result(left, right);
  }
}

/** The same as operator.keeps(), for loops over columns. */
export function isKept(operator: NumberOperator, left: number, right: number): boolean {
  if (!operator.isFilter) return true;
  switch (operator.symbol) {
    case ">":
      return left > right;
    case "<":
      return left < right;
    case "==":
      return left === right;
    default:
      return operator.keeps(left, right);
  }
}

/** undefined for operators that numbers do not have: between floats they give nothing. */
export function numberOperator(operator: BinaryOperator): NumberOperator | undefined {
  if (isComparison(operator)) {
    const keeps = COMPARISON[operator];
    return { symbol: operator, isFilter: true, result: (left) => left, keeps };
  }
  if (!Object.hasOwn(ARITHMETIC, operator)) return undefined;
  const result = ARITHMETIC[operator as ArithmeticOperator];
  return { symbol: operator, isFilter: false, result, keeps: () => true };
}
