/**
 * Numbers and durations as PromQL writes them: 1, 1e3, 0x1F, 1_000, .5, 5., Inf, NaN, 1h30m.
 * Source: Prometheus 3.14, promql/parser/lex.go (scanNumber, acceptRemainingDuration)
 */

/**
 * Reads the number or duration at `at`. `kind` is undefined when there is none; `end` is then
 * where reading stopped, for the message.
 */
export function scanNumberOrDuration(
  text: string,
  at: number,
): { readonly end: number; readonly kind: "number" | "duration" | undefined } {
  const number = scanNumber(text, at);
  if (number.isWhole) return { end: number.end, kind: "number" };
  return scanDurationRest(text, number.end);
}

function scanNumber(text: string, start: number): { readonly end: number; isWhole: boolean } {
  let at = start;
  let digits = /[0-9]/;
  const isHex = text[at] === "0" && /[xX]/.test(text[at + 1] ?? "");
  if (isHex) {
    digits = /[0-9a-fA-F]/;
    at += 2;
  }
  let hasDot = false;
  let hasExponent = false;
  for (;;) {
    const char = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (digits.test(char)) at += 1;
    else if (char === ".") {
      at += 1;
      if (hasDot || isHex) return { end: at, isWhole: false };
      if (/[_.]/.test(next)) return { end: at + 1, isWhole: false };
      hasDot = true;
    } else if (/[eE]/.test(char)) {
      at += 1;
      if (hasExponent) return { end: at, isWhole: false };
      hasExponent = true;
      if (/[+-]/.test(text[at] ?? "")) at += 1;
      if (/[._eE]/.test(text[at] ?? "")) return { end: at + 1, isWhole: false };
      if (at >= text.length) return { end: at, isWhole: false };
    } else if (char === "_") {
      at += 1;
      if (/[._eE]/.test(next)) return { end: at + 1, isWhole: false };
      if (at >= text.length) return { end: at, isWhole: false };
    } else break;
  }
  return { end: at, isWhole: !/[a-zA-Z0-9_]/.test(text[at] ?? "") };
}

/** After the digits: a unit, then more digits and units, then nothing alphanumeric. */
function scanDurationRest(
  text: string,
  start: number,
): { readonly end: number; readonly kind: "duration" | undefined } {
  let at = start;
  if (!/[smhdwy]/.test(text[at] ?? "")) return { end: at, kind: undefined };
  at += 1;
  // Bad pairs like "hs" are left for parseDuration to name.
  if (text[at] === "s") at += 1;
  while (/[0-9]/.test(text[at] ?? "")) {
    while (/[0-9]/.test(text[at] ?? "")) at += 1;
    if (!/[smhdw]/.test(text[at] ?? "")) return { end: at, kind: undefined };
    at += 1;
    if (text[at] === "s") at += 1;
  }
  if (/[a-zA-Z0-9_]/.test(text[at] ?? "")) return { end: at + 1, kind: undefined };
  return { end: at, kind: "duration" };
}

/** The value of a number token; undefined when it is none after all. */
export function parseNumber(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (lower === "inf") return Infinity;
  if (lower === "nan") return NaN;
  const plain = lower.replaceAll("_", "");
  if (/^0x[0-9a-f]+$/.test(plain)) return Number(plain);
  // As Go's ParseInt with base 0: a leading zero means octal, when all digits are.
  if (/^0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  if (!/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain)) return undefined;
  return Number(plain);
}
