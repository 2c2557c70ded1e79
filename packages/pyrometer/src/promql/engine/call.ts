/** Function calls: evaluates the arguments a function's kind needs, then applies it. */
import { assert, unreachable } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { WindowCompute, WindowFunction } from "../functions/implementation.ts";
import { IMPLEMENTATIONS } from "../functions/table.ts";
import { absentColumn, mapValues } from "../functions/vectors.ts";
import type { Call, Expr } from "../parser/ast.ts";
import { unwrapParens } from "../parser/ast.ts";
import { typeOf } from "../parser/check.ts";
import type { NodeValue, SeriesColumn, VectorColumns } from "./column.ts";
import { cellCount, createColumn, isEmpty } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { evaluate, evaluateRange } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { gridTimeMs } from "./grid.ts";
import { evaluateInfo } from "./info.ts";
import { dropName, vectorOf } from "./names.ts";
import { selectVector } from "./select.ts";
import { locateWindows, windowWork } from "./windows.ts";

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
      return evaluateTimestamp(call, grid, context);
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
  const compute = computeOver(rangeArg, implementation, call);
  const params: Float64Array[] = [];
  for (const arg of call.args) {
    if (arg === rangeArg) continue;
    const value = await evaluate(arg, grid, context);
    assert(value.kind === "scalar", `BUG: ${call.name} with a ${value.kind}`);
    params.push(value.values);
  }
  const { windows, series } = await evaluateRange(rangeArg, grid, context);
  const results: SeriesColumn[] = [];
  const { budget } = context;
  for (const one of series) {
    const { samples } = one;
    if (samples.count === 0) continue;
    budget.hold(samples.count);
    locateWindows(windows, samples);
    const column = createColumn(grid.stepCount);
    compute({ samples, windows, params }, column);
    budget.release(samples.count);
    if (budget.isTurnDue(samples.count + windowWork(windows))) await budget.turn();
    if (isEmpty(column)) continue;
    if (implementation.isForCounters) remarkOnName(one.labels.metricName, rangeArg, context);
    const named = implementation.keepsName ? one : dropName(one, context);
    results.push({ labels: named.labels, dropsName: named.dropsName, ...column });
    budget.hold(grid.stepCount);
  }
  if (results.length > 0) implementation.checkParams?.({ call, params, context });
  return vectorOf(results);
}

/** @throws {QueryError} "execution" when the function has no meaning over an extended range */
function computeOver(arg: Expr, implementation: WindowFunction, { name }: Call): WindowCompute {
  const range = unwrapParens(arg);
  const extension = range.kind === "matrix-selector" ? range.selector.extension : undefined;
  if (extension === undefined) return implementation.compute;
  const extended = implementation.extended?.[extension];
  if (extended !== undefined) return extended;
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
  grid: Grid,
  context: QueryContext,
): Promise<NodeValue> {
  const arg = unwrapParens(call.args[0]!);
  const isSelector = arg.kind === "vector-selector";
  const value = isSelector
    ? await selectVector(arg, grid, { context, wants: "time" })
    : await evaluate(arg, grid, context);
  const input = { call, args: [value], grid, context };
  const evalSeconds = (step: number) => gridTimeMs(grid, step) / 1000;
  return mapValues(input, (time, step) => (isSelector ? time : evalSeconds(step)));
}

function presence(): WindowFunction {
  const implementation = IMPLEMENTATIONS.present_over_time;
  assert(implementation.kind === "window", "BUG: present_over_time takes no range");
  return implementation;
}
