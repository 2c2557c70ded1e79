import type { Column } from "../engine/column.ts";
import { FLOAT } from "../engine/column.ts";
import type { WindowCompute, WindowInput } from "./implementation.ts";

/** One window, laid over its series' samples: [from, to) of the columns. Reused from step to step. */
export interface Window {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  from: number;
  /** The index after the last sample; more than `from`. */
  to: number;
  /** The window is (startMs, endMs]. */
  startMs: number;
  endMs: number;
  rangeMs: number;
  /** When the step is evaluated. */
  evalMs: number;
  step: number;
}

type WindowValue = (window: Window, params: WindowInput["params"]) => number | undefined;

/**
 * A function that looks at each window by itself. undefined: no value at that step.
 *
 * Rescans what neighbouring windows share, which costs steps × samples per window. A function
 * that can slide implements WindowCompute itself instead.
 */
export function perWindow(valueAt: WindowValue): WindowCompute {
  return ({ samples, windows, params }: WindowInput, into: Column) => {
    const { timesMs, values } = samples;
    const { from, to, firstEndMs, strideMs, rangeMs, evalGrid } = windows;
    const window: Window = {
      timesMs,
      values,
      from: 0,
      to: 0,
      startMs: 0,
      endMs: 0,
      rangeMs,
      evalMs: 0,
      step: 0,
    };
    for (let step = 0; step < windows.stepCount; step++) {
      window.from = from[step]!;
      window.to = to[step]!;
      if (window.from === window.to) continue;
      window.endMs = firstEndMs + strideMs * step;
      window.startMs = window.endMs - rangeMs;
      window.evalMs = evalGrid.startMs + evalGrid.stepMs * step;
      window.step = step;
      const value = valueAt(window, params);
      if (value === undefined) continue;
      into.values[step] = value;
      into.present[step] = FLOAT;
    }
  };
}
