/**
 * What an implementation of a PromQL function looks like. The kinds differ in what they are given:
 * a number, a series' windows, or whole evaluated arguments.
 */
import type { FloatHistogram } from "../../model/index.ts";
import type { Column, Histograms, NodeValue } from "../engine/column.ts";
import type { QueryContext } from "../engine/context.ts";
import type { Grid } from "../engine/grid.ts";
import type { Samples } from "../engine/samples.ts";
import type { Windows } from "../engine/windows.ts";
import type { Call } from "../parser/ast.ts";
import type { ExtendedComputes, Extension } from "./extended-rate.ts";
import type { RemarkPlace } from "./histogram-sums.ts";

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
  /** Its work does not grow with the windows' length; otherwise each window is scanned. */
  readonly isSliding?: boolean;
  /** What it computes over `anchored` and `smoothed` ranges, where it can. */
  readonly extended?: ExtendedComputes;
  /** The result is still a sample of the metric: last_over_time and its like. */
  readonly keepsName?: boolean;
  /** Expects a counter; a name that does not end like one gets a remark. */
  readonly isForCounters?: boolean;
  /** What it makes of native histograms. Absent: they are samples like any, it counts or times. */
  readonly histograms?: OfHistograms;
  /** The value of a window of numbers whose start times are known; see functions/start-times.ts. */
  readonly ofStarted?: (window: StartedWindow) => number | undefined;
  /** Start times are read for it. */
  readonly wantsStartTimes?: boolean;
  /** Refuses parameters, or remarks on them, once per call. */
  readonly checkParams?: (input: ParamsInput) => void;
}

/**
 * How a function over ranges treats histograms. "ignored": it works on the numbers. "apart": a
 * window holds numbers or histograms, both together have no value. "together": it sees them all.
 */
type OfHistograms =
  | { readonly kind: "ignored" }
  | {
      readonly kind: "apart";
      readonly cellOf: HistogramValueOf;
      readonly extended?: Readonly<Partial<Record<Extension, HistogramValueOf>>>;
    }
  | {
      readonly kind: "together";
      readonly cellOf: (window: MixedWindow) => number | FloatHistogram | undefined;
    };

export type HistogramValueOf = (window: HistogramWindow) => FloatHistogram | undefined;

/** A window of one series' histograms: [from, to) of the columns. */
export interface HistogramWindow extends WindowBounds {
  /** Every row has one. */
  readonly histograms: readonly FloatHistogram[];
  /** Whether the counters started over after the row before, which there must be. */
  readonly isResetAt: (row: number) => boolean;
  readonly place: RemarkPlace;
}

/** A window of numbers and histograms. */
export interface MixedWindow extends WindowBounds {
  readonly values: Float64Array;
  readonly histograms: Histograms | undefined;
  readonly place: RemarkPlace;
}

/** A window of numbers. */
export interface StartedWindow extends WindowBounds {
  readonly values: Float64Array;
  readonly startTimesMs: Float64Array;
  readonly place: RemarkPlace;
}

/** [from, to) of the columns, from < to. The window is (startMs, endMs]. */
interface WindowBounds {
  readonly timesMs: Float64Array;
  /** 0 = unknown. Absent: all unknown, or not asked for. */
  readonly startTimesMs: Float64Array | undefined;
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly rangeMs: number;
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

/** The time of each sample where that is known, else the evaluation time; or its start's time. */
interface TimestampFunction {
  readonly kind: "timestamp";
  readonly of: "time" | "start-time";
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
