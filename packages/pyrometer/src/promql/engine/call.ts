/** Function calls: evaluates the arguments a function's kind needs, then applies it. */
import { assert, unreachable } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { WindowFunction } from "../functions/implementation.ts";
import { IMPLEMENTATIONS } from "../functions/table.ts";
import { absentColumn, mapValues } from "../functions/vectors.ts";
import type { Call, Expr } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { typeOf } from "../parser/check.ts";
import type { NodeValue, SeriesColumn, VectorColumns } from "./column.ts";
import {
  ABSENT,
  cellCount,
  columnCost,
  columnMaker,
  FLOAT,
  histogramCost,
  isEmpty,
} from "./column.ts";
import type { QueryContext } from "./context.ts";
import { evaluate, evaluateRange } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { gridTimeMs } from "./grid.ts";
import { evaluateInfo } from "./info.ts";
import type { WindowPlan } from "./mixed-windows.ts";
import { computeMixed } from "./mixed-windows.ts";
import { assertDistinct, dropName, vectorOf } from "./names.ts";
import { selectVector } from "./select.ts";
import { locateWindows } from "./windows.ts";

const PRESENCE: WindowFunction = presence();

export async function evaluateCall(
  call: Call,
  grid: Grid,
  context: QueryContext,
): Promise<NodeValue> {
  const implementation = IMPLEMENTATIONS[call.name];
  switch (implementation.kind) {
    case "window":
      return evaluateWindows(implementation, call, { grid, context });
    case "absent-over-time": {
      const present = await evaluateWindows(PRESENCE, call, { grid, context });
      return absentColumn(present, call.args[0]!, grid.stepCount);
    }
    case "timestamp":
      return evaluateTimestamp(call, implementation.of, { grid, context });
    case "info":
      return evaluateInfo(call, grid, context);
    case "math":
    case "vector": {
      const args = await evaluateAll(call.args, grid, context);
      const heldCount = args.reduce((sum, arg) => sum + cellCount(arg, grid), 0);
      if (context.budget.isTurnDue(heldCount)) await context.budget.turn();
      const input = { call, args, grid, context };
      const value =
        implementation.kind === "math"
          ? await mapValues(input, implementation.apply)
          : await implementation.evaluate(input);
      context.budget.hold(cellCount(value, grid));
      context.budget.release(heldCount);
      return value;
    }
    default:
      return unreachable(implementation);
  }
}

async function evaluateAll(
  exprs: readonly Expr[],
  grid: Grid,
  context: QueryContext,
): Promise<NodeValue[]> {
  const values: NodeValue[] = [];
  for (const expr of exprs) values.push(await evaluate(expr, grid, context));
  return values;
}

interface CallOptions {
  readonly grid: Grid;
  readonly context: QueryContext;
}

async function evaluateWindows(
  implementation: WindowFunction,
  call: Call,
  { grid, context }: CallOptions,
): Promise<VectorColumns> {
  const rangeArg = call.args.find((arg) => typeOf(arg) === "matrix");
  assert(rangeArg !== undefined, `BUG: ${call.name} without a range`);
  const plan = planOver(rangeArg, implementation, call);
  const params: Float64Array[] = [];
  for (const arg of call.args) {
    if (arg === rangeArg) continue;
    const value = await evaluate(arg, grid, context);
    assert(value.kind === "scalar", `BUG: ${call.name} with a ${value.kind}`);
    params.push(value.values);
  }
  const startTimes = implementation.wantsStartTimes ?? false;
  const { windows, series } = await evaluateRange(rangeArg, grid, { context, startTimes });
  const results: SeriesColumn[] = [];
  const slides = implementation.isSliding === true && !plan.isExtended;
  const newColumn = columnMaker(grid.stepCount);
  const { budget } = context;
  for (const one of series) {
    const { samples } = one;
    if (samples.count === 0) continue;
    const { histograms } = samples;
    const heldCount = samples.count + (histograms === undefined ? 0 : histogramCost(histograms));
    budget.hold(heldCount);
    const scannedCount = locateWindows(windows, samples);
    const column = newColumn();
    const input = { samples, windows, params };
    if (samples.histograms === undefined && samples.startTimesMs === undefined) {
      plan.compute(input, column);
    } else {
      const { annotations } = context;
      const place = { annotations, span: rangeArg.span, name: one.labels.metricName };
      await computeMixed(plan, { input, place, budget }, column);
    }
    budget.release(heldCount);
    if (budget.isTurnDue(grid.stepCount + (slides ? samples.count : scannedCount)))
      await budget.turn();
    if (isEmpty(column)) continue;
    if (implementation.isForCounters && column.present.includes(FLOAT)) {
      remarkOnName(one.labels.metricName, rangeArg, context);
    }
    const named = implementation.keepsName ? one : dropName(one, context);
    results.push({ labels: named.labels, dropsName: named.dropsName, ...column });
    budget.hold(columnCost(column));
  }
  if (results.length > 0) implementation.checkParams?.({ call, params, context });
  if (!context.isNameRemovalDelayed) assertDistinct(results);
  return vectorOf(results);
}

/** @throws {QueryError} "execution" when the function has no meaning over an extended range */
function planOver(arg: Expr, implementation: WindowFunction, { name }: Call): WindowPlan {
  const range = unwrapParens(arg);
  const extension = range.kind === "matrix-selector" ? range.selector.extension : undefined;
  const { compute, histograms } = implementation;
  const apart = histograms?.kind === "apart" ? histograms : undefined;
  if (extension === undefined) {
    return { implementation, compute, valueOfHistograms: apart?.cellOf, isExtended: false };
  }
  const extended = implementation.extended?.[extension];
  if (extended !== undefined) {
    const valueOfHistograms = apart?.extended?.[extension];
    return { implementation, compute: extended, valueOfHistograms, isExtended: true };
  }
  const able = Object.entries(IMPLEMENTATIONS)
    .filter(([, other]) => other.kind === "window" && other.extended?.[extension] !== undefined)
    .map(([other]) => other);
  const problem = `${extension} modifier can only be used with: ${able.join(", ")} - not with ${name}`;
  throw new QueryError("execution", problem);
}

function remarkOnName(name: string, arg: Expr, { annotations }: QueryContext): void {
  if (name === "" || /_(total|sum|count|bucket)$/.test(name)) return;
  const rule = "name does not end in _total/_sum/_count/_bucket";
  annotations.info(`metric might not be a counter, ${rule}: "${name}"`, arg.span);
}

/** Of a selector the samples' own times; of anything else the evaluation time. */
async function evaluateTimestamp(
  call: Call,
  wants: "time" | "start-time",
  { grid, context }: CallOptions,
): Promise<NodeValue> {
  const arg = unwrapParens(call.args[0]!);
  if (arg.kind === "vector-selector") {
    if (wants === "start-time" && !context.usesStartTimes) return vectorOf([]);
    const { tracer } = context;
    const select = () => selectVector(arg, grid, { context, wants });
    const value = await (tracer === undefined ? select() : tracer.node(arg, select));
    return mapValues({ call, args: [value], grid, context }, (time) => time);
  }
  const value = await evaluate(arg, grid, context);
  // What is computed started at no time.
  if (wants === "start-time") return vectorOf([]);
  const evalSeconds = (step: number) => gridTimeMs(grid, step) / 1000;
  const input = { call, args: [numbersFor(value)], grid, context };
  return mapValues(input, (_, step) => evalSeconds(step));
}

/** A number wherever there is anything. */
function numbersFor(value: NodeValue): NodeValue {
  if (value.kind !== "vector") return value;
  const series = value.series.map(({ labels, dropsName, values, present }) => ({
    labels,
    dropsName,
    values,
    present: present.map((cell) => (cell === ABSENT ? ABSENT : FLOAT)),
  }));
  return { kind: "vector", series };
}

function presence(): WindowFunction {
  const implementation = IMPLEMENTATIONS.present_over_time;
  assert(implementation.kind === "window", "BUG: present_over_time takes no range");
  // Only whether there is one counts; without their names two series could look alike.
  return { ...implementation, keepsName: true };
}
