import type { Source } from "../std/index.ts";
import { placeOf } from "../std/index.ts";

/** What ended an execution: the data did not fit the template, a limit was hit, or the caller left. */
export type TemplateErrorCode = "template/execution" | "template/limit" | "template/canceled";

export interface TemplateErrorOptions {
  readonly source: Source;
  /** UTF-16 offset in the source. */
  readonly at: number;
  /** The template being run, and the part of it, as Go's messages quote it. */
  readonly templateName: string;
  readonly context: string;
  readonly cause?: unknown;
}

/**
 * A template could not be carried out on this data.
 *
 * `message` is Go's, word for word, as users have it in their dashboards and searches:
 * `template: NAME:LINE:COLUMN: executing "NAME" at <PART>: …`, where Go counts columns from 0.
 * `line` and `column` count from 1, as everywhere here.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly code: TemplateErrorCode;
  /** The message without its place. */
  readonly problem: string;
  readonly source: Source;
  readonly line: number;
  readonly column: number;

  constructor(code: TemplateErrorCode, problem: string, options: TemplateErrorOptions) {
    const { source, at, templateName, context, cause } = options;
    const { line, column } = placeOf(source.text, at);
    const place = `${source.name}:${line}:${column - 1}`;
    const what = `executing ${JSON.stringify(templateName)} at <${context}>`;
    super(`template: ${place}: ${what}: ${problem}`, { cause });
    this.code = code;
    this.problem = problem;
    this.source = source;
    this.line = line;
    this.column = column;
  }
}

/** Thrown by a template function whose arguments do not fit; the executor adds the place. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}

/** Like FunctionError, for faults that Go finds before the call: number and types of arguments. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}
