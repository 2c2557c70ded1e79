/** Range results as uPlot wants them: one shared x column, a y column per series. */
import type { Series } from "../api/types.ts";

const MS_PER_SECOND = 1000;

export interface Grid {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export type Column = (number | null)[];

/** How many steps a query over `grid` answers: both ends count. */
export function stepCountOf({ startMs, endMs, stepMs }: Grid): number {
  return Math.max(1, Math.floor((endMs - startMs) / stepMs) + 1);
}

/**
 * Lays series on the grid their query was asked on.
 *
 * Shape: [xs, ys, ys, …], all of one length, ys in the order given.
 * Units: xs in Unix seconds (uPlot's default), ys as returned. null is a gap; so are NaN and the
 * infinities, which have no place on an axis.
 */
export function toAlignedData(series: readonly Series[], grid: Grid): [number[], ...Column[]] {
  const xs = Array.from(
    { length: stepCountOf(grid) },
    (_, step) => (grid.startMs + step * grid.stepMs) / MS_PER_SECOND,
  );
  return [xs, ...series.map((one) => toColumn(one, grid))];
}

/** Samples off the grid go to the nearest step: another engine may round times its own way. */
export function toColumn({ timesMs, values }: Series, grid: Grid): Column {
  const column: Column = new Array<number | null>(stepCountOf(grid)).fill(null);
  for (const [i, timeMs] of timesMs.entries()) {
    const step = Math.round((timeMs - grid.startMs) / grid.stepMs);
    if (step < 0 || step >= column.length) continue;
    const value = values[i]!;
    column[step] = Number.isFinite(value) ? value : null;
  }
  return column;
}

/** Sums each column onto the ones before it, gaps as nothing; "percent" makes each step 100. */
export function stackColumns(columns: readonly Column[], mode: "normal" | "percent"): Column[] {
  const stepCount = columns[0]?.length ?? 0;
  const totals = new Array<number>(stepCount).fill(0);
  if (mode === "percent") {
    for (const column of columns) {
      for (const [i, value] of column.entries()) totals[i]! += value ?? 0;
    }
  }
  const sums = new Array<number>(stepCount).fill(0);
  return columns.map((column) =>
    column.map((value, i) => {
      sums[i]! += value ?? 0;
      if (value === null) return null;
      return mode === "percent" ? (totals[i] === 0 ? 0 : (100 * sums[i]!) / totals[i]!) : sums[i]!;
    }),
  );
}
