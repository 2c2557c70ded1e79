/**
 * Functions that fit a line or a trend to a window: deriv, predict_linear,
 * double_exponential_smoothing.
 * Source: Prometheus 3.14, promql/functions.go (linearRegression)
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { ParamsInput } from "./implementation.ts";
import { KahanSum } from "./kahan.ts";
import type { Window } from "./per-window.ts";
import { perWindow } from "./per-window.ts";

export const deriv = perWindow((window) =>
  window.to - window.from < 2 ? undefined : fitLine(window, window.timesMs[window.from]!).slope,
);

export const predictLinear = perWindow((window, params) => {
  if (window.to - window.from < 2) return undefined;
  const { slope, intercept } = fitLine(window, window.evalMs);
  return slope * params[0]![window.step]! + intercept;
});

/** Least squares, with x in seconds from `interceptMs`. */
function fitLine(
  { timesMs, values, from, to }: Window,
  interceptMs: number,
): { slope: number; intercept: number } {
  const sumX = new KahanSum();
  const sumY = new KahanSum();
  const sumXY = new KahanSum();
  const sumX2 = new KahanSum();
  const first = values[from]!;
  let isConstant = true;
  for (let i = from; i < to; i++) {
    const y = values[i]!;
    if (i > from && y !== first) isConstant = false;
    const x = (timesMs[i]! - interceptMs) / MS_PER_SECOND;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumX2.add(x * x);
  }
  if (isConstant) {
    const isInfinite = first === Infinity || first === -Infinity;
    return isInfinite ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: first };
  }
  const count = to - from;
  const x = total(sumX);
  const y = total(sumY);
  const covariance = total(sumXY) - (x * y) / count;
  const variance = total(sumX2) - (x * x) / count;
  const slope = covariance / variance;
  return { slope, intercept: y / count - (slope * x) / count };
}

function total({ sum, compensation }: KahanSum): number {
  return sum + compensation;
}

/** Holt's linear trend method. */
export const doubleExponentialSmoothing = perWindow(({ values, from, to, step }, params) => {
  if (to - from < 2) return undefined;
  const smoothing = params[0]![step]!;
  const trendFactor = params[1]![step]!;
  let previous = 0;
  let level = values[from]!;
  let trend = values[from + 1]! - values[from]!;
  for (let i = from + 1; i < to; i++) {
    const scaled = smoothing * values[i]!;
    if (i > from + 1) trend = trendFactor * (level - previous) + (1 - trendFactor) * trend;
    previous = level;
    level = scaled + (1 - smoothing) * (level + trend);
  }
  return level;
});

/** @throws {QueryError} "execution" when a factor is not between 0 and 1 */
export function checkSmoothing({ params }: ParamsInput): void {
  for (const [index, [name, short]] of [
    ["smoothing", "sf"],
    ["trend", "tf"],
  ].entries()) {
    for (const value of params[index] ?? []) {
      if (0 < value && value < 1) continue;
      const problem = `invalid ${name} factor. Expected: 0 < ${short} < 1, got: ${value.toFixed(6)}`;
      throw new QueryError("execution", problem);
    }
  }
}
