/** Relative, as Prometheus' own scripts allow. */
const TOLERANCE = 1e-6;

export function isAlmostEqual(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  const smallestNormal = 2.2250738585072014e-308;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < smallestNormal) return difference < TOLERANCE * smallestNormal;
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE;
}
