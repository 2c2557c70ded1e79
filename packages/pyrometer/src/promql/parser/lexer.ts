/**
 * Cuts a query into tokens, with Prometheus' own words for what cannot be cut. Our own rather
 * than a table grammar's: Prometheus' messages and the meaning of `:` or a keyword depend on the
 * braces and brackets that are open.
 * Source: Prometheus 3.14, promql/parser/lex.go
 */
import type { Span } from "../../std/index.ts";
import { AGGREGATE_OPERATORS } from "./ast.ts";
import { scanNumberOrDuration } from "./number.ts";

export interface Token {
  /**
   * "identifier", "metric-identifier", "string", "number", "duration", "eof", "error", or for
   * operators, keywords and brackets what is written, in lower case.
   */
  readonly kind: string;
  /** As written; for "error" what is wrong. */
  readonly text: string;
  readonly span: Span;
}

const OPERATOR_WORDS: ReadonlySet<string> = new Set(["and", "or", "unless", "atan2"]);
const AGGREGATES: ReadonlySet<string> = new Set(AGGREGATE_OPERATORS);
/** Keywords that Prometheus shows as <word>. */
const KEYWORDS: ReadonlySet<string> = new Set([
  "offset",
  "smoothed",
  "anchored",
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "fill",
  "fill_left",
  "fill_right",
  "bool",
]);
const PREPROCESSORS: ReadonlySet<string> = new Set([
  "start",
  "end",
  "step",
  "range",
  "max_of",
  "min_of",
]);
const DURATION_WORDS: ReadonlySet<string> = new Set(["step", "range", "max_of", "min_of"]);
const SYMBOL_OPERATORS: ReadonlySet<string> = new Set(
  "+ - * / % ^ == != > < >= <= </ >/ =~ !~ @".split(" "),
);
/** Longest first. */
const SYMBOLS = ["==", "!=", "<=", ">=", "</", ">/", ..."+-*/%^=<>,()[]{}@"];

const DIGIT = /[0-9]/;
const ALPHA = /[a-zA-Z_]/;
const SPACE = /[ \t\n\r]/;

export function isWord(kind: string): boolean {
  return (
    OPERATOR_WORDS.has(kind) ||
    AGGREGATES.has(kind) ||
    KEYWORDS.has(kind) ||
    PREPROCESSORS.has(kind)
  );
}

export function isAggregateWord(kind: string): boolean {
  return AGGREGATES.has(kind);
}

/** How Prometheus names a token in "unexpected …". */
export function describeToken({ kind, text }: Token): string {
  if (kind === "eof") return "end of input";
  if (OPERATOR_WORDS.has(kind) || SYMBOL_OPERATORS.has(kind)) return `<op:${text}>`;
  if (AGGREGATES.has(kind)) return `<aggr:${text}>`;
  if (KEYWORDS.has(kind)) return `<${text}>`;
  const shown = goQuote(text);
  switch (kind) {
    case "identifier":
    case "string":
    case "number":
    case "duration":
      return `${kind} ${shown}`;
    case "metric-identifier":
      return `metric identifier ${shown}`;
    default:
      return shown;
  }
}

function goQuote(text: string): string {
  return JSON.stringify(text);
}

/** Go's %q of one character. */
function quoteRune(char: string): string {
  if (char === "") return "'\\ufffd'";
  if (char === "'") return "'\\''";
  return `'${JSON.stringify(char).slice(1, -1).replace('\\"', '"')}'`;
}

/** All tokens; the last is "eof" or, where the text cannot be read further, "error". */
export function tokenize(text: string): Token[] {
  const lexer = new Lexer(text);
  while (!lexer.isDone) lexer.step();
  return lexer.tokens;
}

/** Where the cutting stands. Each step adds at most one token. */
class Lexer {
  readonly tokens: Token[] = [];
  isDone = false;
  readonly #text: string;
  #at = 0;
  #parenDepth = 0;
  #isBraceOpen = false;
  #isBracketOpen = false;
  /** Just after `[` or an operator in it, where only durations may stand. */
  #isInDuration = false;
  #hasColon = false;
  #hasDuration = false;

  constructor(text: string) {
    this.#text = text;
  }

  step(): void {
    const text = this.#text;
    while (this.#at < text.length && SPACE.test(text[this.#at]!)) this.#at += 1;
    if (text[this.#at] === "#" && !this.#isInDuration) return this.#skipComment();
    if (this.#isBraceOpen) this.#stepInBraces();
    else if (this.#isInDuration) this.#stepInDuration();
    else this.#stepInStatement();
  }

  #skipComment(): void {
    const rest = /[\r\n]/.exec(this.#text.slice(this.#at));
    this.#at = rest === null ? this.#text.length : this.#at + rest.index;
  }

  #stepInStatement(): void {
    const char = this.#charAt(this.#at);
    const next = this.#charAt(this.#at + 1);
    if (char === "") return this.#end();
    if (DIGIT.test(char) || (char === "." && DIGIT.test(next))) return this.#number();
    if (char === '"' || char === "'" || char === "`") return this.#string(char);
    if (ALPHA.test(char) || char === ":") {
      return this.#isBracketOpen ? this.#wordInBrackets(char) : this.#keywordOrIdentifier();
    }
    if (char === "=" && next === "~") {
      return this.#fail(`unexpected character after '=': ${quoteRune(next)}`);
    }
    if (char === "!" && next !== "=") {
      return this.#fail(`unexpected character after '!': ${quoteRune(next)}`);
    }
    const symbol = SYMBOLS.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (symbol === undefined || symbol === "}") {
      return this.#fail(`unexpected character: ${quoteRune(char)}`);
    }
    this.#symbol(symbol);
  }

  #symbol(symbol: string): void {
    switch (symbol) {
      case "(":
        this.#parenDepth += 1;
        break;
      case ")":
        this.#parenDepth -= 1;
        if (this.#parenDepth < 0) return this.#fail(`unexpected right parenthesis ')'`);
        break;
      case "{":
        this.#isBraceOpen = true;
        break;
      case "[":
        if (this.#isBracketOpen) return this.#fail(`unexpected left bracket '['`);
        this.#isBracketOpen = true;
        this.#isInDuration = true;
        this.#hasColon = false;
        this.#hasDuration = false;
        break;
      case "]":
        if (!this.#isBracketOpen) return this.#fail(`unexpected right bracket ']'`);
        this.#isBracketOpen = false;
        break;
    }
    this.#emit(symbol, this.#at + symbol.length);
  }

  #end(): void {
    if (this.#parenDepth !== 0) return this.#fail("unclosed left parenthesis");
    if (this.#isBracketOpen) return this.#fail("unclosed left bracket");
    this.#emit("eof", this.#at);
    this.isDone = true;
  }

  #wordInBrackets(char: string): void {
    if (char === ":") {
      if (this.#hasColon) return this.#fail(`unexpected colon ':'`);
      this.#hasColon = true;
      return this.#emit(":", this.#at + 1);
    }
    if (this.#durationWord()) return;
    this.#fail(`unexpected character: ${quoteRune(char)}, expected ':'`);
  }

  #durationWord(): boolean {
    let end = this.#at;
    while (ALPHA.test(this.#charAt(end))) end += 1;
    const word = this.#text.slice(this.#at, end).toLowerCase();
    if (!DURATION_WORDS.has(word)) return false;
    this.#emit(word, end);
    return true;
  }

  #stepInDuration(): void {
    const char = this.#charAt(this.#at);
    if (char === "") return this.#fail("unexpected end of input in duration expression");
    if (DIGIT.test(char) || (char === "." && DIGIT.test(this.#charAt(this.#at + 1)))) {
      this.#hasDuration = true;
      this.#isInDuration = false;
      return this.#number();
    }
    switch (char) {
      case "]":
        this.#isBracketOpen = false;
        this.#isInDuration = false;
        return this.#emit("]", this.#at + 1);
      case ":":
        if (!this.#hasDuration) {
          return this.#fail("unexpected colon before duration in duration expression");
        }
        if (this.#hasColon) {
          return this.#fail("unexpected repeated colon in duration expression");
        }
        this.#hasColon = true;
        return this.#emit(":", this.#at + 1);
      case "(":
      case ")":
        return this.#symbol(char);
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
      case "^":
      case ",":
        return this.#emit(char, this.#at + 1);
    }
    // step() and its like count as a duration before a colon, as a number does.
    if (ALPHA.test(char) && this.#durationWord()) return;
    this.#fail(`unexpected character in duration expression: ${quoteRune(char)}`);
  }

  #stepInBraces(): void {
    const char = this.#charAt(this.#at);
    const next = this.#charAt(this.#at + 1);
    if (char === "") return this.#fail("unexpected end of input inside braces");
    if (ALPHA.test(char)) {
      let end = this.#at;
      while (isAlphaNumeric(this.#charAt(end))) end += 1;
      return this.#emit("identifier", end);
    }
    switch (char) {
      case '"':
      case "'":
      case "`":
        return this.#string(char);
      case ",":
        return this.#emit(",", this.#at + 1);
      case "=":
        return next === "~" ? this.#emit("=~", this.#at + 2) : this.#emit("=", this.#at + 1);
      case "!":
        if (next === "~" || next === "=") return this.#emit(`!${next}`, this.#at + 2);
        return this.#fail(`unexpected character after '!' inside braces: ${quoteRune(next)}`);
      case "{":
        return this.#fail(`unexpected left brace '{'`);
      case "}":
        this.#isBraceOpen = false;
        return this.#emit("}", this.#at + 1);
      default:
        return this.#fail(`unexpected character inside braces: ${quoteRune(char)}`);
    }
  }

  #number(): void {
    const { end, kind } = scanNumberOrDuration(this.#text, this.#at);
    if (kind !== undefined) return this.#emit(kind, end);
    const start = this.#at;
    this.#fail(`bad number or duration syntax: ${goQuote(this.#text.slice(start, end))}`);
  }

  #string(quote: string): void {
    const text = this.#text;
    const isRaw = quote === "`";
    for (let at = this.#at + 1; at < text.length; at++) {
      const char = text[at]!;
      if (char === quote) return this.#emit("string", at + 1);
      if (char === "\uFFFD") return this.#fail("invalid UTF-8 rune");
      if (isRaw) continue;
      if (char === "\n") return this.#fail("unterminated quoted string");
      if (char !== "\\") continue;
      const problem = escapeProblem(text, at + 1, quote);
      if (problem !== undefined) return this.#fail(problem);
      at += 1;
    }
    this.#fail(isRaw ? "unterminated raw string" : "unterminated quoted string");
  }

  #keywordOrIdentifier(): void {
    let end = this.#at;
    while (isAlphaNumeric(this.#charAt(end)) || this.#charAt(end) === ":") end += 1;
    const word = this.#text.slice(this.#at, end);
    const lower = word.toLowerCase();
    if (lower === "inf" || lower === "nan") return this.#emit("number", end);
    if (isWord(lower)) {
      // Newer keywords stay usable as metric names where no parenthesis follows.
      const isName = lower.startsWith("fill") && !/^[ \t\r\n]*\(/.test(this.#text.slice(end));
      return this.#emit(isName ? "identifier" : lower, end);
    }
    this.#emit(word.includes(":") ? "metric-identifier" : "identifier", end);
  }

  #charAt(at: number): string {
    return this.#text[at] ?? "";
  }

  #emit(kind: string, end: number): void {
    const span = { start: this.#at, end };
    this.tokens.push({ kind, text: this.#text.slice(span.start, end), span });
    this.#at = end;
  }

  #fail(problem: string): void {
    const span = { start: this.#at, end: this.#text.length };
    this.tokens.push({ kind: "error", text: problem, span });
    this.isDone = true;
  }
}

function isAlphaNumeric(char: string): boolean {
  return char !== "" && (ALPHA.test(char) || DIGIT.test(char));
}

/** What is wrong with the escape whose character after the backslash is at `at`. */
function escapeProblem(text: string, at: number, quote: string): string | undefined {
  const char = text[at];
  if (char === undefined) return "escape sequence not terminated";
  if ("abfnrtv\\".includes(char) || char === quote) return undefined;
  if (/[0-7]/.test(char)) return digitsProblem(text, at, { count: 3, base: 8 });
  if (char === "x") return digitsProblem(text, at + 1, { count: 2, base: 16 });
  if (char === "u") return digitsProblem(text, at + 1, { count: 4, base: 16 });
  if (char === "U") return digitsProblem(text, at + 1, { count: 8, base: 16 });
  return `unknown escape sequence ${codePointName(char)}`;
}

function digitsProblem(
  text: string,
  at: number,
  { count, base }: { readonly count: number; readonly base: 8 | 16 },
): string | undefined {
  let value = 0;
  for (let i = 0; i < count; i++) {
    const char = text[at + i];
    if (char === undefined) return "escape sequence not terminated";
    const digit = /[0-9a-fA-F]/.test(char) ? Number.parseInt(char, 16) : 16;
    if (digit >= base) return `illegal character ${codePointName(char)} in escape sequence`;
    value = value * base + digit;
  }
  const max = count <= 3 ? 255 : 0x10ffff;
  const isSurrogate = 0xd800 <= value && value < 0xe000;
  if (value > max || isSurrogate) return "escape sequence is an invalid Unicode code point";
  return undefined;
}

/** Go's %#U. */
function codePointName(char: string): string {
  const hex = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return `U+${hex} '${char}'`;
}
