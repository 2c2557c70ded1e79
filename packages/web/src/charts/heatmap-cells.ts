/**
 * What a heatmap counts. Histogram buckets (series with `le`) show how many observations fell into
 * each bucket; any other series are binned by value: how many series were in each band.
 */
import type { Series } from "../api/types.ts";
import type { Column, Grid } from "./aligned-data.ts";
import { stepCountOf, toColumn } from "./aligned-data.ts";

export interface HeatmapCells {
  readonly kind: "buckets" | "values";
  readonly columnCount: number;
  readonly rowCount: number;
  /** Bounds of the rows, lowest first, one more than rows; the outermost may be infinite. */
  readonly bounds: readonly number[];
  /** How long a column is: several steps of the query are averaged in it. */
  readonly columnMs: number;
  /** Column by column, lowest row first; 0 is nothing there. */
  readonly counts: Float64Array;
  readonly countMax: number;
}

const ROWS_WANTED = 10;

/** A cell must be wide enough to be seen and pointed at. */
const COLUMNS_MAX = 90;

/** How many steps of the query one column of cells spans. */
function stepsPerColumn(grid: Grid): number {
  return Math.ceil(stepCountOf(grid) / COLUMNS_MAX);
}

/** undefined when there is nothing to count. */
export function toHeatmapCells(series: readonly Series[], grid: Grid): HeatmapCells | undefined {
  const areBuckets =
    series.length > 0 && series.every(({ labels }) => boundOf(labels.le) !== undefined);
  return areBuckets ? fromBuckets(series, grid) : fromValues(series, grid);
}

function boundOf(le: string | undefined): number | undefined {
  if (le === undefined || le === "") return undefined;
  const bound = le === "+Inf" ? Infinity : Number(le);
  return Number.isNaN(bound) ? undefined : bound;
}

/** Cumulative buckets, several of one bound summed, each less the one below it. */
function fromBuckets(series: readonly Series[], grid: Grid): HeatmapCells | undefined {
  const sumByBound = new Map<number, Column>();
  for (const one of series) {
    const bound = boundOf(one.labels.le)!;
    const column = toColumn(one, grid);
    const sum = sumByBound.get(bound);
    sumByBound.set(bound, sum ? sum.map((value, i) => add(value, column[i] ?? null)) : column);
  }
  const rows = [...sumByBound].sort(([a], [b]) => a - b);
  const first = rows[0]?.[0];
  if (first === undefined) return undefined;
  const bounds = [first > 0 ? 0 : -Infinity, ...rows.map(([bound]) => bound)];
  const counts = new CellCounts(rows.length, grid);
  for (const [row, [, column]] of rows.entries()) {
    const below = rows[row - 1]?.[1];
    for (const [step, value] of column.entries()) {
      // Buckets are scraped a moment apart and rates are rounded: a little less is not a count.
      counts.add(step, row, Math.max(0, (value ?? 0) - (below?.[step] ?? 0)));
    }
  }
  return { kind: "buckets", bounds, ...counts.finish() };
}

function add(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}

function fromValues(series: readonly Series[], grid: Grid): HeatmapCells | undefined {
  const columns = series.map((one) => toColumn(one, grid));
  let low = Infinity;
  let high = -Infinity;
  for (const value of columns.flat()) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return undefined;
  const bounds = niceBounds(low, high);
  const rowCount = bounds.length - 1;
  const counts = new CellCounts(rowCount, grid);
  const rowHeight = bounds[1]! - bounds[0]!;
  for (const column of columns) {
    for (const [step, value] of column.entries()) {
      if (value === null) continue;
      // The top bound belongs to the top row: 100 % is not out of sight.
      const row = Math.min(rowCount - 1, Math.floor((value - bounds[0]!) / rowHeight + 1e-9));
      counts.add(step, row, 1);
    }
  }
  return { kind: "values", bounds, ...counts.finish() };
}

/** Sums into cells, each the mean over its steps. */
class CellCounts {
  readonly #counts: Float64Array;
  readonly #rowCount: number;
  readonly #columnCount: number;
  readonly #columnSteps: number;
  readonly #columnMs: number;

  constructor(rowCount: number, grid: Grid) {
    this.#columnSteps = stepsPerColumn(grid);
    this.#columnCount = Math.ceil(stepCountOf(grid) / this.#columnSteps);
    this.#columnMs = this.#columnSteps * grid.stepMs;
    this.#rowCount = rowCount;
    this.#counts = new Float64Array(this.#columnCount * rowCount);
  }

  add(step: number, row: number, count: number): void {
    const column = Math.floor(step / this.#columnSteps);
    this.#counts[column * this.#rowCount + row]! += count;
  }

  finish() {
    // Divided once, at the end: ten tenths add up to less than one.
    for (const [i, sum] of this.#counts.entries()) this.#counts[i] = sum / this.#columnSteps;
    return {
      columnCount: this.#columnCount,
      columnMs: this.#columnMs,
      rowCount: this.#rowCount,
      counts: this.#counts,
      countMax: this.#counts.reduce((max, count) => Math.max(max, count), 0),
    };
  }
}

/** Bounds at multiples of 1, 2 or 5 times a power of ten, some ROWS_WANTED of them. */
export function niceBounds(low: number, high: number): number[] {
  // Bands thinner than the numbers' own precision would all have the same bounds.
  const thinnest = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const widest = Math.max(high - low, thinnest);
  const range = widest > 1e-200 ? widest : 1;
  const power = 10 ** Math.floor(Math.log10(range / ROWS_WANTED));
  const factor = [1, 2, 5, 10].find((one) => one * power * ROWS_WANTED >= range * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
