const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer); // [low, high]: Node runs on little-endian only

/** The bits that mean "this series has ended" on disk and on the wire. A signalling NaN. */
export const STALE_BITS = 0x7ff0000000000002n;

/**
 * Whether `value` is the staleness marker.
 *
 * Compares the low word only: V8 quiets a signalling NaN when it is stored in a plain number[]
 * (0x7ff0… becomes 0x7ff8…, Node 20.20), so the high word is not ours to trust. Other NaNs have
 * a low word of 0 (JavaScript's) or 1 (Prometheus').
 */
export function isStale(value: number): boolean {
  if (value === value) return false; // not a NaN: the common path touches no memory
  scratch[0] = value;
  return words[0] === 2;
}

/** Writes the marker at `values[index]` bit by bit: as a number it would be quieted on the way. */
export function writeStale(values: Float64Array, index: number): void {
  new BigUint64Array(values.buffer, values.byteOffset + index * 8, 1)[0] = STALE_BITS;
}
