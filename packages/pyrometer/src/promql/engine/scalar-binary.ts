/** Operators with a number on one side or both. */
import { mulHistogram } from "../../model/index.ts";
import type { Binary } from "../parser/ast.ts";
import { isComparison } from "../parser/ast.ts";
import { cellAt, combineCells, setCell } from "./cell-operators.ts";
import type { Column, NodeValue, ScalarColumn, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, createColumn, FLOAT, histogramWork } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { dropName, vectorOf } from "./names.ts";
import type { NumberOperator } from "./operators.ts";
import { changesMeaning, isKept, numberOperator, resultOf } from "./operators.ts";
import { remarkOnOutcome } from "./remarks.ts";

export function combineScalars(
  { operator }: Binary,
  left: ScalarColumn,
  right: ScalarColumn,
): ScalarColumn {
  const { isFilter, keeps, result } = numberOperator(operator) ?? NOTHING;
  const values = new Float64Array(left.values.length);
  for (let step = 0; step < values.length; step++) {
    const a = left.values[step]!;
    const b = right.values[step]!;
    values[step] = isFilter ? Number(keeps(a, b)) : result(a, b);
  }
  return { kind: "scalar", values };
}

const NOTHING = { isFilter: false, keeps: () => false, result: () => NaN };

interface WithScalar {
  readonly vector: VectorColumns;
  readonly scalar: ScalarColumn;
  /** The scalar stands on the left. */
  readonly isSwapped: boolean;
}

export async function combineWithScalar(
  expr: Binary,
  operands: WithScalar,
  context: QueryContext,
): Promise<VectorColumns> {
  const operator = numberOperator(expr.operator);
  const losesName = changesMeaning(expr.operator) || expr.returnsBool;
  const series: SeriesColumn[] = [];
  const stepCount = operands.scalar.values.length;
  const hasHistograms = operands.vector.series.some((one) => one.histograms !== undefined);
  const work = hasHistograms ? histogramWork(stepCount) : stepCount;
  await context.budget.forEach(operands.vector.series, work, (one) => {
    const column =
      operator === undefined || one.histograms !== undefined
        ? combineCellsOf(one, operands, { expr, context })
        : combineColumn(one, { ...operands, operator, returnsBool: expr.returnsBool });
    const named = losesName ? dropName(one, context) : one;
    const dropsName = named.dropsName || one.dropsName;
    series.push({ labels: named.labels, dropsName, ...column });
  });
  return vectorOf(series);
}

function combineColumn(
  one: Column,
  {
    scalar,
    isSwapped,
    operator,
    returnsBool,
  }: WithScalar & { readonly operator: NumberOperator; readonly returnsBool: boolean },
): Column {
  const column = createColumn(one.values.length);
  const { values, present } = one;
  const numbers = scalar.values;
  for (let step = 0; step < values.length; step++) {
    if (present[step] !== FLOAT) continue;
    const value = values[step]!;
    const left = isSwapped ? numbers[step]! : value;
    const right = isSwapped ? value : numbers[step]!;
    const passes = isKept(operator, left, right);
    if (returnsBool) column.values[step] = Number(passes);
    else if (!passes) continue;
    // A filter lets the vector's value through, on whichever side it stands.
    else column.values[step] = operator.isFilter ? value : resultOf(operator, left, right);
    column.present[step] = FLOAT;
  }
  return column;
}

/** Where histograms are among the cells, or numbers lack the operator. */
function combineCellsOf(
  one: Column,
  { scalar, isSwapped }: WithScalar,
  { expr, context }: { readonly expr: Binary; readonly context: QueryContext },
): Column {
  const column = createColumn(one.values.length);
  for (let step = 0; step < one.values.length; step++) {
    if (one.present[step] === ABSENT) continue;
    const [cell, number] = [cellAt(one, step), scalar.values[step]!];
    const outcome = isSwapped ? combineCells(expr, number, cell) : combineCells(expr, cell, number);
    remarkOnOutcome(outcome, expr, context);
    if (outcome.value === undefined) continue;
    if (expr.returnsBool) setCell(column, step, Number(outcome.isKept));
    else if (outcome.isKept) {
      setCell(column, step, isComparison(expr.operator) ? cell : outcome.value);
    }
  }
  return column;
}

export async function negate(value: NodeValue, context: QueryContext): Promise<NodeValue> {
  switch (value.kind) {
    case "string":
      return value;
    case "scalar":
      return { kind: "scalar", values: value.values.map((one) => -one) };
    case "vector": {
      const series: SeriesColumn[] = [];
      const stepCount = value.series[0]?.values.length ?? 0;
      await context.budget.forEach(value.series, stepCount, (one) => {
        series.push({
          ...dropName(one, context),
          values: one.values.map((cell) => -cell),
          present: one.present,
          histograms: one.histograms?.map((cell) => cell && mulHistogram(cell, -1)),
        });
      });
      return vectorOf(series);
    }
  }
}
