/**
 * Aggregations. Which group a series belongs to is found once, from its labels; then each group's
 * columns are folded into one, in the order of the series, so that sums come out as in Prometheus.
 */
import { Labels, METRIC_NAME } from "../../model/index.ts";
import { assert } from "../../std/index.ts";
import { formatShort } from "../functions/quantile.ts";
import { SAMPLES_PER_TURN } from "../limits.ts";
import type { Aggregate } from "../parser/ast.ts";
import { foldGroup } from "./aggregate-fold.ts";
import { foldHistograms } from "./aggregate-histograms.ts";
import { countValues, pickSeries, quantileOfGroup } from "./aggregate-param.ts";
import type { Column, NodeValue, SeriesColumn, VectorColumns } from "./column.ts";
import { cellCount, createColumn, FLOAT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { vectorOf } from "./names.ts";

/** Series aggregated together. */
export interface Group {
  readonly labels: Labels;
  readonly members: SeriesColumn[];
}

export async function evaluateAggregate(
  aggregate: Aggregate,
  grid: Grid,
  context: QueryContext,
): Promise<NodeValue> {
  const param =
    aggregate.param === undefined ? undefined : await evaluate(aggregate.param, grid, context);
  const input = await evaluate(aggregate.expr, grid, context);
  assert(input.kind === "vector", `BUG: ${aggregate.operator} of a ${input.kind}`);
  const { budget } = context;
  const heldCount = cellCount(input, grid);
  const value = await aggregateVector(aggregate, { input, param, grid }, context);
  budget.hold(cellCount(value, grid));
  budget.release(heldCount);
  return value;
}

interface AggregateInput {
  readonly input: VectorColumns;
  readonly param: NodeValue | undefined;
  readonly grid: Grid;
}

async function aggregateVector(
  aggregate: Aggregate,
  { input, param, grid }: AggregateInput,
  context: QueryContext,
): Promise<VectorColumns> {
  const { operator } = aggregate;
  switch (operator) {
    case "count_values":
      assert(param?.kind === "string", "BUG: count_values without a label");
      return countValues(aggregate, { input, label: param.text, grid }, context);
    case "topk":
    case "bottomk":
    case "limitk":
    case "limit_ratio": {
      assert(param?.kind === "scalar", `BUG: ${operator} without a number`);
      const groups = groupSeries(input, aggregate);
      return pickSeries(aggregate, { groups, param: param.values, grid }, context);
    }
    case "quantile": {
      assert(param?.kind === "scalar", "BUG: quantile without a number");
      const { values } = param;
      const columns = await foldGroups(aggregate, { input, grid, context }, (slice) =>
        quantileOfGroup(slice.members, values.subarray(slice.from, slice.to), slice.into),
      );
      remarkOnQuantile(aggregate, { param: values, columns }, context);
      return vectorOf(columns);
    }
    default:
      return vectorOf(
        await foldGroups(aggregate, { input, grid, context }, ({ members, into }) =>
          foldGroup(operator, members, into),
        ),
      );
  }
}

/** Some steps of a group: what is folded between two turns of the event loop. */
interface Slice {
  readonly members: readonly Column[];
  readonly into: Column;
  readonly from: number;
  readonly to: number;
}

interface FoldInput {
  readonly input: VectorColumns;
  readonly grid: Grid;
  readonly context: QueryContext;
}

async function foldGroups(
  aggregate: Aggregate,
  { input, grid, context }: FoldInput,
  fold: (slice: Slice) => void,
): Promise<SeriesColumn[]> {
  const { budget } = context;
  const columns: SeriesColumn[] = [];
  for (const { labels, members } of groupSeries(input, aggregate)) {
    const column = createColumn(grid.stepCount);
    const stepsPerTurn = Math.max(1, Math.floor(SAMPLES_PER_TURN / members.length));
    for (let from = 0; from < grid.stepCount; from += stepsPerTurn) {
      const to = Math.min(from + stepsPerTurn, grid.stepCount);
      const isWhole = from === 0 && to === grid.stepCount;
      const part = isWhole ? members : members.map((one) => sliceOf(one, from, to));
      fold({ members: part, into: sliceOf(column, from, to), from, to });
      if (budget.isTurnDue(members.length * (to - from))) await budget.turn();
    }
    if (members.some(({ histograms }) => histograms !== undefined)) {
      await foldHistograms(aggregate, { members, into: column }, context);
    }
    const dropsName = members.some((one) => one.dropsName);
    columns.push({ labels, dropsName, ...column });
  }
  return columns;
}

/** A view, not a copy. */
function sliceOf({ values, present }: Column, from: number, to: number): Column {
  return { values: values.subarray(from, to), present: present.subarray(from, to) };
}

function remarkOnQuantile(
  { param: expr }: Aggregate,
  { param, columns }: { readonly param: Float64Array; readonly columns: readonly SeriesColumn[] },
  { annotations }: QueryContext,
): void {
  const wrong = param.find(
    (q, step) => !(0 <= q && q <= 1) && columns.some(({ present }) => present[step] === FLOAT),
  );
  if (wrong === undefined || expr === undefined) return;
  const problem = `quantile value should be between 0 and 1, got ${formatShort(wrong)}`;
  annotations.warn(problem, expr.span);
}

function groupSeries({ series }: VectorColumns, aggregate: Aggregate): Group[] {
  const byKey = new Map<string, Group>();
  for (const member of series) {
    const labels = groupLabels(member.labels, aggregate);
    const known = byKey.get(labels.key) ?? { labels, members: [] };
    byKey.set(labels.key, known);
    known.members.push(member);
  }
  return [...byKey.values()];
}

export function groupLabels(labels: Labels, { grouping, isWithout }: Aggregate): Labels {
  if (isWithout) return labels.without([...grouping, METRIC_NAME]);
  return grouping.length === 0 ? Labels.EMPTY : labels.only(grouping);
}
