/** Quantiles of plain values. Source: Prometheus 3.14, promql/quantile.go */

/** Orders NaN before every number, as Prometheus sorts samples. */
export function compareNanFirst(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || 0;
}

/** The q-quantile, between two values by their weighted average. Sorts `values`. */
export function quantileOf(q: number, values: Float64Array): number {
  // A typed array's own sort puts NaNs last; a comparator would be ten times slower.
  values.sort();
  let count = values.length;
  while (count > 0 && Number.isNaN(values[count - 1]!)) count -= 1;
  return quantileOfSorted(q, { numbers: values, count, nanCount: values.length - count });
}

export interface SortedValues {
  /** The first `count` of them, ascending. */
  readonly numbers: Float64Array;
  readonly count: number;
  /** NaNs beside them. They come first. */
  readonly nanCount: number;
}

export function quantileOfSorted(q: number, { numbers, count, nanCount }: SortedValues): number {
  const last = nanCount + count - 1;
  if (last < 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const rank = q * last;
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(last, lower + 1);
  const weight = rank - Math.floor(rank);
  // Beside a NaN any weight gives NaN.
  if (lower < nanCount) return NaN;
  return numbers[lower - nanCount]! * (1 - weight) + numbers[upper - nanCount]! * weight;
}

export function isQuantile(q: number): boolean {
  return 0 <= q && q <= 1;
}

/** As Go's %g prints the numbers that occur as parameters. */
export function formatShort(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
