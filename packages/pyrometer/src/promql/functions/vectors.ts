/** Functions of whole vectors and of the query's own times. */
import type { FloatHistogram } from "../../model/index.ts";
import { Labels, METRIC_NAME } from "../../model/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type { NodeValue, ScalarColumn, SeriesColumn } from "../engine/column.ts";
import {
  ABSENT,
  constantColumn,
  createColumn,
  FLOAT,
  histogramAt,
  histogramWork,
} from "../engine/column.ts";
import { gridEndMs, gridTimeMs } from "../engine/grid.ts";
import { dropName, vectorOf } from "../engine/names.ts";
import { rangeMsOf, stepMsOf } from "../engine/times.ts";
import type { Expr } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { scalarArg, vectorArg } from "./arguments.ts";
import type { CallInput } from "./implementation.ts";

export function timeOf({ grid }: CallInput): ScalarColumn {
  const values = new Float64Array(grid.stepCount);
  for (let step = 0; step < values.length; step++) {
    values[step] = gridTimeMs(grid, step) / MS_PER_SECOND;
  }
  return { kind: "scalar", values };
}

export function startOf({ grid, context }: CallInput): ScalarColumn {
  return constant(context.queryGrid.startMs / MS_PER_SECOND, grid.stepCount);
}

export function endOf({ grid, context }: CallInput): ScalarColumn {
  return constant(gridEndMs(context.queryGrid) / MS_PER_SECOND, grid.stepCount);
}

export function stepOf({ grid, context }: CallInput): ScalarColumn {
  return constant(stepMsOf(context) / MS_PER_SECOND, grid.stepCount);
}

export function rangeOf({ grid, context }: CallInput): ScalarColumn {
  return constant(rangeMsOf(context) / MS_PER_SECOND, grid.stepCount);
}

function constant(value: number, stepCount: number): ScalarColumn {
  return { kind: "scalar", values: new Float64Array(stepCount).fill(value) };
}

export function pi({ grid }: CallInput): ScalarColumn {
  return { kind: "scalar", values: constantColumn(Math.PI, grid) };
}

export function extremeOf(input: CallInput, pick: (a: number, b: number) => number): ScalarColumn {
  const right = scalarArg(input, 1);
  const values = scalarArg(input, 0).map((value, step) => pick(value, right[step]!));
  return { kind: "scalar", values };
}

/** The value of the only series; NaN where there is none or more than one. */
export async function scalarOf(input: CallInput): Promise<ScalarColumn> {
  const { stepCount } = input.grid;
  const values = new Float64Array(stepCount).fill(NaN);
  const counts = new Uint32Array(stepCount);
  await input.context.budget.forEach(vectorArg(input, 0).series, stepCount, (one) => {
    for (let step = 0; step < stepCount; step++) {
      if (one.present[step] !== FLOAT) continue;
      counts[step]! += 1;
      values[step] = counts[step] === 1 ? one.values[step]! : NaN;
    }
  });
  return { kind: "scalar", values };
}

export function vectorOfScalar(input: CallInput): NodeValue {
  const values = scalarArg(input, 0);
  const present = new Uint8Array(values.length).fill(FLOAT);
  return {
    kind: "vector",
    series: [{ labels: Labels.EMPTY, dropsName: false, values, present }],
  };
}

/** Parts of the date of each value, or of the evaluation time. */
export function datePart(input: CallInput, partOf: (seconds: number) => number): Eventually {
  if (input.args.length === 0) {
    const values = timeOf(input).values.map(partOf);
    const present = new Uint8Array(values.length).fill(FLOAT);
    return {
      kind: "vector",
      series: [{ labels: Labels.EMPTY, dropsName: false, values, present }],
    };
  }
  return mapValues(input, partOf);
}

/** Every value by itself; the metric name goes. */
export async function mapValues(
  input: CallInput,
  apply: (value: number, step: number) => number | undefined,
): Promise<NodeValue> {
  const { grid, context } = input;
  const series: SeriesColumn[] = [];
  await context.budget.forEach(vectorArg(input, 0).series, grid.stepCount, (one) => {
    const column = createColumn(one.values.length);
    for (let step = 0; step < one.values.length; step++) {
      if (one.present[step] !== FLOAT) continue;
      const value = apply(one.values[step]!, step);
      if (value === undefined) continue;
      column.values[step] = value;
      column.present[step] = FLOAT;
    }
    series.push({ ...dropName(one, context), ...column });
  });
  return vectorOf(series);
}

/** A number of each native histogram; the metric name goes. */
export async function mapHistograms(
  input: CallInput,
  numberOf: (histogram: FloatHistogram) => number,
): Promise<NodeValue> {
  const { grid, context } = input;
  const series: SeriesColumn[] = [];
  const withHistograms = vectorArg(input, 0).series.filter((one) => one.histograms !== undefined);
  await context.budget.forEach(withHistograms, histogramWork(grid.stepCount), (one) => {
    const column = createColumn(grid.stepCount);
    for (let step = 0; step < grid.stepCount; step++) {
      const histogram = histogramAt(one, step);
      if (histogram === undefined) continue;
      column.values[step] = numberOf(histogram);
      column.present[step] = FLOAT;
    }
    series.push({ ...dropName(one, context), ...column });
  });
  return vectorOf(series);
}

type Eventually = NodeValue | Promise<NodeValue>;

export function clamp(input: CallInput, low: Float64Array, high: Float64Array): Eventually {
  return mapValues(input, (value, step) => {
    const [min, max] = [low[step]!, high[step]!];
    return max < min ? undefined : Math.max(min, Math.min(max, value));
  });
}

export function round(input: CallInput): Eventually {
  const nearest = input.args.length > 1 ? scalarArg(input, 1) : undefined;
  return mapValues(input, (value, step) => {
    const inverse = 1 / (nearest?.[step] ?? 1);
    return Math.floor(value * inverse + 0.5) / inverse;
  });
}

/** 1, with the labels the selector asks for, at every step where the vector is empty. */
export function absent(input: CallInput): NodeValue {
  const [arg] = input.call.args;
  return absentColumn(vectorArg(input, 0), arg!, input.grid.stepCount);
}

export function absentColumn(
  { series }: Extract<NodeValue, { kind: "vector" }>,
  expr: Expr,
  stepCount: number,
): NodeValue {
  const column = createColumn(stepCount);
  column.values.fill(1);
  for (let step = 0; step < stepCount; step++) {
    column.present[step] = series.some((one) => one.present[step] !== ABSENT) ? ABSENT : FLOAT;
  }
  return vectorOf([{ labels: labelsOfAbsent(expr), dropsName: false, ...column }]);
}

/** What an absent series would surely have had: labels matched by exactly one equality. */
function labelsOfAbsent(expr: Expr): Labels {
  const inner = unwrapParens(expr);
  const selector = inner.kind === "matrix-selector" ? inner.selector : inner;
  if (selector.kind !== "vector-selector") return Labels.EMPTY;
  const values = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === "=" && !seen.has(name)) {
      values.set(name, value);
      seen.add(name);
    } else values.delete(name);
  }
  return Labels.from(values);
}
