/** Numbers as test scripts write them: `1_000`, `-Inf`, `NaN`, `.5e3`. */

export const NUMBER = String.raw`(?:inf|nan|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)`;

/** A number as scripts write it; NaN also for what is none, so test with isNumber() first. */
export function parseFloatText(text: string): number {
  const [, sign, digits = ""] = /^([+-]?)(.*)$/.exec(text) ?? [];
  const magnitude = /^inf$/i.test(digits) ? Infinity : Number(digits.replaceAll("_", ""));
  return sign === "-" ? -magnitude : magnitude;
}

export function isNumber(text: string): boolean {
  return new RegExp(`^[+-]?${NUMBER}$`, "i").test(text) || /^[+-]?0x[0-9a-f]+$/i.test(text);
}
