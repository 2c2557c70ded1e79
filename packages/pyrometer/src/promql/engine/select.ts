/** Vector selectors: for every step the newest sample in (t - lookback, t], unless it is stale. */
import { isStale } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import { valueBetween } from "../functions/extended-rate.ts";
import type { VectorSelector } from "../parser/ast.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { columnCost, columnMaker, FLOAT, isEmpty, setHistogram } from "./column.ts";
import type { QueryContext } from "./context.ts";
import type { Grid } from "./grid.ts";
import type { Samples } from "./samples.ts";
import { isStaleRow, SampleReader } from "./samples.ts";
import { pickSmoothedHistograms } from "./smooth-histograms.ts";
import type { Moments } from "./times.ts";
import { momentsOf } from "./times.ts";

interface SelectOptions {
  /**
   * What a cell holds: the sample's value, or its own or its start's time in Unix seconds.
   * "info-time": its own time, and it must not be a histogram.
   */
  readonly wants: "value" | "time" | "start-time" | "info-time";
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
  const reader = new SampleReader({
    wantsStartTimes: wants === "start-time",
    findsResets: context.countedSelectors.has(selector),
  });
  const series: SeriesColumn[] = [];
  const newColumn = columnMaker(grid.stepCount);
  for (const cursor of view.select(selector.matchers)) {
    budget.addSeries();
    const column = newColumn();
    const fromMs = moments.firstMs - lookbackMs;
    const samples = isSmoothed
      ? reader.readValues(cursor, fromMs, lastMs + lookbackMs)
      : reader.read(cursor, fromMs, lastMs);
    const options = { moments, lookbackMs, wants };
    if (!isSmoothed) pickNewest(samples, column, options);
    else if (samples.histograms === undefined) pickSmoothed(samples, column, options);
    else {
      const { annotations } = context;
      const place = { annotations, span: selector.span, name: cursor.labels.metricName };
      pickSmoothedHistograms(samples, column, { moments, lookbackMs, place });
    }
    if (wants === "info-time" && column.histograms !== undefined) {
      const problem = `this should be an info metric, with float samples: ${cursor.labels}`;
      throw new QueryError("execution", problem);
    }
    if (!isEmpty(column)) {
      series.push({ labels: cursor.labels, dropsName: false, ...column });
      budget.hold(columnCost(column));
    }
    if (budget.isTurnDue(samples.count + grid.stepCount)) await budget.turn();
  }
  const vector: VectorColumns = { kind: "vector", series };
  context.tracer?.selected(vector);
  return vector;
}

interface PickOptions extends SelectOptions {
  readonly moments: Moments;
  readonly lookbackMs: number;
}

function pickNewest(
  { timesMs, values, count, histograms, startTimesMs }: Samples,
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
    if (histograms !== undefined && isStaleRow(histograms, next - 1)) continue;
    const takesHistograms = wants === "value" || wants === "info-time";
    const histogram = takesHistograms ? histograms?.[next - 1] : undefined;
    if (histogram !== undefined) {
      setHistogram(into, step, histogram);
      continue;
    }
    if (wants === "value") into.values[step] = value;
    else if (wants === "start-time") into.values[step] = (startTimesMs?.[next - 1] ?? 0) / 1000;
    else into.values[step] = newestMs / 1000;
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
