/** Geometry of a gauge: an arc of 240 degrees, open at the bottom, in a box of 100 by 80. */
const CENTER = { x: 50, y: 52 };
const START_DEGREES = 150;
const SWEEP_DEGREES = 240;

/** SVG path along the arc from `from` to `to`, both 0 to 1. */
export function arcPath(radius: number, from: number, to: number): string {
  const start = pointAt(radius, from);
  const end = pointAt(radius, to);
  const isLarge = (to - from) * SWEEP_DEGREES > 180 ? 1 : 0;
  return `M ${start} A ${radius} ${radius} 0 ${isLarge} 1 ${end}`;
}

function pointAt(radius: number, fraction: number): string {
  const radians = ((START_DEGREES + fraction * SWEEP_DEGREES) * Math.PI) / 180;
  const x = CENTER.x + radius * Math.cos(radians);
  const y = CENTER.y + radius * Math.sin(radians);
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

/** How far `value` is from min to max, 0 to 1. */
export function fractionOf(value: number | null, min: number, max: number): number {
  if (value === null || Number.isNaN(value)) return 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}
