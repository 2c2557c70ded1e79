/**
 * What an expression is worth at every step at once. A series is one dense column over the grid:
 * a value per step, and a byte that says whether there is one (NaN is a value like others).
 *
 * Columns belong to whoever made them last: an operator may overwrite its operand's column, since
 * every node's result has exactly one reader.
 */
import type { Labels } from "../../model/index.ts";
import type { Grid } from "./grid.ts";

/** Presence of one cell. Native histograms will be a third kind beside absent and float. */
export const ABSENT = 0;
export const FLOAT = 1;

export interface Column {
  readonly values: Float64Array;
  /** ABSENT or FLOAT per step. */
  readonly present: Uint8Array;
}

export interface SeriesColumn extends Column {
  readonly labels: Labels;
  /**
   * The metric name has lost its meaning and goes when the query ends; see names.ts. Always
   * false unless name removal is delayed.
   */
  readonly dropsName: boolean;
}

export type NodeValue = ScalarColumn | TextValue | VectorColumns;

/** A number for every step. */
export interface ScalarColumn {
  readonly kind: "scalar";
  readonly values: Float64Array;
}

interface TextValue {
  readonly kind: "string";
  readonly text: string;
}

export interface VectorColumns {
  readonly kind: "vector";
  /** No two with the same labels; each present at one step or more. Ordered where a sort asks. */
  readonly series: readonly SeriesColumn[];
}

export function createColumn(stepCount: number): Column {
  return { values: new Float64Array(stepCount), present: new Uint8Array(stepCount) };
}

export function isEmpty({ present }: Column): boolean {
  return !present.includes(FLOAT);
}

export function constantColumn(value: number, { stepCount }: Grid): Float64Array {
  return new Float64Array(stepCount).fill(value);
}

/** The one step of `value`, repeated: what does not change with time is computed once. */
export function broadcast(value: NodeValue, stepCount: number): NodeValue {
  switch (value.kind) {
    case "string":
      return value;
    case "scalar":
      return { kind: "scalar", values: new Float64Array(stepCount).fill(value.values[0]!) };
    case "vector":
      return {
        kind: "vector",
        series: value.series.map((one) => ({
          ...one,
          values: new Float64Array(stepCount).fill(one.values[0]!),
          present: new Uint8Array(stepCount).fill(one.present[0]!),
        })),
      };
  }
}

/** How many cells `value` holds, for the sample limit. */
export function cellCount(value: NodeValue, { stepCount }: Grid): number {
  return value.kind === "vector" ? value.series.length * stepCount : 0;
}
