/** What naive-evaluator.ts computes of a window, of a number and of a group: formulas, no tricks. */
import type { RangeSample } from "./naive-sample.ts";

/** A rate's line is drawn to the window's edge over a gap up to this much wider than usual. */
const JITTER_FACTOR = 1.1;

type RangeFunction = (
  range: RangeSample,
  params: readonly number[],
  timeMs: number,
) => number | undefined;

export const rangeFunctions: Readonly<Record<string, RangeFunction>> = {
  absent_over_time: () => 1,
  avg_over_time: (range) => mean(valuesOf(range)),
  changes: (range) =>
    steps(range).filter(([a, b]) => a !== b && !(Number.isNaN(a) && Number.isNaN(b))).length,
  count_over_time: ({ points }) => points.length,
  delta: (range) => extrapolated(range, { isCounter: false, isRate: false }),
  deriv: (range) => (range.points.length < 2 ? undefined : fit(range, firstMs(range)).slope),
  double_exponential_smoothing: (range, [level = NaN, trend = NaN]) => smooth(range, level, trend),
  idelta: (range) => instantDelta(range, { isCounter: false }),
  increase: (range) => extrapolated(range, { isCounter: true, isRate: false }),
  irate: (range) => instantDelta(range, { isCounter: true }),
  last_over_time: ({ points }) => points.at(-1)!.value,
  max_over_time: (range) => extreme(valuesOf(range), Math.max),
  min_over_time: (range) => extreme(valuesOf(range), Math.min),
  predict_linear: (range, [aheadS = NaN], timeMs) => {
    if (range.points.length < 2) return undefined;
    const { slope, intercept } = fit(range, timeMs);
    return slope * aheadS + intercept;
  },
  present_over_time: () => 1,
  quantile_over_time: (range, [q = NaN]) => quantile(q, valuesOf(range)),
  rate: (range) => extrapolated(range, { isCounter: true, isRate: true }),
  resets: (range) => steps(range).filter(([a, b]) => b < a).length,
  stddev_over_time: (range) => Math.sqrt(variance(valuesOf(range))),
  stdvar_over_time: (range) => variance(valuesOf(range)),
  sum_over_time: (range) => sum(valuesOf(range)),
};

function valuesOf({ points }: RangeSample): number[] {
  return points.map(({ value }) => value);
}

function firstMs({ points }: RangeSample): number {
  return points[0]!.timeMs;
}

/** Each value with the next. */
function steps(range: RangeSample): [number, number][] {
  const values = valuesOf(range);
  return values.slice(1).map((value, i) => [values[i]!, value]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

/** NaN only where there is nothing else. */
function extreme(values: readonly number[], pick: (...values: number[]) => number): number {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? NaN : pick(...numbers);
}

/** Between the two nearest ranks, NaN being the smallest. */
function quantile(q: number, values: readonly number[]): number {
  if (Number.isNaN(q) || values.length === 0) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const order = (value: number) => (Number.isNaN(value) ? [0, 0] : [1, value]);
  const sorted = values.toSorted((a, b) => {
    const [left, right] = [order(a), order(b)];
    return left[0]! - right[0]! || (left[1]! < right[1]! ? -1 : left[1]! > right[1]! ? 1 : 0);
  });
  const rank = q * (sorted.length - 1);
  const below = sorted[Math.floor(rank)]!;
  const above = sorted[Math.min(Math.floor(rank) + 1, sorted.length - 1)]!;
  const weight = rank - Math.floor(rank);
  return below * (1 - weight) + above * weight;
}

function instantDelta(
  { points }: RangeSample,
  { isCounter }: { readonly isCounter: boolean },
): number | undefined {
  const [before, last] = points.slice(-2);
  if (before === undefined || last === undefined) return undefined;
  if (!isCounter) return last.value - before.value;
  const grown = last.value < before.value ? last.value : last.value - before.value;
  return grown / ((last.timeMs - before.timeMs) / 1000);
}

function extrapolated(
  range: RangeSample,
  { isCounter, isRate }: { readonly isCounter: boolean; readonly isRate: boolean },
): number | undefined {
  const { points, startMs, endMs } = range;
  const [first, last] = [points[0]!, points.at(-1)!];
  if (points.length < 2) return undefined;
  let growth = last.value - first.value;
  if (isCounter) for (const [a, b] of steps(range)) if (b < a) growth += a;
  const sampledS = (last.timeMs - first.timeMs) / 1000;
  const gapS = sampledS / (points.length - 1);
  const edge = (lengthS: number) => (lengthS < gapS * JITTER_FACTOR ? lengthS : gapS / 2);
  let headS = edge((first.timeMs - startMs) / 1000);
  // A counter's line does not start below zero.
  if (isCounter && growth > 0 && first.value >= 0) {
    headS = Math.min(headS, sampledS * (first.value / growth));
  }
  const whole = growth * ((sampledS + headS + edge((endMs - last.timeMs) / 1000)) / sampledS);
  return isRate ? whole / ((endMs - startMs) / 1000) : whole;
}

/** Least squares, with time counted in seconds from `originMs`. */
function fit({ points }: RangeSample, originMs: number): { slope: number; intercept: number } {
  const first = points[0]!.value;
  if (points.every(({ value }) => value === first)) return { slope: 0, intercept: first };
  const xs = points.map(({ timeMs }) => (timeMs - originMs) / 1000);
  const ys = points.map(({ value }) => value);
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const covariance = sum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY)));
  const slope = covariance / sum(xs.map((x) => (x - meanX) ** 2));
  return { slope, intercept: meanY - slope * meanX };
}

/** Holt's double exponential smoothing. */
function smooth({ points }: RangeSample, factor: number, trendFactor: number): number | undefined {
  const values = points.map(({ value }) => value);
  if (values.length < 2) return undefined;
  let [level, trend] = [values[0]!, values[1]! - values[0]!];
  for (const value of values.slice(1)) {
    const before = level;
    level = factor * value + (1 - factor) * (level + trend);
    trend = trendFactor * (level - before) + (1 - trendFactor) * trend;
  }
  return level;
}

const date = (value: number) => new Date(value * 1000);
const dayMs = 86_400_000;

export const instantFunctions: Readonly<
  Record<string, (value: number, params: readonly number[]) => number>
> = {
  abs: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  ceil: Math.ceil,
  clamp_max: (value, [high = NaN]) => Math.min(value, high),
  clamp_min: (value, [low = NaN]) => Math.max(value, low),
  cos: Math.cos,
  cosh: Math.cosh,
  day_of_month: (value) => date(value).getUTCDate(),
  day_of_week: (value) => date(value).getUTCDay(),
  day_of_year: (value) => {
    const day = date(value);
    return Math.floor((day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 1)) / dayMs) + 1;
  },
  days_in_month: (value) =>
    new Date(Date.UTC(date(value).getUTCFullYear(), date(value).getUTCMonth() + 1, 0)).getUTCDate(),
  deg: (value) => (value * 180) / Math.PI,
  exp: Math.exp,
  floor: Math.floor,
  hour: (value) => date(value).getUTCHours(),
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  minute: (value) => date(value).getUTCMinutes(),
  month: (value) => date(value).getUTCMonth() + 1,
  rad: (value) => (value * Math.PI) / 180,
  round: (value, [nearest = 1]) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
  sgn: Math.sign,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  year: (value) => date(value).getUTCFullYear(),
};

export function aggregateValues(
  operator: string,
  values: readonly number[],
  param: number,
): number {
  switch (operator) {
    case "sum":
      return sum(values);
    case "avg":
      return mean(values);
    case "count":
      return values.length;
    case "group":
      return 1;
    case "min":
      return extreme(values, Math.min);
    case "max":
      return extreme(values, Math.max);
    case "stdvar":
      return variance(values);
    case "stddev":
      return Math.sqrt(variance(values));
    case "quantile":
      return quantile(param, values);
    default:
      throw new Error(`the naive evaluator knows no ${operator}`);
  }
}
