/** What is being read, and the faults found in it so far. Both parsers work on one of these. */
import type { Source, Span } from "../std/index.ts";
import { ellipsis, SourceError } from "../std/index.ts";
import type { Strictness, TextProblem } from "./series-text.ts";
import { parseSeries } from "./series-text.ts";
import type { ExpositionHandler } from "./types.ts";

/** Enough of a line to recognise it by. */
const EXCERPT_LENGTH_MAX = 80;

export class Reading<Series> {
  readonly text: string;
  readonly errors: SourceError[] = [];
  readonly handler: ExpositionHandler<Series>;
  readonly #source: Source;
  readonly #errorsMax: number;

  constructor(source: Source, handler: ExpositionHandler<Series>, errorsMax: number) {
    this.text = source.text;
    this.handler = handler;
    this.#source = source;
    this.#errorsMax = errorsMax;
  }

  get isGivenUp(): boolean {
    return this.errors.length >= this.#errorsMax;
  }

  /** @param problem what is wrong, after "Cannot read …: " */
  fail(code: string, problem: string, span: Span): void {
    const excerpt = JSON.stringify(ellipsis(this.#lineAt(span.start), EXCERPT_LENGTH_MAX));
    const message = `Cannot read ${excerpt}: ${problem}`;
    this.errors.push(
      new SourceError(`exposition/${code}`, message, { source: this.#source, span }),
    );
  }

  /** Reports a problem found in a part of the text that starts at `offset`. */
  failIn(offset: number, { code, problem, span }: TextProblem): void {
    this.fail(code, problem, { start: offset + span.start, end: offset + span.end });
  }

  /** The caller's handle of the series at [start, end); undefined when its text is wrong. */
  series(start: number, end: number, strictness: Strictness): Series | undefined {
    const slice = this.text.slice(start, end);
    const known = this.handler.lookup(slice);
    if (known !== undefined) return known;
    const text = detach(slice);
    const parsed = parseSeries(text, strictness);
    if (parsed.kind === "series") return this.handler.add(text, parsed.pairs);
    this.failIn(start, parsed);
    return undefined;
  }

  #lineAt(offset: number): string {
    const start = offset === 0 ? 0 : this.text.lastIndexOf("\n", offset - 1) + 1;
    const end = this.text.indexOf("\n", offset);
    return this.text.slice(start, end === -1 ? this.text.length : end);
  }
}

/**
 * A copy. V8's slices point into the text they were cut from: a few kept series would hold the
 * whole body in memory.
 */
export function detach(slice: string): string {
  return Buffer.from(slice).toString();
}
