/**
 * Series with values, as scripts and promtool's unit tests write them:
 * `up{job="a"} 1 2+3x2 _ stale {{…}}`.
 *
 * `a+bxn` is n + 1 values from a in steps of b; `_xn` is n gaps.
 * Source: Prometheus, docs/configuration/unit_testing_rules.md#series
 */
import { Labels, METRIC_NAME } from "../../model/index.ts";
import { parseSelector } from "../parser/parse.ts";

export type SequenceValue =
  | { readonly kind: "gap" }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "stale" }
  /** A native histogram, which this engine does not compute with yet. */
  | { readonly kind: "histogram"; readonly text: string };

export interface SeriesLine {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** Values one series may have in a line: a script of a typo like 1x1000000000 must not fill memory. */
const VALUES_MAX = 1_000_000;

/** @returns what is wrong, as text, when it cannot be read */
export function parseSeriesLine(line: string): SeriesLine | { readonly problem: string } {
  const end = endOfMetric(line);
  const labels = parseMetric(line.slice(0, end).trim());
  if ("problem" in labels) return labels;
  const values = parseValues(line.slice(end));
  return "problem" in values ? values : { labels: labels.labels, values: values.values };
}

/** The name and braces end at the first space outside quotes and braces, or after the brace. */
function endOfMetric(line: string): number {
  let quote = "";
  let isInBraces = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote !== "") {
      if (char === "\\" && quote !== "`") at += 1;
      else if (char === quote) quote = "";
    } else if (isInBraces && /["'`]/.test(char)) quote = char;
    else if (char === "{") isInBraces = true;
    else if (char === "}") return at + 1;
    else if (!isInBraces && /\s/.test(char)) {
      if (!/^\s*\{(?!\{)/.test(line.slice(at))) return at;
    }
  }
  return line.length;
}

function parseMetric(text: string): { readonly labels: Labels } | { readonly problem: string } {
  if (/^\{\s*\}$/.test(text)) return { labels: Labels.EMPTY };
  const { matchers, errors } = parseSelector({ name: "<series>", text });
  const wrong = errors.find(({ code }) => code !== "promql/selector");
  if (wrong !== undefined) return { problem: wrong.problem };
  const pairs: [string, string][] = [];
  for (const { name, operator, value } of matchers ?? []) {
    if (operator !== "=") return { problem: `unexpected "${operator}" in a series` };
    pairs.push([name, value]);
  }
  if (matchers === undefined) return { problem: `cannot read series "${text}"` };
  return { labels: Labels.from([...pairs].sort(([a]) => (a === METRIC_NAME ? -1 : 1))) };
}

type Values = { readonly values: SequenceValue[] } | { readonly problem: string };

const NUMBER = String.raw`(?:inf|nan|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)`;
const FLOAT_ITEM = new RegExp(`^([+-]?${NUMBER})(?:([+-]${NUMBER})?x(\\d+))?$`, "i");
const ITEM = /(?:\{\{.*?\}\}[^\s{]*)+|\S+/g;

function parseValues(text: string): Values {
  const values: SequenceValue[] = [];
  for (const [item] of text.matchAll(ITEM)) {
    const parsed = parseItem(item);
    if ("problem" in parsed) return parsed;
    values.push(...parsed.values);
  }
  return { values };
}

function parseItem(item: string): Values {
  const gaps = /^_(?:x(\d+))?$/.exec(item);
  if (gaps) return repeat({ kind: "gap" }, Number(gaps[1] ?? 1));
  const stale = /^stale(?:x(\d+))?$/.exec(item);
  if (stale) return repeat({ kind: "stale" }, Number(stale[1] ?? 0) + 1);
  const histogram = /^\{\{.*\}\}(?:x(\d+))?$/.exec(item);
  if (histogram) return repeat({ kind: "histogram", text: item }, Number(histogram[1] ?? 0) + 1);
  const float = FLOAT_ITEM.exec(item);
  if (float === null) return { problem: `unexpected "${item}" in series values` };
  return progression(
    parseFloatText(float[1]!),
    parseFloatText(float[2] ?? "0"),
    Number(float[3] ?? 0) + 1,
  );
}

function progression(first: number, increment: number, count: number): Values {
  if (count > VALUES_MAX) return tooMany(count);
  const values: SequenceValue[] = [];
  // Added up one by one, as Prometheus does it, so that rounding is the same.
  for (let i = 0, value = first; i < count; i++, value += increment) {
    values.push({ kind: "float", value });
  }
  return { values };
}

function repeat(value: SequenceValue, count: number): Values {
  return count > VALUES_MAX
    ? tooMany(count)
    : { values: new Array<SequenceValue>(count).fill(value) };
}

function tooMany(count: number): Values {
  return { problem: `${count} values in one item, at most ${VALUES_MAX} are allowed` };
}

/** A number as scripts write it; NaN also for what is none, so test with isNumber() first. */
export function parseFloatText(text: string): number {
  const [, sign, digits = ""] = /^([+-]?)(.*)$/.exec(text) ?? [];
  const magnitude = /^inf$/i.test(digits) ? Infinity : Number(digits.replaceAll("_", ""));
  return sign === "-" ? -magnitude : magnitude;
}

export function isNumber(text: string): boolean {
  return new RegExp(`^[+-]?${NUMBER}$`, "i").test(text) || /^[+-]?0x[0-9a-f]+$/i.test(text);
}
