/** Aggregations with a parameter: those that pick series, count_values and quantile. */
import { formatValue, hashLabels, isUtf8Name, printHistogram } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import { compareNanFirst, formatShort, quantileOf } from "../functions/quantile.ts";
import { LABELLING_COST } from "../limits.ts";
import type { Aggregate } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { printExpr } from "../parser/print.ts";
import type { Group } from "./aggregate.ts";
import { groupLabels } from "./aggregate.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, createColumn, FLOAT, histogramAt } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import { vectorOf } from "./names.ts";
import { ignoredInAggregation } from "./remark-texts.ts";

export function quantileOfGroup(
  members: readonly Column[],
  quantiles: Float64Array,
  into: Column,
): void {
  const scratch = new Float64Array(members.length);
  for (let step = 0; step < quantiles.length; step++) {
    let count = 0;
    for (const { values, present } of members) {
      if (present[step] === FLOAT) scratch[count++] = values[step]!;
    }
    if (count === 0) continue;
    into.values[step] = quantileOf(quantiles[step]!, scratch.subarray(0, count));
    into.present[step] = FLOAT;
  }
}

interface PickInput {
  readonly groups: readonly Group[];
  readonly param: Float64Array;
  readonly grid: Grid;
}

/** topk, bottomk, limitk, limit_ratio: the members that stay, with their own labels. */
export async function pickSeries(
  aggregate: Aggregate,
  { groups, param, grid }: PickInput,
  context: QueryContext,
): Promise<VectorColumns> {
  checkParam(aggregate, param, context);
  const picked: SeriesColumn[] = [];
  for (const { members } of groups) {
    const presents = members.map(() => new Uint8Array(grid.stepCount));
    const hasHistograms = members.some(({ histograms }) => histograms !== undefined);
    const positions = aggregate.operator === "limit_ratio" ? members.map(hashPosition) : [];
    let order: readonly number[] = [];
    for (let step = 0; step < grid.stepCount; step++) {
      const pickStep = { members, hasHistograms, positions, param: param[step]!, step };
      order = pick(aggregate, pickStep, context);
      for (const index of order) presents[index]![step] = members[index]!.present[step]!;
      // Sorting costs more than a sample's worth per member.
      if (context.budget.isTurnDue(members.length * 16)) await context.budget.turn();
    }
    // An instant query shows them in the order of picking, best first.
    const indexes = grid.stepCount === 1 ? order : members.keys();
    for (const index of indexes) {
      picked.push({ ...members[index]!, present: presents[index]! });
    }
  }
  return vectorOf(picked);
}

interface PickStep {
  readonly members: readonly SeriesColumn[];
  readonly hasHistograms: boolean;
  /** For limit_ratio: where each member's hash lies. */
  readonly positions: readonly number[];
  readonly param: number;
  readonly step: number;
}

/** Indexes of the members that stay at one step. */
function pick(
  { operator, span }: Aggregate,
  { members, hasHistograms, positions, param, step }: PickStep,
  { annotations }: QueryContext,
): number[] {
  const there: number[] = [];
  for (const [index, { present }] of members.entries()) {
    if (present[step] !== ABSENT) there.push(index);
  }
  const valueAt = (index: number) => members[index]!.values[step]!;
  const count = Math.max(0, Math.trunc(param));
  const ordersByValue = operator === "topk" || operator === "bottomk";
  if (hasHistograms && ordersByValue && count > 0) {
    const numbers = there.filter((index) => members[index]!.present[step] === FLOAT);
    if (numbers.length < there.length) annotations.info(ignoredInAggregation(operator), span);
    there.splice(0, there.length, ...numbers);
  }
  switch (operator) {
    case "limitk":
      return there.slice(0, count);
    case "limit_ratio":
      return there.filter((index) => isInRatio(positions[index]!, param));
    case "topk":
      // Sorting is stable: of equals, the first stays.
      return there.sort((a, b) => compareNanFirst(valueAt(b), valueAt(a))).slice(0, count);
    default:
      return there
        .sort((a, b) => {
          const [valueA, valueB] = [valueAt(a), valueAt(b)];
          const isEitherNan = Number.isNaN(valueA) || Number.isNaN(valueB);
          const order = compareNanFirst(valueA, valueB);
          return isEitherNan ? -order : order;
        })
        .slice(0, count);
  }
}

/** Where the hash lies in its range, from 0 to 1. It is Prometheus', so that both pick the same. */
function hashPosition({ labels }: SeriesColumn): number {
  return Number(hashLabels(labels)) / Number(UINT64_MAX);
}

/**
 * A positive ratio takes series whose labels hash below it, a negative one exactly the others:
 * limit_ratio(0.3, x) and limit_ratio(-0.7, x) make up x.
 */
function isInRatio(position: number, ratio: number): boolean {
  return ratio >= 0 ? position < ratio : position >= 1 + ratio;
}

const UINT64_MAX = 0xffffffffffffffffn;

function checkParam(
  { operator, param: expr }: Aggregate,
  param: Float64Array,
  { annotations }: QueryContext,
): void {
  if (expr === undefined) return;
  const what = operator === "limit_ratio" ? "Ratio" : "Parameter";
  for (const value of param) {
    if (Number.isNaN(value)) throw new QueryError("execution", `${what} value is NaN`);
    if (operator === "limit_ratio") {
      if (-1 <= value && value <= 1) continue;
      const bound = `got ${formatShort(value)}, capping to ${value > 0 ? 1 : -1}`;
      annotations.warn(`ratio value should be between -1 and 1, ${bound}`, expr.span);
    } else {
      if (Math.abs(value) < 2 ** 63) continue;
      const direction = value > 0 ? "overflows" : "underflows";
      const problem = `Scalar value ${formatShort(value)} ${direction} int64`;
      throw new QueryError("execution", problem);
    }
  }
}

interface CountInput {
  readonly input: VectorColumns;
  readonly label: string;
  readonly grid: Grid;
}

/**
 * How many series have each value: one series per value, which is a label. As every distinct
 * value costs a column, they count against the sample limit as they appear.
 */
export async function countValues(
  aggregate: Aggregate,
  { input, label, grid }: CountInput,
  { budget }: QueryContext,
): Promise<VectorColumns> {
  if (!isUtf8Name(label)) {
    const shown = aggregate.param ? printExpr(unwrapParens(aggregate.param)) : label;
    throw new QueryError("execution", `invalid label name ${shown}`);
  }
  // The counted label survives grouping, also where `by` does not name it.
  const grouping = aggregate.isWithout ? aggregate.grouping : [...aggregate.grouping, label];
  const byKey = new Map<string, SeriesColumn>();
  for (const one of input.series) {
    const { labels, values, present } = one;
    for (let step = 0; step < grid.stepCount; step++) {
      if (present[step] === ABSENT) continue;
      const histogram = histogramAt(one, step);
      const text = histogram ? printHistogram(histogram) : formatValue(values[step]!);
      const valued = labels.with({ [label]: text });
      const counted = groupLabels(valued, { ...aggregate, grouping });
      let column = byKey.get(counted.key);
      if (column === undefined) {
        budget.hold(grid.stepCount);
        column = { labels: counted, dropsName: false, ...createColumn(grid.stepCount) };
        byKey.set(counted.key, column);
      }
      column.values[step]! += 1;
      column.present[step] = FLOAT;
      if (budget.isTurnDue(LABELLING_COST)) await budget.turn();
    }
  }
  budget.release(byKey.size * grid.stepCount);
  return vectorOf([...byKey.values()]);
}
