/**
 * Reads what may follow a selector (`[5m]`, `[1h:1m]`, `offset`, `@`, `anchored`, `smoothed`) and
 * puts it into the selector it follows, however deep that is inside a range.
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import type {
  AtModifier,
  Expr,
  MatrixSelector,
  Subquery,
  TimeModifiers,
  VectorSelector,
} from "./ast.ts";
import {
  durationSeconds,
  numberValue,
  parseOffset,
  parsePositiveDuration,
} from "./parse-duration.ts";
import type { TokenCursor } from "./token-cursor.ts";

const RANGE_CONTEXT = {
  context: "subquery or range selector",
  expected: "number, duration, step(), or range()",
};
const STEP_CONTEXT = {
  context: "subquery selector",
  expected: `number, duration, step(), range(), or "]"`,
};

export function parsePostfixes(cursor: TokenCursor, primary: Expr): Expr {
  let expr = primary;
  for (;;) {
    switch (cursor.current.kind) {
      case "[":
        expr = parseBrackets(cursor, expr);
        break;
      case "offset":
        expr = parseOffsetModifier(cursor, expr);
        break;
      case "@":
        expr = parseAt(cursor, expr);
        break;
      case "anchored":
      case "smoothed":
        expr = parseExtension(cursor, expr);
        break;
      default:
        return expr;
    }
  }
}

function parseBrackets(cursor: TokenCursor, expr: Expr): Expr {
  const open = cursor.next();
  const range = parsePositiveDuration(cursor, RANGE_CONTEXT);
  if (cursor.accept(":")) {
    const step = cursor.at("]") ? undefined : parsePositiveDuration(cursor, STEP_CONTEXT);
    const close = cursor.expect("]", "subquery selector");
    const span = { start: expr.span.start, end: close.span.end };
    return { kind: "subquery", expr, range, span, ...(step === undefined ? {} : { step }) };
  }
  const close = cursor.expect("]", "subquery or range", `":" or "]"`);
  const span = { start: expr.span.start, end: close.span.end };
  const bracketSpan = { start: open.span.start, end: close.span.end };
  const problem = rangeProblem(expr);
  if (problem !== undefined) cursor.report("promql/modifier", problem, bracketSpan);
  if (expr.kind !== "vector-selector") return withoutSelector(span);
  return { kind: "matrix-selector", selector: expr, range, span };
}

function rangeProblem(expr: Expr): string | undefined {
  if (expr.kind !== "vector-selector") return "ranges only allowed for vector selectors";
  if (expr.offset !== undefined) return "no offset modifiers allowed before range";
  if (expr.at !== undefined) return "no @ modifiers allowed before range";
  return undefined;
}

/** Stands in for a range over something else, already reported, so that parsing can go on. */
function withoutSelector(span: Expr["span"]): MatrixSelector {
  const selector: VectorSelector = { kind: "vector-selector", name: "?", matchers: [], span };
  const range = { kind: "literal", seconds: 1, hasUnit: true, span } as const;
  return { kind: "matrix-selector", selector, range, span };
}

function parseOffsetModifier(cursor: TokenCursor, expr: Expr): Expr {
  cursor.next();
  const offset = parseOffset(cursor);
  const target = timedNode(expr);
  if (target === undefined) {
    const wanted = "an instant vector selector or range vector selector or a subquery";
    const problem = `offset modifier must be preceded by ${wanted}`;
    cursor.report("promql/modifier", problem, expr.span);
    return expr;
  }
  if (target.offset !== undefined) {
    cursor.report("promql/modifier", "offset may not be set multiple times", expr.span);
  }
  return withModifiers(expr, { offset }, cursor.lastEnd);
}

function parseAt(cursor: TokenCursor, expr: Expr): Expr {
  cursor.next();
  const at = parseAtTime(cursor, expr);
  const target = timedNode(expr);
  if (target === undefined) {
    const wanted = "an instant vector selector or range vector selector or a subquery";
    const problem = `@ modifier must be preceded by ${wanted}`;
    cursor.report("promql/modifier", problem, expr.span);
    return expr;
  }
  if (target.at !== undefined) {
    const problem = "@ <timestamp> may not be set multiple times";
    cursor.report("promql/modifier", problem, expr.span);
  }
  return withModifiers(expr, { at }, cursor.lastEnd);
}

function parseAtTime(cursor: TokenCursor, expr: Expr): AtModifier {
  const word = cursor.current.kind;
  if ((word === "start" || word === "end") && cursor.peek(1).kind === "(") {
    cursor.next();
    cursor.next();
    cursor.expect(")", "@", "timestamp");
    return { kind: word };
  }
  const sign = cursor.accept("-") ?? cursor.accept("+");
  const token = cursor.accept("number") ?? cursor.accept("duration");
  if (token === undefined) return cursor.unexpected("@", "timestamp");
  const magnitude =
    token.kind === "number" ? numberValue(cursor, token) : durationSeconds(cursor, token);
  const seconds = sign?.kind === "-" ? -magnitude : magnitude;
  if (!(Math.abs(seconds) < 2 ** 63)) {
    const shown = Number.isNaN(seconds) ? "NaN" : seconds > 0 ? "+Inf" : "-Inf";
    const text = Number.isFinite(seconds) ? seconds.toFixed(6) : shown;
    const problem = `timestamp out of bounds for @ modifier: ${text}`;
    cursor.report("promql/modifier", problem, expr.span);
  }
  return { kind: "time", timeMs: Math.round(seconds * MS_PER_SECOND) };
}

function parseExtension(cursor: TokenCursor, expr: Expr): Expr {
  const extension = cursor.next().kind as "anchored" | "smoothed";
  const selector = expr.kind === "matrix-selector" ? expr.selector : expr;
  if (selector.kind === "subquery") {
    const problem = `${extension} modifier is not supported for subqueries`;
    cursor.report("promql/modifier", problem, expr.span);
    return expr;
  }
  if (selector.kind !== "vector-selector") {
    cursor.report("promql/modifier", `${extension} modifier not implemented`, expr.span);
    return expr;
  }
  if (selector.extension !== undefined && selector.extension !== extension) {
    const problem = "anchored and smoothed modifiers cannot be used together";
    cursor.report("promql/modifier", problem, expr.span);
  }
  const changed = { ...selector, extension };
  return expr.kind === "matrix-selector" ? { ...expr, selector: changed } : changed;
}

/** The node of `expr` that carries offset and @. */
function timedNode(expr: Expr): VectorSelector | Subquery | undefined {
  if (expr.kind === "matrix-selector") return expr.selector;
  return expr.kind === "vector-selector" || expr.kind === "subquery" ? expr : undefined;
}

function withModifiers(expr: Expr, changes: TimeModifiers, end: number): Expr {
  const span = { start: expr.span.start, end };
  switch (expr.kind) {
    case "matrix-selector":
      return { ...expr, selector: { ...expr.selector, ...changes }, span };
    case "vector-selector":
    case "subquery":
      return { ...expr, ...changes, span };
    default:
      return expr;
  }
}
