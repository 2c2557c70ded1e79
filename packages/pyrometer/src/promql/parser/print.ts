/**
 * Prints an expression the one way Prometheus prints it: parse∘print∘parse is parse.
 * Source: Prometheus 3.14, promql/parser/printer.go
 */
import { formatValue, isLegacyLabelName, METRIC_NAME, quote } from "../../model/index.ts";
import { formatDuration, MS_PER_SECOND, unreachable } from "../../std/index.ts";
import type {
  Aggregate,
  Binary,
  Duration,
  Expr,
  TimeModifiers,
  VectorMatching,
  VectorSelector,
} from "./ast.ts";

export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "number":
      return expr.isDuration ? formatDuration(expr.value * MS_PER_SECOND) : formatValue(expr.value);
    case "string":
      return expr.literal ?? quoted(expr.text);
    case "vector-selector":
      return printSelector(expr) + printExtension(expr, printAt(expr)) + printOffset(expr);
    case "matrix-selector": {
      const { selector, range } = expr;
      const extension = selector.extension === undefined ? "" : ` ${selector.extension}`;
      const brackets = `[${printDuration(range)}]${extension}`;
      return printSelector(selector) + brackets + printAt(selector) + printOffset(selector);
    }
    case "subquery": {
      const step = expr.step === undefined ? "" : printDuration(expr.step);
      const brackets = `[${printDuration(expr.range)}:${step}]`;
      return printExpr(expr.expr) + brackets + printAt(expr) + printOffset(expr);
    }
    case "call":
      return `${expr.name}(${expr.args.map(printExpr).join(", ")})`;
    case "aggregate":
      return printAggregate(expr);
    case "binary":
      return printBinary(expr);
    case "unary":
      return expr.operator + printExpr(expr.expr);
    case "paren":
      return `(${printExpr(expr.expr)})`;
    default:
      return unreachable(expr);
  }
}

function printSelector({ name, matchers }: VectorSelector): string {
  const shown = matchers
    .filter((one) => !(one.name === METRIC_NAME && one.operator === "=" && one.value === name))
    .map(({ name: label, operator, value }) => `${printLabel(label)}${operator}${quoted(value)}`)
    .sort();
  return shown.length === 0 && name !== "" ? name : `${name}{${shown.join(",")}}`;
}

function printExtension({ extension }: VectorSelector, at: string): string {
  return extension === undefined ? at : `${at} ${extension}`;
}

function printAt({ at }: TimeModifiers): string {
  if (at === undefined) return "";
  return at.kind === "time" ? ` @ ${(at.timeMs / MS_PER_SECOND).toFixed(3)}` : ` @ ${at.kind}()`;
}

function printOffset({ offset }: TimeModifiers): string {
  if (offset === undefined) return "";
  // Offset 0 is no offset.
  if (offset.kind === "literal" && offset.seconds === 0) return "";
  return ` offset ${printDuration(offset)}`;
}

/** A bare number of seconds prints as a duration, except inside arithmetic. */
function printDuration(duration: Duration): string {
  return duration.kind === "literal"
    ? formatDuration(Math.round(duration.seconds * MS_PER_SECOND))
    : printOperand(duration);
}

function printOperand(duration: Duration): string {
  switch (duration.kind) {
    case "literal":
      return duration.hasUnit ? printDuration(duration) : formatValue(duration.seconds);
    case "negated":
      return `-${printOperand(duration.operand)}`;
    case "paren":
      return `(${printOperand(duration.operand)})`;
    case "arithmetic": {
      const { operator, left, right } = duration;
      return `${printOperand(left)} ${operator} ${printOperand(right)}`;
    }
    case "call":
      return `${duration.name}(${duration.args.map(printOperand).join(", ")})`;
    default:
      return unreachable(duration);
  }
}

function printAggregate({ operator, expr, param, grouping, isWithout }: Aggregate): string {
  const labels = grouping.map(printLabel).join(", ");
  const by = grouping.length > 0 ? ` by (${labels}) ` : "";
  const modifier = isWithout ? ` without (${labels}) ` : by;
  const first = param === undefined ? "" : `${printExpr(param)}, `;
  return `${operator}${modifier}(${first}${printExpr(expr)})`;
}

function printBinary({ left, right, operator, returnsBool, matching }: Binary): string {
  const modifiers = (returnsBool ? " bool" : "") + printMatching(matching);
  return `${printExpr(left)} ${operator}${modifiers} ${printExpr(right)}`;
}

function printMatching(matching: VectorMatching): string {
  const { cardinality, isOn, labels, include, fillLeft, fillRight } = matching;
  const isGrouped = cardinality !== "one-to-one";
  let text = "";
  if (labels.length > 0 || isOn || isGrouped) {
    text += ` ${isOn ? "on" : "ignoring"} (${labels.map(printLabel).join(", ")})`;
  }
  if (isGrouped) {
    const side = cardinality === "many-to-one" ? "left" : "right";
    text += ` group_${side} (${include.map(printLabel).join(", ")})`;
  }
  if (fillLeft !== undefined && fillLeft === fillRight) {
    return `${text} fill (${formatValue(fillLeft)})`;
  }
  if (fillLeft !== undefined) text += ` fill_left (${formatValue(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatValue(fillRight)})`;
  return text;
}

function printLabel(label: string): string {
  return isLegacyLabelName(label) ? label : quoted(label);
}

/** An unreadable byte (`\xe3`) has become U+FFFD, which the lexer takes for a broken text as it is. */
function quoted(text: string): string {
  return quote(text).replaceAll("\uFFFD", "\\ufffd");
}
