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
  readonly isFilter: boolean;
  readonly result: Arithmetic;
  readonly keeps: Comparison;
}

/** undefined for operators that numbers do not have: between floats they give nothing. */
export function numberOperator(operator: BinaryOperator): NumberOperator | undefined {
  if (isComparison(operator)) {
    return { isFilter: true, result: (left) => left, keeps: COMPARISON[operator] };
  }
  if (!Object.hasOwn(ARITHMETIC, operator)) return undefined;
  const result = ARITHMETIC[operator as ArithmeticOperator];
  return { isFilter: false, result, keeps: () => true };
}
