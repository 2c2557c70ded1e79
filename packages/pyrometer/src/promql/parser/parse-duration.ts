/** Reads what stands in `[…]` and after `offset`: a duration, or arithmetic over durations. */
import { parseDuration } from "../../std/index.ts";
import type { Duration, DurationLiteral } from "./ast.ts";
import type { Token } from "./lexer.ts";
import { parseNumber } from "./number.ts";
import type { TokenCursor } from "./token-cursor.ts";

type ArithmeticSign = "+" | "-" | "*" | "/" | "%" | "^";

const PRECEDENCE: Readonly<Record<string, number>> = {
  "+": 1,
  "-": 1,
  "*": 2,
  "/": 2,
  "%": 2,
  "^": 3,
};
const UNARY_PRECEDENCE = 2;

/** Go keeps durations in int64 nanoseconds. */
const SECONDS_MAX = 2 ** 63 / 1e9;

interface DurationContext {
  /** "subquery or range selector", for messages. */
  readonly context: string;
  readonly expected: string;
}

/** Durations that must be more than 0 as far as can be told before the query runs. */
export function parsePositiveDuration(cursor: TokenCursor, where: DurationContext): Duration {
  const duration = parseDurationExpr(cursor, where, 0);
  if (duration.kind === "literal" && !(duration.seconds > 0)) {
    cursor.report("promql/duration", "duration must be greater than 0", duration.span);
  }
  return duration;
}

/** After `offset` only one operand stands; arithmetic needs parentheses there. */
export function parseOffset(cursor: TokenCursor): Duration {
  const where = { context: "offset", expected: "number, duration, step(), or range()" };
  return parseUnary(cursor, where, () => parsePrimary(cursor, where));
}

function parseDurationExpr(
  cursor: TokenCursor,
  where: DurationContext,
  precedenceMin: number,
): Duration {
  let left = parseUnary(cursor, where, () => parseDurationExpr(cursor, where, UNARY_PRECEDENCE));
  for (;;) {
    const precedence = PRECEDENCE[cursor.current.kind];
    if (precedence === undefined || precedence <= precedenceMin) return left;
    const sign = cursor.next();
    // ^ groups to the right, the others to the left.
    const right = parseDurationExpr(cursor, where, sign.kind === "^" ? precedence - 1 : precedence);
    if ((sign.kind === "/" || sign.kind === "%") && isZero(right)) {
      const what = sign.kind === "/" ? "division" : "modulo";
      cursor.report("promql/duration", `${what} by zero`, sign.span);
    }
    const span = { start: left.span.start, end: right.span.end };
    left = { kind: "arithmetic", operator: sign.kind as ArithmeticSign, left, right, span };
  }
}

function isZero(duration: Duration): boolean {
  return duration.kind === "literal" && duration.seconds === 0;
}

function parseUnary(
  cursor: TokenCursor,
  where: DurationContext,
  operand: () => Duration,
): Duration {
  const sign = cursor.accept("-") ?? cursor.accept("+");
  if (sign === undefined) return parsePrimary(cursor, where);
  const inner = operand();
  const span = { start: sign.span.start, end: inner.span.end };
  if (sign.kind === "+") return { ...inner, span };
  if (inner.kind === "literal") return { ...inner, seconds: -inner.seconds, span };
  return { kind: "negated", operand: inner, span };
}

function parsePrimary(cursor: TokenCursor, where: DurationContext): Duration {
  const token = cursor.current;
  switch (token.kind) {
    case "number":
    case "duration":
      return parseLiteral(cursor);
    case "(": {
      cursor.next();
      const operand = parseDurationExpr(cursor, where, 0);
      const close = cursor.expect(")", where.context);
      return { kind: "paren", operand, span: { start: token.span.start, end: close.span.end } };
    }
    case "step":
    case "range":
    case "min_of":
    case "max_of":
      cursor.next();
      return parseCall(cursor, where, { name: token.kind, start: token.span.start });
    default:
      return cursor.unexpected(where.context, where.expected);
  }
}

function parseCall(
  cursor: TokenCursor,
  where: DurationContext,
  { name, start }: { name: "step" | "range" | "min_of" | "max_of"; start: number },
): Duration {
  cursor.expect("(", where.context, where.expected);
  const args: Duration[] = [];
  if (name === "min_of" || name === "max_of") {
    args.push(parseDurationExpr(cursor, where, 0));
    cursor.expect(",", where.context);
    args.push(parseDurationExpr(cursor, where, 0));
  }
  const close = cursor.expect(")", where.context);
  return { kind: "call", name, args, span: { start, end: close.span.end } };
}

function parseLiteral(cursor: TokenCursor): DurationLiteral {
  const token = cursor.next();
  const hasUnit = token.kind === "duration";
  const seconds = hasUnit ? durationSeconds(cursor, token) : numberValue(cursor, token);
  const { span } = token;
  if (!(Math.abs(seconds) <= SECONDS_MAX)) {
    cursor.report("promql/duration", "duration out of range", span);
    return { kind: "literal", seconds: 0, hasUnit, span };
  }
  return { kind: "literal", seconds, hasUnit, span };
}

export function numberValue(cursor: TokenCursor, { text, span }: Token): number {
  const value = parseNumber(text);
  if (value === undefined) {
    cursor.report("promql/syntax", `error parsing number: invalid syntax "${text}"`, span);
  }
  return value ?? NaN;
}

export function durationSeconds(cursor: TokenCursor, { text, span }: Token): number {
  const parsed = parseDuration(text);
  if ("ms" in parsed) return parsed.ms / 1000;
  cursor.report("promql/duration", durationProblem(text), span);
  return 0;
}

/** Prometheus' words. Its parser knows the units and their order, ours says more; see std. */
function durationProblem(text: string): string {
  for (const [, unit] of text.matchAll(/\d+([a-z]+)/g)) {
    if (!/^(ms|[smhdwy])$/.test(unit!)) return `unknown unit "${unit}" in duration "${text}"`;
  }
  return `not a valid duration string: "${text}"`;
}
