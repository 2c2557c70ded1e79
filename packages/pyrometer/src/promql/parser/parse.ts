/**
 * From text to a checked expression: recursive descent, with operator precedence by climbing.
 *
 * Not built on Prometheus' lezer grammar, which is made for highlighting: it hangs a modifier on
 * the whole expression before it (`a + b offset 5m` shifts both), reads `-1^2` as `(-1)^2`, knows
 * no `5.`, and cannot say what Prometheus says about a mistake.
 * Source: Prometheus 3.14, promql/parser/generated_parser.y
 */
import type { Matcher } from "../../model/index.ts";
import type { Source, SourceError } from "../../std/index.ts";
import type { FunctionName } from "../functions/signatures.ts";
import { isFunctionName } from "../functions/signatures.ts";
import { EXPRESSION_DEPTH_MAX } from "../limits.ts";
import type { AggregateOperator, BinaryOperator, Expr } from "./ast.ts";
import { takesParam } from "./ast.ts";
import { checkTypes } from "./check.ts";
import { ALL_FEATURES, checkFeatures } from "./features.ts";
import { isAggregateWord, isWord } from "./lexer.ts";
import { durationSeconds, numberValue } from "./parse-duration.ts";
import { parseBinaryModifiers, parseGroupingLabels } from "./parse-matching.ts";
import { parsePostfixes } from "./parse-modifiers.ts";
import { parseVectorSelector } from "./parse-selector.ts";
import { SyntaxStop, TokenCursor } from "./token-cursor.ts";
import { unquoteLiteral } from "./unquote.ts";

const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  "==": 3,
  "!=": 3,
  ">": 3,
  "<": 3,
  ">=": 3,
  "<=": 3,
  "</": 3,
  ">/": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};
const UNARY_PRECEDENCE = 5;

/** Words that cannot name a metric where an expression is expected. */
const NEVER_NAMES: ReadonlySet<string> = new Set([
  "bool",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "atan2",
]);

export interface ParsedQuery {
  /** undefined when there are errors. */
  readonly expr: Expr | undefined;
  readonly errors: readonly SourceError[];
}

/**
 * Parses and type-checks one expression. Never throws on any text.
 *
 * @param features what of the experimental language to take; all of it unless given
 */
export function parseQuery(source: Source, features = ALL_FEATURES): ParsedQuery {
  const cursor = new TokenCursor(source);
  const expr = parseWith(cursor, () => {
    if (cursor.at("eof")) {
      cursor.report("promql/syntax", "no expression found in input", { start: 0, end: 0 });
      throw new SyntaxStop();
    }
    const whole = parseExpr(cursor, { precedenceMin: 0, depth: 0 });
    if (!cursor.at("eof")) cursor.unexpected();
    return whole;
  });
  if (expr !== undefined) {
    cursor.errors.push(...checkFeatures(expr, source, features), ...checkTypes(expr, source));
  }
  return { expr: cursor.errors.length === 0 ? expr : undefined, errors: cursor.errors };
}

/** Parses what `match[]=` and the like take: one selector without modifiers. */
export function parseSelector(source: Source): {
  readonly matchers: readonly Matcher[] | undefined;
  readonly errors: readonly SourceError[];
} {
  const cursor = new TokenCursor(source);
  const selector = parseWith(cursor, () => {
    if (!cursor.at("{") && !isName(cursor)) cursor.unexpected();
    const parsed = parseVectorSelector(cursor);
    if (!cursor.at("eof")) cursor.unexpected();
    return parsed;
  });
  if (selector !== undefined) cursor.errors.push(...checkTypes(selector, source));
  const matchers = cursor.errors.length === 0 ? selector?.matchers : undefined;
  return { matchers, errors: cursor.errors };
}

function parseWith<T>(cursor: TokenCursor, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxStop && cursor.errors.length > 0) return undefined;
    throw error;
  }
}

interface Position {
  readonly precedenceMin: number;
  readonly depth: number;
}

function parseExpr(cursor: TokenCursor, { precedenceMin, depth }: Position): Expr {
  let left = parseUnary(cursor, depth);
  for (let chained = depth; ; chained++) {
    const operator = cursor.current.kind;
    const precedence = PRECEDENCE[operator];
    if (precedence === undefined || precedence <= precedenceMin) return left;
    assertShallow(cursor, chained);
    const operatorStart = cursor.next().span.start;
    const modifiers = parseBinaryModifiers(cursor);
    const operatorSpan = { start: operatorStart, end: cursor.lastEnd };
    // ^ groups to the right, the others to the left.
    const rightMin = operator === "^" ? precedence - 1 : precedence;
    const right = parseExpr(cursor, { precedenceMin: rightMin, depth: chained + 1 });
    left = {
      kind: "binary",
      operator: operator as BinaryOperator,
      left,
      right,
      ...modifiers,
      operatorSpan,
      span: { start: left.span.start, end: right.span.end },
    };
  }
}

function assertShallow(cursor: TokenCursor, depth: number): void {
  if (depth < EXPRESSION_DEPTH_MAX) return;
  const problem = `expression is nested more than ${EXPRESSION_DEPTH_MAX} levels deep`;
  cursor.report("promql/depth", problem, cursor.current.span);
  throw new SyntaxStop();
}

function parseUnary(cursor: TokenCursor, depth: number): Expr {
  assertShallow(cursor, depth);
  const sign = cursor.accept("-") ?? cursor.accept("+");
  if (sign === undefined) return parsePostfixes(cursor, parsePrimary(cursor, depth));
  // The operand takes ^ but not *: -a^b is -(a^b), -a*b is (-a)*b.
  const expr = parseExpr(cursor, { precedenceMin: UNARY_PRECEDENCE, depth: depth + 1 });
  const span = { start: sign.span.start, end: expr.span.end };
  if (expr.kind === "number") {
    return { ...expr, value: sign.kind === "-" ? -expr.value : expr.value, span };
  }
  return { kind: "unary", operator: sign.kind === "-" ? "-" : "+", expr, span };
}

function parsePrimary(cursor: TokenCursor, depth: number): Expr {
  const { kind, span, text } = cursor.current;
  switch (kind) {
    case "number": {
      const token = cursor.next();
      return { kind: "number", value: numberValue(cursor, token), isDuration: false, span };
    }
    case "duration": {
      const token = cursor.next();
      return { kind: "number", value: durationSeconds(cursor, token), isDuration: true, span };
    }
    case "string":
      cursor.next();
      return { kind: "string", ...unquoteLiteral(text), span };
    case "(": {
      cursor.next();
      const expr = parseExpr(cursor, { precedenceMin: 0, depth: depth + 1 });
      const close = cursor.accept(")") ?? cursor.unexpected();
      return { kind: "paren", expr, span: { start: span.start, end: close.span.end } };
    }
    case "{":
      return parseVectorSelector(cursor);
  }
  if (!isName(cursor)) return cursor.unexpected();
  if (isAggregateWord(kind) && isAggregateNext(cursor)) return parseAggregate(cursor, depth);
  if (cursor.peek(1).kind === "(" && isCallable(kind)) return parseCall(cursor, depth);
  return parseVectorSelector(cursor);
}

function isName(cursor: TokenCursor): boolean {
  const { kind } = cursor.current;
  if (kind === "identifier" || kind === "metric-identifier") return true;
  return isWord(kind) && !NEVER_NAMES.has(kind);
}

function isCallable(kind: string): boolean {
  if (kind === "identifier") return true;
  return ["start", "end", "step", "range", "min_of", "max_of"].includes(kind);
}

/** `sum` alone is a metric name; before `(`, `by` or another name it is an aggregation. */
function isAggregateNext(cursor: TokenCursor): boolean {
  const { kind } = cursor.peek(1);
  return kind === "(" || kind === "by" || kind === "without" || kind === "identifier";
}

function parseAggregate(cursor: TokenCursor, depth: number): Expr {
  const { kind, span: operatorSpan } = cursor.next();
  const operator = kind as AggregateOperator;
  let modifier = parseAggregateModifier(cursor);
  if (!cursor.at("(")) cursor.unexpected();
  const args = parseArguments(cursor, depth);
  modifier ??= parseAggregateModifier(cursor);
  const span = { start: operatorSpan.start, end: cursor.lastEnd };
  const wanted = takesParam(operator) ? 2 : 1;
  const expr = args.at(-1);
  if (args.length !== wanted || expr === undefined) {
    const problem =
      args.length === 0
        ? "no arguments for aggregate expression provided"
        : `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`;
    cursor.report("promql/arguments", problem, span);
    throw new SyntaxStop();
  }
  const { grouping = [], isWithout = false } = modifier ?? {};
  const param = wanted === 2 ? { param: args[0]! } : {};
  return { kind: "aggregate", operator, expr, ...param, grouping, isWithout, span };
}

function parseAggregateModifier(
  cursor: TokenCursor,
): { grouping: readonly string[]; isWithout: boolean } | undefined {
  const word = cursor.accept("by") ?? cursor.accept("without");
  if (word === undefined) return undefined;
  return { grouping: parseGroupingLabels(cursor), isWithout: word.kind === "without" };
}

function parseCall(cursor: TokenCursor, depth: number): Expr {
  const { text: name, span: nameSpan } = cursor.next();
  if (!isFunctionName(name)) {
    cursor.report("promql/unknown-function", `unknown function with name "${name}"`, nameSpan);
  }
  const args = parseArguments(cursor, depth);
  const span = { start: nameSpan.start, end: cursor.lastEnd };
  // An unknown function has been reported; there is no type to check it against.
  if (!isFunctionName(name)) throw new SyntaxStop();
  return { kind: "call", name: name satisfies FunctionName, args, span };
}

function parseArguments(cursor: TokenCursor, depth: number): Expr[] {
  const args: Expr[] = [];
  cursor.next();
  if (cursor.accept(")")) return args;
  for (;;) {
    args.push(parseExpr(cursor, { precedenceMin: 0, depth: depth + 1 }));
    const comma = cursor.accept(",");
    if (comma === undefined) break;
    if (cursor.at(")") || cursor.at("error")) {
      const problem = "trailing commas not allowed in function call args";
      if (cursor.at("error")) cursor.unexpected();
      cursor.report("promql/syntax", problem, comma.span);
      break;
    }
  }
  if (cursor.accept(")") === undefined) cursor.unexpected();
  return args;
}
