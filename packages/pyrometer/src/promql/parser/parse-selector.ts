/** Reads `name{label="value", …}`. */
import type { Matcher, MatchOperator } from "../../model/index.ts";
import { createMatcher, METRIC_NAME, RegexError } from "../../model/index.ts";
import type { VectorSelector } from "./ast.ts";
import type { Token } from "./lexer.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { unquote } from "./unquote.ts";

const OPERATORS: ReadonlySet<string> = new Set(["=", "!=", "=~", "!~"]);

/** The current token is the name, or else the left brace. */
export function parseVectorSelector(cursor: TokenCursor): VectorSelector {
  const start = cursor.current.span.start;
  const name = cursor.at("{") ? "" : cursor.next().text;
  const matchers = cursor.at("{") ? parseMatchers(cursor) : [];
  if (name !== "") matchers.push(createMatcher(METRIC_NAME, "=", name));
  return { kind: "vector-selector", name, matchers, span: { start, end: cursor.lastEnd } };
}

function parseMatchers(cursor: TokenCursor): Matcher[] {
  const matchers: Matcher[] = [];
  cursor.next();
  while (!cursor.accept("}")) {
    const matcher = parseMatcher(cursor);
    if (matcher !== undefined) matchers.push(matcher);
    if (cursor.accept(",") || cursor.at("}")) continue;
    cursor.unexpected("label matching", `"," or "}"`);
  }
  return matchers;
}

function parseMatcher(cursor: TokenCursor): Matcher | undefined {
  const label = cursor.accept("identifier") ?? cursor.accept("string");
  if (label === undefined) return cursor.unexpected("label matching", `identifier or "}"`);
  const isQuoted = label.kind === "string";
  const name = isQuoted ? unquote(label.text) : label.text;
  if (!OPERATORS.has(cursor.current.kind)) {
    if (isQuoted) return createMatcher(METRIC_NAME, "=", name);
    cursor.unexpected("label matching", "label matching operator");
  }
  const operator = cursor.next().kind as MatchOperator;
  const value = cursor.accept("string") ?? cursor.unexpected("label matching", "string");
  return createMatcherAt(cursor, { name, operator, label, value });
}

interface MatcherParts {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly label: Token;
  readonly value: Token;
}

function createMatcherAt(cursor: TokenCursor, parts: MatcherParts): Matcher | undefined {
  try {
    return createMatcher(parts.name, parts.operator, unquote(parts.value.text));
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    const span = { start: parts.label.span.start, end: parts.value.span.end };
    cursor.report("promql/regex", error.message, span);
    return undefined;
  }
}
