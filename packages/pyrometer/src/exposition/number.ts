/**
 * Numbers as Prometheus reads them: Go's strconv.ParseFloat, without what Go 1.13 added to it
 * (hexadecimal floats, underscores).
 */

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const POINT = 46;
const MINUS = 45;

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** 10^0 … 10^15: exact as doubles, so that dividing by one rounds once, and so correctly. */
const POWERS_OF_TEN = Array.from({ length: 16 }, (_, power) => 10 ** power);

/** Any integer of so many digits is exact as a double. */
const EXACT_DIGITS_MAX = 15;

/** The number in text[start, end); undefined when it is none, or none that a double can hold. */
export function parseNumber(text: string, start: number, end: number): number | undefined {
  const plain = parsePlainDecimal(text, start, end);
  return plain === plain ? plain : parseAny(text.slice(start, end));
}

/** Digits with at most one point among them, which is nearly all there is; NaN for the rest. */
function parsePlainDecimal(text: string, start: number, end: number): number {
  const isNegative = text.charCodeAt(start) === MINUS;
  const from = isNegative ? start + 1 : start;
  let mantissa = 0;
  let digitCount = 0;
  let pointAt = -1;
  for (let i = from; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === POINT && pointAt === -1) pointAt = i;
    else if (unit < DIGIT_0 || DIGIT_9 < unit || digitCount === EXACT_DIGITS_MAX) return NaN;
    else {
      mantissa = mantissa * 10 + (unit - DIGIT_0);
      digitCount += 1;
    }
  }
  if (digitCount === 0) return NaN;
  const value = pointAt === -1 ? mantissa : mantissa / POWERS_OF_TEN[end - pointAt - 1]!;
  return isNegative ? -value : value;
}

function parseAny(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    // Go reports what is too large for a double as an error, and Prometheus fails on it.
    return Number.isFinite(value) ? value : undefined;
  }
  if (INFINITE.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  return text.toLowerCase() === "nan" ? NaN : undefined;
}
