/** Go's strconv.FormatFloat and ParseFloat, for the verbs that templates use. */

/** %g without a precision turns to exponents at 1e+06 (strconv.FormatFloat). */
const SHORTEST_THRESHOLD = 6;

/** Infinities and NaN as Go prints them; undefined for every other number. */
function printSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : undefined;
}

/** @param precision digits after the point; -1: as few as tell the number from its neighbours */
export function formatExponent(value: number, precision: number): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  const text =
    precision < 0
      ? value.toExponential()
      : roundExponential(value, Math.min(precision, DIGITS_MAX));
  const [mantissa = "", exponent = "+0"] = text.split("e");
  const sign = Object.is(value, -0) ? "-" : "";
  return `${sign}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

export function formatFixed(value: number, precision: number): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  if (precision < 0) return sign + plainDigits(size);
  const digits = Math.min(precision, DIGITS_MAX);
  // toFixed gives up at 1e21; from there a double is a whole number anyway.
  const text =
    size < 1e21
      ? roundFixed(size, digits)
      : `${BigInt(size)}${digits > 0 ? `.${"0".repeat(digits)}` : ""}`;
  return sign + text;
}

/** %g: the exponent form when the exponent is below -4 or not below the precision. */
export function formatGeneral(value: number, precision: number): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const digits = precision < 0 ? -1 : Math.max(1, precision);
  const scientific = formatExponent(value, digits < 0 ? -1 : digits - 1);
  const [mantissa = "", exponentText = "0"] = scientific.split("e");
  const exponent = Number(exponentText);
  const shortest = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const significant = shortest.replace(/[-.]/g, "").length;
  const threshold = digits < 0 ? SHORTEST_THRESHOLD : digits;
  if (exponent < -4 || exponent >= threshold) {
    return `${shortest}e${exponentText}`;
  }
  return formatFixed(value, Math.max(0, significant - 1 - exponent));
}

function plainDigits(size: number): string {
  const text = String(size);
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (whole === "") return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  return point <= 0 ? `0.${"0".repeat(-point)}${digits}` : digits.padEnd(point, "0");
}

/** Reads a number as strconv.ParseFloat does; undefined when it is none. */
export function parseFloatGo(text: string): number | undefined {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special) {
    if (special[2]!.toLowerCase() === "nan") return NaN;
    return special[1] === "-" ? -Infinity : Infinity;
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return undefined;
  return Number(text);
}

/** What JavaScript prints at most. A double that is half of something needs far fewer. */
const DIGITS_MAX = 100;

/**
 * JavaScript rounds an exact half up, Go to the even digit. The number is such a half when its
 * whole decimal form is one digit longer than asked for, and that digit is a 5: then the shorter
 * form is the even one of the two, cut or rounded.
 */
function roundFixed(size: number, digits: number): string {
  const rounded = size.toFixed(digits);
  if (digits === DIGITS_MAX || !size.toFixed(digits + 1).endsWith("5")) return rounded;
  const [whole = "", fraction = ""] = size.toFixed(DIGITS_MAX).split(".");
  if (!isHalf(fraction, digits)) return rounded;
  const cut = digits === 0 ? whole : `${whole}.${fraction.slice(0, digits)}`;
  return isEven(cut) ? cut : rounded;
}

function roundExponential(value: number, digits: number): string {
  const rounded = value.toExponential(digits);
  if (digits === DIGITS_MAX || !value.toExponential(digits + 1).includes("5e")) return rounded;
  const [mantissa = "", exponent = ""] = value.toExponential(DIGITS_MAX).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  if (!isHalf(fraction, digits)) return rounded;
  const cut = digits === 0 ? whole : `${whole}.${fraction.slice(0, digits)}`;
  return isEven(cut) ? `${cut}e${exponent}` : rounded;
}

function isHalf(fraction: string, digits: number): boolean {
  return fraction[digits] === "5" && /^0*$/.test(fraction.slice(digits + 1));
}

function isEven(text: string): boolean {
  return "02468".includes(text.at(-1) ?? "");
}
