/** Quantiles of plain values. Source: Prometheus 3.14, promql/quantile.go */

/** Orders NaN before every number, as Prometheus sorts samples. */
export function compareNanFirst(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || 0;
}

/** The q-quantile, between two values by their weighted average. Sorts `values`. */
export function quantileOf(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return NaN;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  sortNanFirst(values);
  const last = values.length - 1;
  const rank = q * last;
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(last, lower + 1);
  const weight = rank - Math.floor(rank);
  return values[lower]! * (1 - weight) + values[upper]! * weight;
}

/** A typed array's own sort puts NaNs last; a comparator would be ten times slower. */
function sortNanFirst(values: Float64Array): void {
  values.sort();
  let nanCount = 0;
  while (nanCount < values.length && Number.isNaN(values[values.length - 1 - nanCount]!)) {
    nanCount += 1;
  }
  if (nanCount === 0) return;
  values.copyWithin(nanCount, 0, values.length - nanCount);
  values.fill(NaN, 0, nanCount);
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
