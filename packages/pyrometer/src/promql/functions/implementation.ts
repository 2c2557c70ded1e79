/**
 * What an implementation of a PromQL function looks like. The kinds differ in what they are given:
 * a number, a series' windows, or whole evaluated arguments.
 */
import type { Column, NodeValue } from "../engine/column.ts";
import type { QueryContext } from "../engine/context.ts";
import type { Grid } from "../engine/grid.ts";
import type { Samples } from "../engine/samples.ts";
import type { Windows } from "../engine/windows.ts";
import type { Call } from "../parser/ast.ts";
import type { ExtendedComputes } from "./extended-rate.ts";

export type Implementation =
  | MathFunction
  | WindowFunction
  | AbsentOverTime
  | TimestampFunction
  | InfoFunction
  | VectorFunction;

/** Every value of a vector by itself; the metric name goes. */
interface MathFunction {
  readonly kind: "math";
  readonly apply: (value: number) => number;
}

/** A number per window of a range vector. */
export interface WindowFunction {
  readonly kind: "window";
  readonly compute: WindowCompute;
  /** What it computes over `anchored` and `smoothed` ranges, where it can. */
  readonly extended?: ExtendedComputes;
  /** The result is still a sample of the metric: last_over_time and its like. */
  readonly keepsName?: boolean;
  /** Expects a counter; a name that does not end like one gets a remark. */
  readonly isForCounters?: boolean;
  /** Refuses parameters, or remarks on them, once per call. */
  readonly checkParams?: (input: ParamsInput) => void;
}

/**
 * Fills `into` for one series, sees all its samples and every step's window in them. Steps whose
 * window is empty stay absent.
 */
export type WindowCompute = (input: WindowInput, into: Column) => void;

export interface WindowInput {
  readonly samples: Samples;
  readonly windows: Windows;
  /** The call's scalar arguments, a number per step, in their order. */
  readonly params: readonly Float64Array[];
}

export interface ParamsInput {
  readonly call: Call;
  readonly params: readonly Float64Array[];
  readonly context: QueryContext;
}

/** 1 where no series has a sample in its window. */
interface AbsentOverTime {
  readonly kind: "absent-over-time";
}

/** The time of each sample where that is known, else the evaluation time. */
interface TimestampFunction {
  readonly kind: "timestamp";
}

/** Selects series by itself: see engine/info.ts. */
interface InfoFunction {
  readonly kind: "info";
}

/** Anything made of evaluated arguments. */
export interface VectorFunction {
  readonly kind: "vector";
  /** A promise where there may be so much to do that turns must be taken in between. */
  readonly evaluate: (input: CallInput) => NodeValue | Promise<NodeValue>;
}

export interface CallInput {
  readonly call: Call;
  readonly args: readonly NodeValue[];
  readonly grid: Grid;
  readonly context: QueryContext;
}
