/** Text a person wrote, and what to call it: a path, or "<query>". */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Half-open [start, end) in UTF-16 code units of the source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SourceErrorOptions {
  readonly source: Source;
  readonly span: Span;
  /** What would make it right, when we can tell: `did you mean "sum"?` */
  readonly hint?: string | undefined;
}

/**
 * The user's text is wrong, or (as a warning) holds what we do not honour. Parsers collect these
 * and carry on; nobody below the edge catches one.
 *
 * `code` is stable and documented in docs/errors.md; `message` may be reworded at any time.
 */
export class SourceError extends SyntaxError {
  override readonly name: string = "SourceError";
  readonly code: string;
  /** The message without its place. */
  readonly problem: string;
  readonly source: Source;
  readonly span: Span;
  readonly hint: string | undefined;
  /** Both 1-based, as editors count. */
  readonly line: number;
  readonly column: number;

  constructor(code: string, problem: string, { source, span, hint }: SourceErrorOptions) {
    const { line, column } = placeOf(source.text, span.start);
    super(`${source.name}:${line}:${column}: ${problem}`);
    this.code = code;
    this.problem = problem;
    this.source = source;
    this.span = span;
    this.hint = hint;
    this.line = line;
    this.column = column;
  }

  /** Message, offending line, carets under the span. For terminals; the editor draws its own. */
  render(): string {
    const lineText = this.source.text.split("\n")[this.line - 1] ?? "";
    const room = Math.max(1, lineText.length - this.column + 1);
    const carets = "^".repeat(Math.min(Math.max(1, this.span.end - this.span.start), room));
    const gutter = `${this.line} | `;
    const indent = " ".repeat(gutter.length + this.column - 1);
    const note = this.hint === undefined ? "" : ` ${this.hint}`;
    return `${this.message}\n${gutter}${lineText}\n${indent}${carets}${note}`;
  }
}

/** Line and column, both 1-based, of an offset in UTF-16 code units. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return {
    line: before.split("\n").length,
    column: before.length - before.lastIndexOf("\n"),
  };
}
