/** Every function of PromQL and what computes it. The types demand an entry for each signature. */

import { constantColumn } from "../engine/column.ts";
import { scalarArg } from "./arguments.ts";
import * as dates from "./dates.ts";
import { anchoredCount, extendedGrowth } from "./extended-rate.ts";
import { histogramFraction, histogramQuantile, histogramQuantiles } from "./histogram-quantile.ts";
import type { Implementation, VectorFunction, WindowCompute } from "./implementation.ts";
import { labelJoin, labelReplace, sortByLabel, sortByValue } from "./labels.ts";
import { degrees, radians, sign } from "./math.ts";
import * as overTime from "./over-time.ts";
import { formatShort, isQuantile } from "./quantile.ts";
import * as rates from "./rate.ts";
import * as regression from "./regression.ts";
import type { FunctionName } from "./signatures.ts";
import * as vectors from "./vectors.ts";

export const IMPLEMENTATIONS: Readonly<Record<FunctionName, Implementation>> = {
  abs: math(Math.abs),
  absent: vector(vectors.absent),
  absent_over_time: { kind: "absent-over-time" },
  acos: math(Math.acos),
  acosh: math(Math.acosh),
  asin: math(Math.asin),
  asinh: math(Math.asinh),
  atan: math(Math.atan),
  atanh: math(Math.atanh),
  avg_over_time: window(overTime.avgOverTime),
  ceil: math(Math.ceil),
  changes: { ...window(rates.changes), extended: anchoredCount(rates.isChange) },
  clamp: vector((input) => vectors.clamp(input, scalarArg(input, 1), scalarArg(input, 2))),
  clamp_max: vector((input) =>
    vectors.clamp(input, constantColumn(-Infinity, input.grid), scalarArg(input, 1)),
  ),
  clamp_min: vector((input) =>
    vectors.clamp(input, scalarArg(input, 1), constantColumn(Infinity, input.grid)),
  ),
  cos: math(Math.cos),
  cosh: math(Math.cosh),
  count_over_time: window(overTime.countOverTime),
  day_of_month: vector((input) => vectors.datePart(input, dates.dayOfMonth)),
  day_of_week: vector((input) => vectors.datePart(input, dates.dayOfWeek)),
  day_of_year: vector((input) => vectors.datePart(input, dates.dayOfYear)),
  days_in_month: vector((input) => vectors.datePart(input, dates.daysInMonth)),
  deg: math(degrees),
  delta: {
    ...window(rates.delta),
    extended: extendedGrowth({ isCounter: false, isPerSecond: false }),
  },
  deriv: window(regression.deriv),
  double_exponential_smoothing: {
    ...window(regression.doubleExponentialSmoothing),
    checkParams: regression.checkSmoothing,
  },
  end: vector(vectors.endOf),
  exp: math(Math.exp),
  first_over_time: { ...window(overTime.firstOverTime), keepsName: true },
  floor: math(Math.floor),
  histogram_avg: vector(ofNativeHistograms),
  histogram_count: vector(ofNativeHistograms),
  histogram_fraction: vector(histogramFraction),
  histogram_quantile: vector(histogramQuantile),
  histogram_quantiles: vector(histogramQuantiles),
  histogram_stddev: vector(ofNativeHistograms),
  histogram_stdvar: vector(ofNativeHistograms),
  histogram_sum: vector(ofNativeHistograms),
  hour: vector((input) => vectors.datePart(input, dates.hourOf)),
  idelta: window(rates.idelta),
  increase: {
    ...window(rates.increase),
    extended: extendedGrowth({ isCounter: true, isPerSecond: false }),
    isForCounters: true,
  },
  info: { kind: "info" },
  irate: window(rates.irate),
  label_join: vector(labelJoin),
  label_replace: vector(labelReplace),
  last_over_time: { ...window(overTime.lastOverTime), keepsName: true },
  ln: math(Math.log),
  log10: math(Math.log10),
  log2: math(Math.log2),
  mad_over_time: window(overTime.madOverTime),
  max_of: vector((input) => vectors.extremeOf(input, Math.max)),
  max_over_time: window(overTime.maxOverTime),
  min_of: vector((input) => vectors.extremeOf(input, Math.min)),
  min_over_time: window(overTime.minOverTime),
  minute: vector((input) => vectors.datePart(input, dates.minuteOf)),
  month: vector((input) => vectors.datePart(input, dates.monthOf)),
  pi: vector(vectors.pi),
  predict_linear: window(regression.predictLinear),
  present_over_time: window(overTime.presentOverTime),
  quantile_over_time: {
    ...window(overTime.quantileOverTime),
    checkParams: ({ call, params, context }) => {
      const wrong = params[0]?.find((q) => !isQuantile(q));
      if (wrong === undefined) return;
      const problem = `quantile value should be between 0 and 1, got ${formatShort(wrong)}`;
      context.annotations.warn(problem, call.args[0]!.span);
    },
  },
  rad: math(radians),
  range: vector(vectors.rangeOf),
  rate: {
    ...window(rates.rate),
    extended: extendedGrowth({ isCounter: true, isPerSecond: true }),
    isForCounters: true,
  },
  resets: { ...window(rates.resets), extended: anchoredCount(rates.isReset) },
  round: vector(vectors.round),
  scalar: vector(vectors.scalarOf),
  sgn: math(sign),
  sin: math(Math.sin),
  sinh: math(Math.sinh),
  sort: vector((input) => sortByValue(input, 1)),
  sort_by_label: vector((input) => sortByLabel(input, 1)),
  sort_by_label_desc: vector((input) => sortByLabel(input, -1)),
  sort_desc: vector((input) => sortByValue(input, -1)),
  sqrt: math(Math.sqrt),
  start: vector(vectors.startOf),
  // No store keeps start timestamps yet, so no sample has one.
  start_timestamp: vector(ofNativeHistograms),
  stddev_over_time: window(overTime.stddevOverTime),
  stdvar_over_time: window(overTime.stdvarOverTime),
  step: vector(vectors.stepOf),
  sum_over_time: window(overTime.sumOverTime),
  tan: math(Math.tan),
  tanh: math(Math.tanh),
  time: vector(vectors.timeOf),
  timestamp: { kind: "timestamp" },
  ts_of_first_over_time: window(overTime.tsOfFirstOverTime),
  ts_of_last_over_time: window(overTime.tsOfLastOverTime),
  ts_of_max_over_time: window(overTime.tsOfMaxOverTime),
  ts_of_min_over_time: window(overTime.tsOfMinOverTime),
  vector: vector(vectors.vectorOfScalar),
  year: vector((input) => vectors.datePart(input, dates.yearOf)),
};

function math(apply: (value: number) => number): Implementation {
  return { kind: "math", apply };
}

function window(compute: WindowCompute) {
  return { kind: "window", compute } as const;
}

function vector(evaluate: VectorFunction["evaluate"]): Implementation {
  return { kind: "vector", evaluate };
}

/** These skip plain numbers, and there is nothing else yet. */
function ofNativeHistograms(): ReturnType<VectorFunction["evaluate"]> {
  return { kind: "vector", series: [] };
}
