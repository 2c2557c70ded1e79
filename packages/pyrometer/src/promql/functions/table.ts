/** Every function of PromQL and what computes it. The types demand an entry for each signature. */

import type { FloatHistogram } from "../../model/index.ts";
import { histogramVariance } from "../../model/index.ts";
import { constantColumn } from "../engine/column.ts";
import { scalarArg } from "./arguments.ts";
import * as dates from "./dates.ts";
import { extendedHistogramGrowth } from "./extended-histogram-rate.ts";
import { anchoredCount, extendedGrowth } from "./extended-rate.ts";
import { histogramFraction, histogramQuantile, histogramQuantiles } from "./histogram-quantile.ts";
import type { GrowthOptions } from "./histogram-rate.ts";
import { histogramGrowth } from "./histogram-rate.ts";
import type { Implementation, VectorFunction, WindowCompute } from "./implementation.ts";
import { labelJoin, labelReplace, sortByLabel, sortByValue } from "./labels.ts";
import { degrees, radians, sign } from "./math.ts";
import * as mixed from "./mixed-windows.ts";
import * as overTime from "./over-time.ts";
import { formatShort, isQuantile } from "./quantile.ts";
import * as rates from "./rate.ts";
import * as regression from "./regression.ts";
import type { FunctionName } from "./signatures.ts";
import { startedGrowth } from "./start-times.ts";
import * as vectors from "./vectors.ts";

/** Of functions that work on numbers alone. */
const IGNORED = { kind: "ignored" } as const;

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
  avg_over_time: {
    ...sliding(overTime.avgOverTime),
    histograms: { kind: "apart", cellOf: mixed.totalOverTime("mean") },
  },
  ceil: math(Math.ceil),
  changes: {
    ...sliding(rates.changes),
    extended: anchoredCount(rates.isChange),
    histograms: { kind: "together", cellOf: mixed.changesIn },
  },
  clamp: vector((input) => vectors.clamp(input, scalarArg(input, 1), scalarArg(input, 2))),
  clamp_max: vector((input) =>
    vectors.clamp(input, constantColumn(-Infinity, input.grid), scalarArg(input, 1)),
  ),
  clamp_min: vector((input) =>
    vectors.clamp(input, scalarArg(input, 1), constantColumn(Infinity, input.grid)),
  ),
  cos: math(Math.cos),
  cosh: math(Math.cosh),
  count_over_time: sliding(overTime.countOverTime),
  day_of_month: vector((input) => vectors.datePart(input, dates.dayOfMonth)),
  day_of_week: vector((input) => vectors.datePart(input, dates.dayOfWeek)),
  day_of_year: vector((input) => vectors.datePart(input, dates.dayOfYear)),
  days_in_month: vector((input) => vectors.datePart(input, dates.daysInMonth)),
  deg: math(degrees),
  delta: {
    ...sliding(rates.delta),
    extended: extendedGrowth({ isCounter: false, isPerSecond: false }),
    histograms: growthOfHistograms({ isCounter: false, isPerSecond: false }),
  },
  deriv: { ...window(regression.deriv), histograms: IGNORED },
  double_exponential_smoothing: {
    ...window(regression.doubleExponentialSmoothing),
    checkParams: regression.checkSmoothing,
    histograms: IGNORED,
  },
  end: vector(vectors.endOf),
  exp: math(Math.exp),
  first_over_time: {
    ...sliding(overTime.firstOverTime),
    keepsName: true,
    histograms: { kind: "together", cellOf: mixed.firstOf },
  },
  floor: math(Math.floor),
  histogram_avg: ofHistograms(({ sum, count }) => sum / count),
  histogram_count: ofHistograms(({ count }) => count),
  histogram_fraction: vector(histogramFraction),
  histogram_quantile: vector(histogramQuantile),
  histogram_quantiles: vector(histogramQuantiles),
  histogram_stddev: ofHistograms((histogram) => Math.sqrt(histogramVariance(histogram))),
  histogram_stdvar: ofHistograms(histogramVariance),
  histogram_sum: ofHistograms(({ sum }) => sum),
  hour: vector((input) => vectors.datePart(input, dates.hourOf)),
  idelta: {
    ...sliding(rates.idelta),
    histograms: { kind: "together", cellOf: mixed.lastGrowth({ isRate: false }) },
  },
  increase: {
    ...sliding(rates.increase),
    extended: extendedGrowth({ isCounter: true, isPerSecond: false }),
    isForCounters: true,
    histograms: growthOfHistograms({ isCounter: true, isPerSecond: false }),
    ofStarted: startedGrowth({ isPerSecond: false }),
    wantsStartTimes: true,
  },
  info: { kind: "info" },
  irate: {
    ...sliding(rates.irate),
    histograms: { kind: "together", cellOf: mixed.lastGrowth({ isRate: true }) },
    wantsStartTimes: true,
  },
  label_join: vector(labelJoin),
  label_replace: vector(labelReplace),
  last_over_time: {
    ...sliding(overTime.lastOverTime),
    keepsName: true,
    histograms: { kind: "together", cellOf: mixed.lastOf },
  },
  ln: math(Math.log),
  log10: math(Math.log10),
  log2: math(Math.log2),
  mad_over_time: { ...window(overTime.madOverTime), histograms: IGNORED },
  max_of: vector((input) => vectors.extremeOf(input, Math.max)),
  max_over_time: { ...sliding(overTime.maxOverTime), histograms: IGNORED },
  min_of: vector((input) => vectors.extremeOf(input, Math.min)),
  min_over_time: { ...sliding(overTime.minOverTime), histograms: IGNORED },
  minute: vector((input) => vectors.datePart(input, dates.minuteOf)),
  month: vector((input) => vectors.datePart(input, dates.monthOf)),
  pi: vector(vectors.pi),
  predict_linear: { ...window(regression.predictLinear), histograms: IGNORED },
  present_over_time: sliding(overTime.presentOverTime),
  quantile_over_time: {
    ...sliding(overTime.quantileOverTime),
    histograms: IGNORED,
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
    ...sliding(rates.rate),
    extended: extendedGrowth({ isCounter: true, isPerSecond: true }),
    isForCounters: true,
    histograms: growthOfHistograms({ isCounter: true, isPerSecond: true }),
    ofStarted: startedGrowth({ isPerSecond: true }),
    wantsStartTimes: true,
  },
  resets: {
    ...sliding(rates.resets),
    extended: anchoredCount(rates.isReset),
    histograms: { kind: "together", cellOf: mixed.resetsIn },
    wantsStartTimes: true,
  },
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
  start_timestamp: { kind: "timestamp", of: "start-time" },
  stddev_over_time: { ...window(overTime.stddevOverTime), histograms: IGNORED },
  stdvar_over_time: { ...window(overTime.stdvarOverTime), histograms: IGNORED },
  step: vector(vectors.stepOf),
  sum_over_time: {
    ...sliding(overTime.sumOverTime),
    histograms: { kind: "apart", cellOf: mixed.totalOverTime("sum") },
  },
  tan: math(Math.tan),
  tanh: math(Math.tanh),
  time: vector(vectors.timeOf),
  timestamp: { kind: "timestamp", of: "time" },
  ts_of_first_over_time: sliding(overTime.tsOfFirstOverTime),
  ts_of_last_over_time: sliding(overTime.tsOfLastOverTime),
  ts_of_max_over_time: { ...sliding(overTime.tsOfMaxOverTime), histograms: IGNORED },
  ts_of_min_over_time: { ...sliding(overTime.tsOfMinOverTime), histograms: IGNORED },
  vector: vector(vectors.vectorOfScalar),
  year: vector((input) => vectors.datePart(input, dates.yearOf)),
};

function math(apply: (value: number) => number): Implementation {
  return { kind: "math", apply };
}

function window(compute: WindowCompute) {
  return { kind: "window", compute } as const;
}

/** Looks at each sample a few times, however many windows it is in. */
function sliding(compute: WindowCompute) {
  return { kind: "window", compute, isSliding: true } as const;
}

function vector(evaluate: VectorFunction["evaluate"]): Implementation {
  return { kind: "vector", evaluate };
}

/** A number of each native histogram; plain numbers are left out. */
function ofHistograms(cellOf: (histogram: FloatHistogram) => number): Implementation {
  return vector((input) => vectors.mapHistograms(input, cellOf));
}

function growthOfHistograms(options: GrowthOptions) {
  const cellOf = histogramGrowth(options);
  return { kind: "apart", cellOf, extended: extendedHistogramGrowth(options) } as const;
}
