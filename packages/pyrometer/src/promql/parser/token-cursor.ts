import type { Source, Span } from "../../std/index.ts";
import { SourceError } from "../../std/index.ts";
import type { Token } from "./lexer.ts";
import { describeToken, tokenize } from "./lexer.ts";

/** Ends parsing: nothing sensible can be read after a syntax error. Caught by parseWith(). */
export class SyntaxStop extends Error {
  override readonly name = "SyntaxStop";
}

/** Where the parser stands in the tokens, and what it has found wrong so far. */
export class TokenCursor {
  readonly source: Source;
  readonly errors: SourceError[] = [];
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(source: Source) {
    this.source = source;
    this.#tokens = tokenize(source.text);
  }

  get current(): Token {
    return this.#tokens[this.#index]!;
  }

  peek(distance: number): Token {
    return this.#tokens[Math.min(this.#index + distance, this.#tokens.length - 1)]!;
  }

  /** Where the token before the current one ended. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.span.end ?? 0;
  }

  at(kind: string): boolean {
    return this.current.kind === kind;
  }

  next(): Token {
    const token = this.current;
    if (this.#index < this.#tokens.length - 1) this.#index += 1;
    return token;
  }

  accept(kind: string): Token | undefined {
    return this.at(kind) ? this.next() : undefined;
  }

  expect(kind: string, context: string, expected = `"${kind}"`): Token {
    return this.accept(kind) ?? this.unexpected(context, expected);
  }

  /** @throws {SyntaxStop} always, having noted what the current token is doing here */
  unexpected(context = "", expected = ""): never {
    const { current } = this;
    if (current.kind === "error") this.report("promql/syntax", current.text, current.span);
    else {
      const where = context === "" ? "" : ` in ${context}`;
      const wanted = expected === "" ? "" : `, expected ${expected}`;
      const problem = `unexpected ${describeToken(current)}${where}${wanted}`;
      this.report("promql/syntax", problem, current.span);
    }
    throw new SyntaxStop();
  }

  report(code: string, problem: string, span: Span): void {
    this.errors.push(new SourceError(code, problem, { source: this.source, span }));
  }
}
