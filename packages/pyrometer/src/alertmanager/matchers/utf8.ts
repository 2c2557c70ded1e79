/**
 * The UTF-8 matcher syntax: any characters in names and values, double quotes with Go's escapes
 * around those that hold reserved ones.
 * Source: alertmanager matcher/parse
 */
import type { Matcher, MatchOperator } from "../../model/index.ts";
import { unquoteGo } from "../../std/index.ts";
import type { Token, TokenKind } from "./lexer.ts";
import { tokenize } from "./lexer.ts";
import { createAlertMatcher } from "./matcher.ts";
import { MatcherError } from "./matcher-error.ts";

/** @throws {MatcherError | RegexError} */
export function parseUtf8Matchers(input: string): Matcher[] {
  return new Parser(tokenize(input)).parse();
}

const OPERATORS: readonly TokenKind[] = ["=", "!=", "=~", "!~"];

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Matcher[] {
    const matchers: Matcher[] = [];
    if (this.#peek().kind === "end") return matchers;
    const isOpened = this.#peek().kind === "{";
    if (isOpened) this.#index++;
    while (!this.#isAtEndOfList()) {
      matchers.push(this.#parseMatcher());
      if (this.#isAtEndOfList()) break;
      this.#expect([","], "expected a comma or close brace");
      if (this.#isAtEndOfList()) break;
      this.#check(["unquoted", "quoted"], "expected a matcher or close brace after comma");
    }
    this.#closeBrace(isOpened);
    this.#expect(["end"], "expected end of input");
    return matchers;
  }

  #isAtEndOfList(): boolean {
    const { kind } = this.#peek();
    return kind === "}" || kind === "end";
  }

  #parseMatcher(): Matcher {
    const name = this.#textOf(this.#expect(["quoted", "unquoted"], "expected label name"));
    const wanted = "expected an operator such as '=', '!=', '=~' or '!~'";
    const operator = this.#expect(OPERATORS, wanted).kind as MatchOperator;
    const value = this.#textOf(this.#expect(["unquoted", "quoted"], "expected label value"));
    return createAlertMatcher(name, operator, value);
  }

  #textOf({ kind, text, start, end }: Token): string {
    if (kind === "unquoted") return text;
    const unquoted = unquoteGo(text);
    if (!unquoted?.isUtf8) throw new MatcherError(`${start}:${end}: ${text}: invalid input`);
    return unquoted.text;
  }

  #closeBrace(isOpened: boolean): void {
    const { kind, end } = this.#peek();
    if (kind === "}") {
      if (!isOpened) throw new MatcherError(`0:${end}: }: expected opening brace`);
      this.#index++;
      return;
    }
    if (isOpened) throw new MatcherError(`0:${end}: end of input: expected close brace`);
  }

  #peek(): Token {
    const token = this.#tokens[this.#index]!;
    if (token.kind === "error") throw new MatcherError(token.text);
    return token;
  }

  #check(kinds: readonly TokenKind[], wanted: string): Token {
    const token = this.#peek();
    if (kinds.includes(token.kind)) return token;
    if (token.kind === "end") throw new MatcherError(`end of input: ${wanted}`);
    throw new MatcherError(`${token.start}:${token.end}: unexpected ${token.text}: ${wanted}`);
  }

  #expect(kinds: readonly TokenKind[], wanted: string): Token {
    const token = this.#check(kinds, wanted);
    this.#index++;
    return token;
  }
}
