/**
 * Prints doubles as bytes, the shortest digits that read back as the same double: what
 * String(value) gives, at a quarter of its cost. V8 takes 200 ns for 17 digits and 100 more until
 * the text is bytes (Node 20), which was half of answering a range query.
 *
 * For 1e-6 <= v < 1e15 the product v × 10^k with 17 digits before the point needs k <= 22. So 10^k
 * is a double, and the product exactly a sum of two doubles. Whatever lies less than half a unit
 * in the last place away, scaled alike, reads back as v: of those decimals the one with the most
 * trailing zeros is the shortest. What is too close to call is left to V8, and so is any value out
 * of that range.
 * Source: Dekker, A floating-point technique for extending the available precision, 1971 (the
 * product); Loitsch, Printing floating-point numbers quickly and accurately, 2010 (the interval)
 */

/** No value takes more bytes: sign, "0.", five zeros and 17 digits, or what V8 makes of it. */
export const NUMBER_BYTES_MAX = 32;

const SIZE_MIN = 1e-6;
const SIZE_MAX = 1e15;

/** 2^27 + 1 splits a double's 53 bits into halves whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

/** 10^0 to 10^22, which are doubles exactly, and their halves. */
const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const POWERS_HIGH = POWERS.map((power) => SPLITTER * power - (SPLITTER * power - power));
const POWERS_LOW = POWERS.map((power, k) => power - POWERS_HIGH[k]!);

/** Tables by binary exponent, which in the range is from -20 (1e-6) to 49 (1e15). */
const EXPONENT_MIN = -20;
const byExponent = <T>(entry: (exponent: number) => T) =>
  Array.from({ length: 70 }, (_, index) => entry(index + EXPONENT_MIN));
/** Half a unit in the last place. */
const HALF_UNITS = Float64Array.from(byExponent((exponent) => 2 ** (exponent - 53)));
/** The decimal exponent of 2^exponent, and the power of ten from which on it is one more. */
const DECIMALS = Int8Array.from(byExponent((exponent) => Math.floor(exponent * Math.log10(2))));
const NEXT_POWERS = Float64Array.from(DECIMALS, (decimal) => Number(`1e${decimal + 1}`));

/** Distances are exact to some 1e-13, but the digits they belong to were rounded by 2e-8. */
const TOO_CLOSE = 1e-7;

const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;

/** "00", "01" … "99". */
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => {
  const pair = i >> 1;
  return ZERO + (i % 2 === 0 ? Math.floor(pair / 10) : pair % 10);
});

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer); // [low, high]: Node runs on little-endian only

/** Writes `value` as String(value) at `into[at]`; returns the index after it. */
export function printNumber(value: number, into: Uint8Array, at: number): number {
  const size = Math.abs(value);
  if (!(size >= SIZE_MIN && size < SIZE_MAX)) return printText(String(value), into, at);
  const start = at;
  if (value < 0) into[at++] = MINUS;
  if (size === Math.floor(size)) return printInteger(size, into, at);
  const end = printFraction(size, into, at);
  return end === UNDECIDED ? printText(String(value), into, start) : end;
}

/** `text` is ASCII. */
export function printText(text: string, into: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** 0 < value < 1e15 */
function printInteger(value: number, into: Uint8Array, at: number): number {
  if (value < 1e8) return printSmall(value, into, at);
  const upper = Math.floor(value / 1e8);
  const end = printSmall(upper, into, at);
  printEight(value - upper * 1e8, into, end);
  return end + 8;
}

/** 0 < value < 1e8 */
function printSmall(value: number, into: Uint8Array, at: number): number {
  let end = at + 1;
  for (let power = 10; power <= value; power *= 10) end += 1;
  let rest = value | 0;
  let i = end;
  while (rest >= 100) {
    const upper = (rest / 100) | 0;
    const pair = (rest - upper * 100) * 2;
    into[--i] = PAIRS[pair + 1]!;
    into[--i] = PAIRS[pair]!;
    rest = upper;
  }
  into[--i] = PAIRS[rest * 2 + 1]!;
  if (i > at) into[--i] = PAIRS[rest * 2]!;
  return end;
}

/** Exactly eight digits, in halves that do not wait for each other. */
function printEight(value: number, into: Uint8Array, at: number): void {
  // 1e-4 as a double is a little more than that: multiples of 10,000 do not end up below.
  const upper = (value * 1e-4) | 0;
  printFour(upper, into, at);
  printFour(((value | 0) - upper * 10_000) | 0, into, at + 4);
}

function printFour(value: number, into: Uint8Array, at: number): void {
  // A hundredth, exactly, of anything below 10,000.
  const upper = (value * 5243) >> 19;
  const lower = value - upper * 100;
  into[at] = PAIRS[upper * 2]!;
  into[at + 1] = PAIRS[upper * 2 + 1]!;
  into[at + 2] = PAIRS[lower * 2]!;
  into[at + 3] = PAIRS[lower * 2 + 1]!;
}

const UNDECIDED = -1;

/** @returns the index after the digits, or UNDECIDED */
function printFraction(size: number, into: Uint8Array, at: number): number {
  scratch[0] = size;
  // A power of two is nearer to its neighbour below than above: not this arithmetic's business.
  if ((words[1]! & 0xfffff) === 0 && words[0] === 0) return UNDECIDED;
  const index = (words[1]! >>> 20) - 1023 - EXPONENT_MIN;
  let decimal = DECIMALS[index]!;
  if (size >= NEXT_POWERS[index]!) decimal += 1;

  // size × 10^k = product + error, without rounding.
  const k = 16 - decimal;
  const power = POWERS[k]!;
  const product = size * power;
  const upper = SPLITTER * size;
  const sizeHigh = upper - (upper - size);
  const sizeLow = size - sizeHigh;
  const powerHigh = POWERS_HIGH[k]!;
  const powerLow = POWERS_LOW[k]!;
  const error =
    sizeHigh * powerHigh - product + sizeHigh * powerLow + sizeLow * powerHigh + sizeLow * powerLow;

  // Nine digits and the rest. Exact: every number here is a multiple of 2 below 2^57.
  let head = Math.floor(product * 1e-8);
  const whole = product - head * 1e8;
  let tail = shortestNear(whole, error, HALF_UNITS[index]! * power);
  if (tail === 1e8) {
    head += 1;
    tail = 0;
  }
  if (tail < 0 || head < 1e8 || head >= 1e9) return UNDECIDED;
  digits[HEAD] = head;
  digits[TAIL] = tail;
  digits[DECIMAL] = decimal;
  return placeDigits(into, at);
}

/** The integer with the most zeros less than `halfUnit` away from whole + error; or UNDECIDED. */
function shortestNear(whole: number, error: number, halfUnit: number): number {
  const rest = whole + error;
  let near = Math.round(rest * 0.01) * 100;
  let distance = Math.abs(near - whole - error);
  if (distance > halfUnit + TOO_CLOSE) {
    near = Math.round(rest * 0.1) * 10;
    distance = Math.abs(near - whole - error);
    if (distance > 5 - TOO_CLOSE) return UNDECIDED;
    if (distance > halfUnit + TOO_CLOSE) {
      near = Math.round(rest);
      distance = Math.abs(near - whole - error);
      return distance > 0.5 - TOO_CLOSE ? UNDECIDED : near;
    }
  }
  return distance > halfUnit - TOO_CLOSE ? UNDECIDED : near;
}

/**
 * What printFraction() hands to placeDigits(): the first nine digits, the other eight, the power of
 * ten of the first. An object of three would be allocated for every number.
 */
const digits = new Int32Array(3);
const HEAD = 0;
const TAIL = 1;
const DECIMAL = 2;

/** Writes the digits with the point in its place, without the zeros at the end. */
function placeDigits(into: Uint8Array, at: number): number {
  const head = digits[HEAD]!;
  const decimal = digits[DECIMAL]!;
  let first = at + 1;
  if (decimal < 0) {
    into[at] = ZERO;
    into[at + 1] = POINT;
    first += 1;
    for (let zeros = -1 - decimal; zeros > 0; zeros--) into[first++] = ZERO;
  }
  const leading = (head * 1e-8) | 0;
  into[first] = ZERO + leading;
  printEight(head - leading * 1e8, into, first + 1);
  printEight(digits[TAIL]!, into, first + 9);
  if (decimal >= 0) {
    // The digits before the point went one place too far right, which is where it goes.
    for (let i = 0; i <= decimal; i++) into[at + i] = into[first + i]!;
    into[first + decimal] = POINT;
  }
  let end = first + 17;
  while (into[end - 1] === ZERO) end -= 1;
  return end;
}
