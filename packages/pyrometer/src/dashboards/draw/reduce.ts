/**
 * A series down to one number: Grafana's reducers ("calculations"). null and NaN are gaps.
 * Source: grafana.com/docs, "Calculation types"
 */
type Column = readonly (number | null)[];

/** How people read them in a legend. */
export const CALC_NAMES: Readonly<Record<string, string>> = {
  lastNotNull: "Last",
  last: "Last",
  firstNotNull: "First",
  first: "First",
  mean: "Mean",
  avg: "Mean",
  median: "Median",
  min: "Min",
  max: "Max",
  sum: "Total",
  count: "Count",
  range: "Range",
  delta: "Delta",
  diff: "Difference",
  diffperc: "Difference %",
  stdDev: "Std dev",
  variance: "Variance",
};

/** null when there is nothing to reduce, or nobody knows the reducer. */
export function reduceValues(values: Column, calc: string): number | null {
  const present = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
  if (calc === "count") return values.length;
  if (calc === "last") return values.at(-1) ?? null;
  if (calc === "first") return values[0] ?? null;
  const first = present[0];
  const last = present.at(-1);
  if (first === undefined || last === undefined) return null;
  switch (calc) {
    case "lastNotNull":
      return last;
    case "firstNotNull":
      return first;
    case "min":
      return least(present);
    case "max":
      return most(present);
    case "range":
      return most(present) - least(present);
    case "sum":
      return sum(present);
    case "mean":
    case "avg":
      return sum(present) / present.length;
    case "median":
      return median(present);
    case "diff":
      return last - first;
    case "diffperc":
      return (last - first) / first;
    case "delta":
      return increase(present);
    case "variance":
      return variance(present);
    case "stdDev":
      return Math.sqrt(variance(present));
    default:
      return null;
  }
}

// Loops, not Math.min(...values): a spread of 100,000 arguments overflows the stack.
function least(values: readonly number[]): number {
  return values.reduce((low, value) => Math.min(low, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((high, value) => Math.max(high, value), -Infinity);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Summed steps upwards; a fall is a counter that began again. */
function increase(values: readonly number[]): number {
  let total = 0;
  for (let i = 1; i < values.length; i++) {
    const stepUp = values[i]! - values[i - 1]!;
    total += stepUp >= 0 ? stepUp : values[i]!;
  }
  return total;
}

function variance(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2)) / values.length;
}
