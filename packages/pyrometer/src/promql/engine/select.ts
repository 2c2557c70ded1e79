/** Vector selectors: for every step the newest sample in (t - lookback, t], unless it is stale. */
import { isStale } from "../../model/index.ts";
import { valueBetween } from "../functions/extended-rate.ts";
import type { VectorSelector } from "../parser/ast.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { createColumn, FLOAT, isEmpty } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import type { Samples } from "./samples.ts";
import { SampleReader } from "./samples.ts";
import type { Moments } from "./times.ts";
import { momentsOf } from "./times.ts";

interface SelectOptions {
  /** What a cell holds: the sample's value, or its own time in Unix seconds. */
  readonly wants: "value" | "time";
}

export async function selectVector(
  selector: VectorSelector,
  grid: Grid,
  { context, wants }: SelectOptions & { readonly context: QueryContext },
): Promise<VectorColumns> {
  const { budget, view, lookbackMs } = context;
  const moments = momentsOf(selector, grid, context);
  const lastMs = moments.firstMs + moments.strideMs * (grid.stepCount - 1);
  const isSmoothed = selector.extension === "smoothed" && wants === "value";
  const reader = new SampleReader();
  const series: SeriesColumn[] = [];
  for (const cursor of view.select(selector.matchers)) {
    const column = createColumn(grid.stepCount);
    const fromMs = moments.firstMs - lookbackMs;
    const samples = isSmoothed
      ? reader.readValues(cursor, fromMs, lastMs + lookbackMs)
      : reader.read(cursor, fromMs, lastMs);
    const pick = isSmoothed ? pickSmoothed : pickNewest;
    pick(samples, column, { moments, lookbackMs, wants });
    if (!isEmpty(column)) {
      series.push({ labels: cursor.labels, dropsName: false, ...column });
      budget.hold(grid.stepCount);
    }
    if (budget.isTurnDue(samples.count + grid.stepCount)) await budget.turn();
  }
  return { kind: "vector", series };
}

interface PickOptions extends SelectOptions {
  readonly moments: Moments;
  readonly lookbackMs: number;
}

function pickNewest(
  { timesMs, values, count }: Samples,
  into: Column,
  { moments, lookbackMs, wants }: PickOptions,
): void {
  let next = 0;
  for (let step = 0; step < into.values.length; step++) {
    const timeMs = moments.firstMs + moments.strideMs * step;
    while (next < count && timesMs[next]! <= timeMs) next += 1;
    if (next === 0) continue;
    const newestMs = timesMs[next - 1]!;
    const value = values[next - 1]!;
    if (newestMs <= timeMs - lookbackMs || isStale(value)) continue;
    into.values[step] = wants === "value" ? value : newestMs / 1000;
    into.present[step] = FLOAT;
  }
}

/**
 * `smoothed`: the value on the line between the samples around each moment, the last one where
 * none follows within the lookback.
 */
function pickSmoothed(
  { timesMs, values, count }: Samples,
  into: Column,
  { moments, lookbackMs }: PickOptions,
): void {
  let next = 0;
  for (let step = 0; step < into.values.length; step++) {
    const timeMs = moments.firstMs + moments.strideMs * step;
    while (next < count && timesMs[next]! < timeMs) next += 1;
    const isBefore = next > 0 && timesMs[next - 1]! > timeMs - lookbackMs;
    const isAfter = next < count && timesMs[next]! <= timeMs + lookbackMs;
    if (isAfter && timesMs[next] === timeMs) into.values[step] = values[next]!;
    else if (!isBefore) continue;
    else if (!isAfter) into.values[step] = values[next - 1]!;
    else {
      const at = { timeMs, isCounter: false };
      into.values[step] = valueBetween({ timesMs, values }, next - 1, at);
    }
    into.present[step] = FLOAT;
  }
}
