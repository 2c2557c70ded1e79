/**
 * Cuts UTF-8 matcher text into tokens. Columns count code points from 0, as Alertmanager's
 * messages do.
 */
import { isReserved } from "./matcher.ts";
import { MatcherError } from "./matcher-error.ts";

export type TokenKind =
  | "{"
  | "}"
  | ","
  | "="
  | "!="
  | "=~"
  | "!~"
  | "quoted"
  | "unquoted"
  | "end"
  | "error";

export interface Token {
  readonly kind: TokenKind;
  /** As written, quotes included; for "error" the message. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PUNCTUATION = new Set<string>(["{", "}", ","]);

/** Ends with an "end" token, or with an "error" token at the first character that fits nowhere. */
export function tokenize(input: string): Token[] {
  const chars = [...input];
  const tokens: Token[] = [];
  let start = 0;
  try {
    while (start < chars.length) {
      const char = chars[start]!;
      if (/^\s$/u.test(char)) {
        start++;
        continue;
      }
      const { kind, end } = readToken(chars, start);
      tokens.push({ kind, text: chars.slice(start, end).join(""), start, end });
      start = end;
    }
    tokens.push({ kind: "end", text: "", start, end: start });
  } catch (error) {
    if (!(error instanceof MatcherError)) throw error;
    tokens.push({ kind: "error", text: error.message, start, end: start });
  }
  return tokens;
}

function readToken(
  chars: readonly string[],
  start: number,
): { readonly kind: TokenKind; readonly end: number } {
  const char = chars[start]!;
  if (PUNCTUATION.has(char)) return { kind: char as TokenKind, end: start + 1 };
  if (char === "=") {
    return chars[start + 1] === "~"
      ? { kind: "=~", end: start + 2 }
      : { kind: "=", end: start + 1 };
  }
  if (char === "!") return readNegation(chars, start);
  if (char === '"') return { kind: "quoted", end: endOfQuoted(chars, start) };
  if (isReserved(char)) {
    throw new MatcherError(`${start}:${start + 1}: ${char}: invalid input`);
  }
  let end = start + 1;
  while (end < chars.length && !isReserved(chars[end]!)) end++;
  return { kind: "unquoted", end };
}

function readNegation(
  chars: readonly string[],
  start: number,
): { readonly kind: TokenKind; readonly end: number } {
  const next = chars[start + 1];
  if (next === "=" || next === "~") return { kind: `!${next}`, end: start + 2 };
  const found = next === undefined ? "unexpected end of input, " : "!: ";
  throw new MatcherError(`${start}:${start + 1}: ${found}expected one of '=~'`);
}

function endOfQuoted(chars: readonly string[], start: number): number {
  for (let i = start + 1; i < chars.length; i++) {
    if (chars[i] === "\\") i++;
    else if (chars[i] === '"') return i + 1;
  }
  const rest = chars.slice(start).join("");
  throw new MatcherError(`${start}:${chars.length}: ${rest}: missing end "`);
}
