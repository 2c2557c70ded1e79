/**
 * What binary operators do where native histograms are among the operands: some have a meaning
 * between histograms, some between a histogram and a number, the others have none and say so.
 * Source: Prometheus 3.14, promql/engine.go (vectorElemBinop)
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  addHistograms,
  compactHistogram,
  divHistogram,
  equalHistograms,
  mulHistogram,
  subHistograms,
  trimLower,
  trimUpper,
  withCounterResetHint,
} from "../../model/index.ts";
import type { Binary, BinaryOperator } from "../parser/ast.ts";
import type { Column } from "./column.ts";
import { FLOAT, histogramAt, setHistogram } from "./column.ts";
import { numberOperator } from "./operators.ts";
import type { SampleType } from "./remark-texts.ts";
import {
  conflictingResets,
  incompatibleLayout,
  incompatibleTypes,
  reconciledBuckets,
} from "./remark-texts.ts";

export type Cell = number | FloatHistogram;

export interface Outcome {
  /** Absent: there is none, and the operands do not count as matched. */
  readonly value?: Cell;
  /** Whether a filter lets the left cell through; true for arithmetic. */
  readonly isKept: boolean;
  readonly remark?: { readonly severity: "warning" | "info"; readonly text: string };
}

export function cellAt(column: Column, step: number): Cell {
  return histogramAt(column, step) ?? column.values[step]!;
}

export function setCell(column: Column, step: number, value: Cell): void {
  if (typeof value !== "number") return setHistogram(column, step, value);
  column.values[step] = value;
  column.present[step] = FLOAT;
}

export function combineCells({ operator }: Binary, left: Cell, right: Cell): Outcome {
  if (typeof left === "number") {
    if (typeof right !== "number") return numberWithHistogram(operator, left, right);
    const numbers = numberOperator(operator);
    if (numbers === undefined) return noMeaning(operator, "float", "float");
    return { value: numbers.result(left, right), isKept: numbers.keeps(left, right) };
  }
  return typeof right === "number"
    ? histogramWithNumber(operator, left, right)
    : histograms(operator, left, right);
}

function numberWithHistogram(
  operator: BinaryOperator,
  left: number,
  right: FloatHistogram,
): Outcome {
  if (operator !== "*") return noMeaning(operator, "float", "histogram");
  return { value: compactHistogram(mulHistogram(right, left)), isKept: true };
}

function histogramWithNumber(
  operator: BinaryOperator,
  left: FloatHistogram,
  right: number,
): Outcome {
  switch (operator) {
    case "*":
      return { value: compactHistogram(mulHistogram(left, right)), isKept: true };
    case "/":
      return { value: compactHistogram(divHistogram(left, right)), isKept: true };
    case "</":
      return { value: trimUpper(left, right), isKept: true };
    case ">/":
      return { value: trimLower(left, right), isKept: true };
    default:
      return noMeaning(operator, "histogram", "float");
  }
}

function histograms(
  operator: BinaryOperator,
  left: FloatHistogram,
  right: FloatHistogram,
): Outcome {
  switch (operator) {
    case "+":
    case "-":
      return combined(operator, left, right);
    case "==":
      return { value: left, isKept: equalHistograms(left, right) };
    case "!=":
      return { value: left, isKept: !equalHistograms(left, right) };
    default:
      return noMeaning(operator, "histogram", "histogram");
  }
}

function combined(operator: "+" | "-", left: FloatHistogram, right: FloatHistogram): Outcome {
  const operation = operator === "+" ? "addition" : "subtraction";
  const both = operator === "+" ? addHistograms(left, right) : subHistograms(left, right);
  if (both === undefined) {
    const remark = { severity: "warning", text: incompatibleLayout(operator) } as const;
    return { isKept: false, remark };
  }
  if (both.hasResetCollision) {
    const remark = { severity: "warning", text: conflictingResets(operation) } as const;
    return { isKept: false, remark };
  }
  const compact = compactHistogram(both.histogram);
  const value = operator === "+" ? compact : withCounterResetHint(compact, "gauge");
  if (!both.hasReconciledBounds) return { value, isKept: true };
  const remark = { severity: "info", text: reconciledBuckets(operation) } as const;
  return { value, isKept: true, remark };
}

function noMeaning(operator: BinaryOperator, left: SampleType, right: SampleType): Outcome {
  const text = incompatibleTypes(operator, left, right);
  return { isKept: false, remark: { severity: "info", text } };
}
