/** Functions of one number, and Go's results where JavaScript's differ. */

/** Go's math.Pow: 1 to any power is 1, also to NaN; and so is -1 to ±Inf. */
export function pow(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && (exponent === Infinity || exponent === -Infinity)) return 1;
  return base ** exponent;
}

export function sign(value: number): number {
  if (value < 0) return -1;
  return value > 0 ? 1 : value;
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

export function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
