/** Operators with a number on one side or both. */
import type { Binary } from "../parser/ast.ts";
import type { Column, NodeValue, ScalarColumn, SeriesColumn, VectorColumns } from "./column.ts";
import { createColumn, FLOAT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { dropName, vectorOf } from "./names.ts";
import type { NumberOperator } from "./operators.ts";
import { numberOperator } from "./operators.ts";
import { remarkOnTypes } from "./remarks.ts";

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

const NOTHING: NumberOperator = { isFilter: false, keeps: () => false, result: () => NaN };

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
  if (operator === undefined) {
    if (operands.vector.series.length > 0) remarkOnTypes(expr, context);
    return { kind: "vector", series: [] };
  }
  const changesMeaning = !operator.isFilter || expr.returnsBool;
  const series: SeriesColumn[] = [];
  const stepCount = operands.scalar.values.length;
  await context.budget.forEach(operands.vector.series, stepCount, (one) => {
    const column = combineColumn(one, { ...operands, operator, returnsBool: expr.returnsBool });
    const named = changesMeaning ? dropName(one, context) : one;
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
  for (let step = 0; step < one.values.length; step++) {
    if (one.present[step] !== FLOAT) continue;
    const value = one.values[step]!;
    const left = isSwapped ? scalar.values[step]! : value;
    const right = isSwapped ? value : scalar.values[step]!;
    const isKept = operator.keeps(left, right);
    if (returnsBool) column.values[step] = Number(isKept);
    else if (!isKept) continue;
    // A filter lets the vector's value through, on whichever side it stands.
    else column.values[step] = operator.isFilter ? value : operator.result(left, right);
    column.present[step] = FLOAT;
  }
  return column;
}

export function negate(value: NodeValue, context: QueryContext): NodeValue {
  switch (value.kind) {
    case "string":
      return value;
    case "scalar":
      return { kind: "scalar", values: value.values.map((one) => -one) };
    case "vector":
      return vectorOf(
        value.series.map((one) => ({
          ...dropName(one, context),
          values: one.values.map((cell) => -cell),
          present: one.present,
        })),
      );
  }
}
