/** Aggregations with a parameter: those that pick series, count_values and quantile. */
import { formatValue, isUtf8Name } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import { compareNanFirst, formatShort, quantileOf } from "../functions/quantile.ts";
import type { Aggregate } from "../parser/ast.ts";
import type { Group } from "./aggregate.ts";
import { groupLabels } from "./aggregate.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, createColumn, FLOAT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import { vectorOf } from "./names.ts";

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
    let order: readonly number[] = [];
    for (let step = 0; step < grid.stepCount; step++) {
      order = pick(aggregate, { members, param: param[step]!, step });
      for (const index of order) presents[index]![step] = FLOAT;
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
  readonly param: number;
  readonly step: number;
}

/** Indexes of the members that stay at one step. */
function pick({ operator }: Aggregate, { members, param, step }: PickStep): number[] {
  const there: number[] = [];
  for (const [index, { present }] of members.entries()) {
    if (present[step] !== ABSENT) there.push(index);
  }
  const valueAt = (index: number) => members[index]!.values[step]!;
  const count = Math.max(0, Math.trunc(param));
  switch (operator) {
    case "limitk":
      return there.slice(0, count);
    case "limit_ratio":
      return there.filter((index) => isInRatio(members[index]!, param));
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

/**
 * A positive ratio takes series whose labels hash below it, a negative one exactly the others:
 * limit_ratio(0.3, x) and limit_ratio(-0.7, x) make up x.
 */
function isInRatio({ labels }: SeriesColumn, ratio: number): boolean {
  const position = hashPosition(labels.key);
  return ratio >= 0 ? position < ratio : position >= 1 + ratio;
}

/** FNV-1a with a final mix, as a fraction of its range. */
function hashPosition(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

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
  if (!isUtf8Name(label)) throw new QueryError("execution", `invalid label name "${label}"`);
  // The counted label survives grouping, also where `by` does not name it.
  const grouping = aggregate.isWithout ? aggregate.grouping : [...aggregate.grouping, label];
  const byKey = new Map<string, SeriesColumn>();
  for (const { labels, values, present } of input.series) {
    for (let step = 0; step < grid.stepCount; step++) {
      if (present[step] !== FLOAT) continue;
      const valued = labels.with({ [label]: formatValue(values[step]!) });
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

/** Making labels for one cell takes as long as working on this many samples. */
const LABELLING_COST = 50;
