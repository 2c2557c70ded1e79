/**
 * Prints a sample value as Go's strconv.FormatFloat(v, 'f', -1, 64) does, which is what the
 * Prometheus API and text format show: shortest digits, no exponent, NaN, +Inf, -Inf.
 */
export function formatValue(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  const text = String(value);
  return text.includes("e") ? withoutExponent(text) : Object.is(value, -0) ? "-0" : text;
}

function withoutExponent(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** Prints a number as Go's %g does: `0.5`, `100000`, `1e+06`, `1e-05`, +Inf. */
export function formatGeneral(value: number): string {
  const [mantissa = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  // NaN and infinities have no exponent.
  if (exponentText === "" || (exponent >= -4 && exponent < 6)) return formatValue(value);
  return `${mantissa}e${exponentText[0]}${exponentText.slice(1).padStart(2, "0")}`;
}
