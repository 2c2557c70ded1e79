const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/** NaN is NaN here: promtool's never equals itself, so that no test can expect one. */
export function isSameNumber(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** Also equal when no number lies between the two: `fuzzy_compare`. */
export function isNearNumber(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return isSameNumber(a, b);
  const distance = ordinal(a) - ordinal(b);
  return -1n <= distance && distance <= 1n;
}

/** Numbers in their order as integers, neighbours one apart; both zeros are 0. */
function ordinal(value: number): bigint {
  number[0] = Math.abs(value);
  return value < 0 ? -bits[0]! : bits[0]!;
}
