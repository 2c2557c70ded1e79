/** Go's literals: what a number, character or string written in a template is worth. */
import { unquoteGo } from "../std/index.ts";
import { TemplateSyntaxError } from "./lexer.ts";

/** An integer is a bigint, anything with a fraction or exponent a number: Go's int and float64. */
export function parseNumber(text: string, at: number): number | bigint {
  const plain = text.replaceAll("_", "");
  const [, sign = "", body = ""] = /^([+-]?)(.*)$/s.exec(plain) ?? [];
  if (/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/.test(body)) {
    const octal = /^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body;
    const value = BigInt(octal);
    return sign === "-" ? -value : value;
  }
  if (/^0[xX].*[pP]/.test(body)) return parseHexFloat(sign, body);
  const value = Number(body);
  if (body === "" || body === "." || Number.isNaN(value)) {
    throw new TemplateSyntaxError(`bad number syntax: ${JSON.stringify(text)}`, at);
  }
  return sign === "-" ? -value : value;
}

function parseHexFloat(sign: string, body: string): number {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(body) ?? [];
  const value = Number.parseInt(`${whole}${fraction}` || "0", 16);
  const scaled = value * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -scaled : scaled;
}

/** Takes the quotes off and resolves escapes, of "…", '…' and `…`. */
export function unquote(text: string, at: number): string {
  const unquoted = unquoteGo(text);
  if (unquoted === undefined) throw new TemplateSyntaxError("invalid syntax", at);
  // Go drops carriage returns from raw strings, so that a file's line ends do not matter.
  return text.startsWith("`") ? unquoted.text.replaceAll("\r", "") : unquoted.text;
}

/** A character constant's code point, as Go has it: an integer. */
export function parseChar(text: string, at: number): bigint {
  const content = unquote(text, at);
  const [first, ...others] = content;
  if (first === undefined || others.length > 0) {
    throw new TemplateSyntaxError(`malformed character constant: ${text}`, at);
  }
  return BigInt(first.codePointAt(0) ?? 0);
}
