/** Reads what stands between a binary operator and its right side, and lists of label names. */
import { isUtf8Name } from "../../model/index.ts";
import type { VectorMatching } from "./ast.ts";
import { isWord } from "./lexer.ts";
import { durationSeconds, numberValue } from "./parse-duration.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { unquote } from "./unquote.ts";

interface BinaryModifiers {
  readonly returnsBool: boolean;
  readonly matching: VectorMatching;
}

export function parseBinaryModifiers(cursor: TokenCursor): BinaryModifiers {
  const returnsBool = cursor.accept("bool") !== undefined;
  const matching = { ...parseOnOrIgnoring(cursor), ...parseFills(cursor) };
  return { returnsBool, matching };
}

function parseOnOrIgnoring(cursor: TokenCursor): VectorMatching {
  const word = cursor.accept("on") ?? cursor.accept("ignoring");
  if (word === undefined) {
    return { cardinality: "one-to-one", isOn: false, labels: [], include: [] };
  }
  const isOn = word.kind === "on";
  const labels = parseGroupingLabels(cursor);
  const side = cursor.accept("group_left") ?? cursor.accept("group_right");
  if (side === undefined) return { cardinality: "one-to-one", isOn, labels, include: [] };
  const include = cursor.at("(") ? parseGroupingLabels(cursor) : [];
  const cardinality = side.kind === "group_left" ? "many-to-one" : "one-to-many";
  return { cardinality, isOn, labels, include };
}

function parseFills(cursor: TokenCursor): { fillLeft?: number; fillRight?: number } {
  if (cursor.accept("fill")) {
    const value = parseFillValue(cursor);
    return { fillLeft: value, fillRight: value };
  }
  const fills: { fillLeft?: number; fillRight?: number } = {};
  for (let i = 0; i < 2; i++) {
    if (fills.fillLeft === undefined && cursor.accept("fill_left")) {
      fills.fillLeft = parseFillValue(cursor);
    } else if (fills.fillRight === undefined && cursor.accept("fill_right")) {
      fills.fillRight = parseFillValue(cursor);
    }
  }
  return fills;
}

function parseFillValue(cursor: TokenCursor): number {
  cursor.expect("(", "fill");
  const sign = cursor.accept("-") ?? cursor.accept("+");
  const token = cursor.accept("number") ?? cursor.accept("duration");
  if (token === undefined) return cursor.unexpected("fill", "number");
  const value =
    token.kind === "number" ? numberValue(cursor, token) : durationSeconds(cursor, token);
  cursor.expect(")", "fill");
  return sign?.kind === "-" ? -value : value;
}

/** `(a, "b c", by)`: any word may be a label here. */
export function parseGroupingLabels(cursor: TokenCursor): string[] {
  const context = "grouping opts";
  cursor.expect("(", context);
  const labels: string[] = [];
  while (!cursor.accept(")")) {
    labels.push(parseGroupingLabel(cursor));
    if (cursor.accept(",") || cursor.at(")")) continue;
    cursor.unexpected(context, `"," or ")"`);
  }
  return labels;
}

function parseGroupingLabel(cursor: TokenCursor): string {
  const { kind, text, span } = cursor.current;
  const isLabel = kind === "identifier" || kind === "metric-identifier" || isWord(kind);
  if (!isLabel && kind !== "string") cursor.unexpected("grouping opts", "label");
  cursor.next();
  const label = kind === "string" ? unquote(text) : text;
  if (!isUtf8Name(label)) {
    cursor.report("promql/syntax", `invalid label name for grouping: "${label}"`, span);
  }
  return label;
}
