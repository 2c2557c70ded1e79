/**
 * Every function of PromQL: its name, what it takes and what it gives. The parser checks calls
 * against this; the engine's table of implementations must have an entry for each.
 * Source: Prometheus 3.14, promql/parser/functions.go
 */
export type ValueType = "scalar" | "vector" | "matrix" | "string";

export interface Signature {
  readonly args: readonly ValueType[];
  readonly returns: ValueType;
  /**
   * 0: exactly `args`. n > 0: the last of `args` may be left out or repeated, up to n times
   * in all. -1: left out or repeated without limit.
   */
  readonly variadic: number;
}

const vectorMath: Signature = { args: ["vector"], returns: "vector", variadic: 0 };
const overTime: Signature = { args: ["matrix"], returns: "vector", variadic: 0 };
const datePart: Signature = { args: ["vector"], returns: "vector", variadic: 1 };
const constant: Signature = { args: [], returns: "scalar", variadic: 0 };
const extremeOfTwo: Signature = { args: ["scalar", "scalar"], returns: "scalar", variadic: 0 };
const byLabel: Signature = { args: ["vector", "string"], returns: "vector", variadic: -1 };

export const SIGNATURES = {
  abs: vectorMath,
  absent: vectorMath,
  absent_over_time: overTime,
  acos: vectorMath,
  acosh: vectorMath,
  asin: vectorMath,
  asinh: vectorMath,
  atan: vectorMath,
  atanh: vectorMath,
  avg_over_time: overTime,
  ceil: vectorMath,
  changes: overTime,
  clamp: { args: ["vector", "scalar", "scalar"], returns: "vector", variadic: 0 },
  clamp_max: { args: ["vector", "scalar"], returns: "vector", variadic: 0 },
  clamp_min: { args: ["vector", "scalar"], returns: "vector", variadic: 0 },
  cos: vectorMath,
  cosh: vectorMath,
  count_over_time: overTime,
  day_of_month: datePart,
  day_of_week: datePart,
  day_of_year: datePart,
  days_in_month: datePart,
  deg: vectorMath,
  delta: overTime,
  deriv: overTime,
  double_exponential_smoothing: {
    args: ["matrix", "scalar", "scalar"],
    returns: "vector",
    variadic: 0,
  },
  end: constant,
  exp: vectorMath,
  first_over_time: overTime,
  floor: vectorMath,
  histogram_avg: vectorMath,
  histogram_count: vectorMath,
  histogram_fraction: { args: ["scalar", "scalar", "vector"], returns: "vector", variadic: 0 },
  histogram_quantile: { args: ["scalar", "vector"], returns: "vector", variadic: 0 },
  histogram_quantiles: {
    args: ["vector", "string", "scalar", "scalar"],
    returns: "vector",
    variadic: 9,
  },
  histogram_stddev: vectorMath,
  histogram_stdvar: vectorMath,
  histogram_sum: vectorMath,
  hour: datePart,
  idelta: overTime,
  increase: overTime,
  info: { args: ["vector", "vector"], returns: "vector", variadic: 1 },
  irate: overTime,
  label_join: {
    args: ["vector", "string", "string", "string"],
    returns: "vector",
    variadic: -1,
  },
  label_replace: {
    args: ["vector", "string", "string", "string", "string"],
    returns: "vector",
    variadic: 0,
  },
  last_over_time: overTime,
  ln: vectorMath,
  log10: vectorMath,
  log2: vectorMath,
  mad_over_time: overTime,
  max_of: extremeOfTwo,
  max_over_time: overTime,
  min_of: extremeOfTwo,
  min_over_time: overTime,
  minute: datePart,
  month: datePart,
  pi: constant,
  predict_linear: { args: ["matrix", "scalar"], returns: "vector", variadic: 0 },
  present_over_time: overTime,
  quantile_over_time: { args: ["scalar", "matrix"], returns: "vector", variadic: 0 },
  rad: vectorMath,
  range: constant,
  rate: overTime,
  resets: overTime,
  round: { args: ["vector", "scalar"], returns: "vector", variadic: 1 },
  scalar: { args: ["vector"], returns: "scalar", variadic: 0 },
  sgn: vectorMath,
  sin: vectorMath,
  sinh: vectorMath,
  sort: vectorMath,
  sort_by_label: byLabel,
  sort_by_label_desc: byLabel,
  sort_desc: vectorMath,
  sqrt: vectorMath,
  start: constant,
  start_timestamp: vectorMath,
  stddev_over_time: overTime,
  stdvar_over_time: overTime,
  step: constant,
  sum_over_time: overTime,
  tan: vectorMath,
  tanh: vectorMath,
  time: constant,
  timestamp: vectorMath,
  ts_of_first_over_time: overTime,
  ts_of_last_over_time: overTime,
  ts_of_max_over_time: overTime,
  ts_of_min_over_time: overTime,
  vector: { args: ["scalar"], returns: "vector", variadic: 0 },
  year: datePart,
} as const satisfies Readonly<Record<string, Signature>>;

export type FunctionName = keyof typeof SIGNATURES;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(SIGNATURES, name);
}

export function signatureOf(name: FunctionName): Signature {
  return SIGNATURES[name];
}
