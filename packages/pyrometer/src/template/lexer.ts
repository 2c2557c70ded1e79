/**
 * Cuts a template into tokens: text outside the delimiters, and words, literals and signs inside.
 *
 * Blanks between words are tokens too, as `a.b` and `a .b` differ. Tokens and messages are those
 * of Go's text/template/parse, so that an error reads as users know it.
 */

export type TokenKind =
  | "bool"
  | "char"
  | "chars"
  | "close"
  | "declare"
  | "assign"
  | "dot"
  | "end-of-text"
  | "error"
  | "field"
  | "identifier"
  | "keyword"
  | "left-paren"
  | "nil"
  | "number"
  | "open"
  | "pipe"
  | "raw-string"
  | "right-paren"
  | "space"
  | "string"
  | "text"
  | "variable";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly at: number;
}

/** What stopped the lexer or parser, and where. Made into a SourceError at the room's door. */
export class TemplateSyntaxError extends Error {
  readonly at: number;
  readonly end: number;
  readonly code: string;

  constructor(message: string, at: number, { end = at + 1, code = "template/syntax" } = {}) {
    super(message);
    this.at = at;
    this.end = end;
    this.code = code;
  }
}

const KEYWORDS = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);

const OPEN = "{{";
const CLOSE = "}}";
const BLANK = /[ \t\r\n]/;
const WORD = /[\p{L}\p{Nd}_]/u;
const WORDS = /[\p{L}\p{Nd}_]*/uy;
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]+)?|0[oO][0-7_]+|0[bB][01_]+|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?)/y;

/** Ends with "end-of-text", or with an "error" whose text says what is wrong where it stopped. */
export function lex(input: string): Token[] {
  return new Lexer(input).run();
}

class Lexer {
  readonly #input: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #parens = 0;
  /** Where the action being read began: an unclosed one is told there, not at the text's end. */
  #openAt = 0;

  constructor(input: string) {
    this.#input = input;
  }

  run(): Token[] {
    try {
      this.#all();
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      this.#push("error", error.message, error.at);
    }
    return this.#tokens;
  }

  #all(): void {
    for (;;) {
      const open = this.#input.indexOf(OPEN, this.#at);
      if (open === -1) break;
      this.#text(open);
      if (!this.#comment()) this.#action();
    }
    this.#text(this.#input.length, { isLast: true });
    this.#push("end-of-text", "", this.#input.length);
  }

  /** The text up to `end`, without the blanks that a trim marker behind it takes away. */
  #text(end: number, { isLast = false } = {}): void {
    let text = this.#input.slice(this.#at, end);
    if (!isLast && this.#hasTrimMarkerAt(end + OPEN.length)) text = text.replace(/[ \t\r\n]+$/, "");
    if (text !== "") this.#push("text", text, this.#at);
    this.#at = end;
  }

  /** `- ` after the opening delimiter. */
  #hasTrimMarkerAt(at: number): boolean {
    return this.#input[at] === "-" && BLANK.test(this.#input[at + 1] ?? "");
  }

  /** ` -}}`: trims the text that follows. */
  #closeLengthAt(at: number): { length: number; trims: boolean } | undefined {
    const input = this.#input;
    if (input.startsWith(CLOSE, at)) return { length: CLOSE.length, trims: false };
    if (BLANK.test(input[at] ?? "") && input.startsWith(`-${CLOSE}`, at + 1)) {
      return { length: CLOSE.length + 2, trims: true };
    }
    return undefined;
  }

  #comment(): boolean {
    const start = this.#at + OPEN.length;
    const from = this.#hasTrimMarkerAt(start) ? start + 2 : start;
    if (!this.#input.startsWith("/*", from)) return false;
    const end = this.#input.indexOf("*/", from + 2);
    if (end === -1) throw new TemplateSyntaxError("unclosed comment", this.#at);
    const close = this.#closeLengthAt(end + 2);
    if (!close) throw new TemplateSyntaxError("comment ends before closing delimiter", this.#at);
    this.#closed(end + 2 + close.length, close.trims);
    return true;
  }

  #closed(at: number, trims: boolean): void {
    this.#at = at;
    if (!trims) return;
    while (BLANK.test(this.#input[this.#at] ?? "")) this.#at += 1;
  }

  #action(): void {
    this.#openAt = this.#at;
    this.#push("open", OPEN, this.#at);
    this.#at += OPEN.length;
    if (this.#hasTrimMarkerAt(this.#at)) this.#at += 1;
    this.#parens = 0;
    for (;;) {
      const close = this.#closeLengthAt(this.#at);
      if (close) {
        if (this.#parens > 0) throw new TemplateSyntaxError("unclosed left paren", this.#at);
        this.#push("close", CLOSE, this.#at);
        return this.#closed(this.#at + close.length, close.trims);
      }
      this.#insideAction();
    }
  }

  #insideAction(): void {
    const at = this.#at;
    const char = this.#input[at];
    if (char === undefined) throw new TemplateSyntaxError("unclosed action", this.#openAt);
    if (BLANK.test(char)) return this.#space();
    if (char === '"') return this.#quoted('"', { kind: "string", name: "quoted string" });
    if (char === "`") return this.#rawString();
    if (char === "'") return this.#quoted("'", { kind: "char", name: "character constant" });
    if (char === "$") return this.#word("variable");
    if (char === "." && !/[0-9]/.test(this.#input[at + 1] ?? "")) return this.#field();
    if (/[+\-.0-9]/.test(char)) return this.#number();
    if (WORD.test(this.#charAt(at))) return this.#word("identifier");
    this.#sign(char);
  }

  #sign(char: string): void {
    switch (char) {
      case ":":
        if (this.#input[this.#at + 1] !== "=") throw this.#fail("expected :=");
        return this.#take("declare", 2);
      case "=":
        return this.#take("assign", 1);
      case "|":
        return this.#take("pipe", 1);
      case "(":
        this.#parens += 1;
        return this.#take("left-paren", 1);
      case ")":
        this.#parens -= 1;
        if (this.#parens < 0) throw this.#fail("unexpected right paren");
        return this.#take("right-paren", 1);
      default:
        if (!/[\x21-\x7e]/.test(char)) {
          throw this.#fail(`unrecognized character in action: ${this.#describeChar(this.#at)}`);
        }
        return this.#take("chars", 1);
    }
  }

  #space(): void {
    let end = this.#at + 1;
    // The last blank belongs to a trimming close, when one follows.
    while (BLANK.test(this.#input[end] ?? "") && !this.#closeLengthAt(end)) end += 1;
    this.#take("space", end - this.#at);
  }

  #field(): void {
    WORDS.lastIndex = this.#at + 1;
    const name = WORDS.exec(this.#input)?.[0] ?? "";
    if (name === "") return this.#take("dot", 1);
    this.#checkTerminator(this.#at + 1 + name.length);
    this.#take("field", 1 + name.length);
  }

  #word(kind: "variable" | "identifier"): void {
    WORDS.lastIndex = this.#at + (kind === "variable" ? 1 : 0);
    const name = WORDS.exec(this.#input)?.[0] ?? "";
    const length = name.length + (kind === "variable" ? 1 : 0);
    this.#checkTerminator(this.#at + length);
    if (kind === "variable") return this.#take("variable", length);
    if (KEYWORDS.has(name)) return this.#take("keyword", length);
    if (name === "true" || name === "false") return this.#take("bool", length);
    this.#take(name === "nil" ? "nil" : "identifier", length);
  }

  #checkTerminator(at: number): void {
    const char = this.#input[at];
    if (char === undefined || /[ \t\r\n.,|:()=]/.test(char)) return;
    if (this.#input.startsWith(CLOSE, at)) return;
    throw new TemplateSyntaxError(`bad character ${this.#describeChar(at)}`, at);
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#input)?.[0] ?? "";
    const end = this.#at + text.length;
    const isBad = !/[0-9]/.test(text) || WORD.test(this.#charAt(end));
    if (isBad) {
      const shown = this.#input.slice(this.#at, Math.max(end, this.#at) + 1);
      throw this.#fail(`bad number syntax: ${JSON.stringify(shown)}`);
    }
    this.#take("number", text.length);
  }

  #quoted(mark: string, { kind, name }: { kind: "string" | "char"; name: string }): void {
    let end = this.#at + 1;
    for (; ; end++) {
      const char = this.#input[end];
      if (char === undefined || char === "\n") throw this.#fail(`unterminated ${name}`);
      if (char === "\\" && this.#input[end + 1] !== "\n") end += 1;
      else if (char === mark) break;
    }
    this.#take(kind, end + 1 - this.#at);
  }

  #rawString(): void {
    const end = this.#input.indexOf("`", this.#at + 1);
    if (end === -1) throw this.#fail("unterminated raw quoted string");
    this.#take("raw-string", end + 1 - this.#at);
  }

  #take(kind: TokenKind, length: number): void {
    this.#push(kind, this.#input.slice(this.#at, this.#at + length), this.#at);
    this.#at += length;
  }

  #push(kind: TokenKind, text: string, at: number): void {
    this.#tokens.push({ kind, text, at });
  }

  #charAt(at: number): string {
    const point = this.#input.codePointAt(at);
    return point === undefined ? "" : String.fromCodePoint(point);
  }

  /** Go's %#U: the code point, and the character itself when it can be seen. */
  #describeChar(at: number): string {
    const char = this.#charAt(at);
    const hex = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(char) && char !== "\u00a0"
      ? `U+${hex} '${char}'`
      : `U+${hex}`;
  }

  #fail(message: string): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.#at);
  }
}
