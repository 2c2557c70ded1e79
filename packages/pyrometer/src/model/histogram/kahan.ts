/**
 * Compensated sums (Kahan, with Neumaier's improvement) in columns.
 * Source: Prometheus 3.14, util/kahansum
 */

/** Adds `value` to `sums[at]`; what rounding loses of it is gathered in `lost[at]`. */
export function addCompensated(
  { sums, lost }: { readonly sums: Float64Array; readonly lost: Float64Array },
  at: number,
  value: number,
): void {
  const sum = sums[at]!;
  const total = sum + value;
  if (total === Infinity || total === -Infinity) lost[at] = 0;
  else if (Math.abs(sum) >= Math.abs(value)) lost[at]! += sum - total + value;
  else lost[at]! += value - total + sum;
  sums[at] = total;
}
