/**
 * Series with values, as scripts and promtool's unit tests write them:
 * `up{job="a"} 1 2+3x2 _ stale {{…}}`.
 *
 * `a+bxn` is n + 1 values from a in steps of b, numbers or histograms; `_xn` is n gaps.
 * Source: Prometheus, docs/configuration/unit_testing_rules.md#series
 */
import type { FloatHistogram } from "../../model/index.ts";
import { Labels, METRIC_NAME } from "../../model/index.ts";
import { parseSelector } from "../parser/parse.ts";
import type { HistogramNotation } from "./histogram-notation.ts";
import { histogramProgression, parseHistogramNotation } from "./histogram-notation.ts";
import { NUMBER, parseFloatText } from "./number-notation.ts";

export type SequenceValue =
  | { readonly kind: "gap" }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "stale" }
  | {
      readonly kind: "histogram";
      readonly histogram: FloatHistogram;
      /** Whether the text gives the counter reset hint: only then is it compared. */
      readonly isHintSet: boolean;
    };

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

const FLOAT_ITEM = new RegExp(`^([+-]?${NUMBER})(?:([+-]${NUMBER})?x(\\d+))?$`, "i");
const HISTOGRAM_ITEM = /^(\{\{.*?\}\})(?:(?:([+-])(\{\{.*?\}\}))?x(\d+))?$/;
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
  const histogram = HISTOGRAM_ITEM.exec(item);
  if (histogram) return histogramValues(histogram);
  const float = FLOAT_ITEM.exec(item);
  if (float === null) return { problem: `unexpected "${item}" in series values` };
  return progression(
    parseFloatText(float[1]!),
    parseFloatText(float[2] ?? "0"),
    Number(float[3] ?? 0) + 1,
  );
}

function histogramValues([, base = "", sign, step, times]: RegExpExecArray): Values {
  const first = parseHistogramNotation(base);
  if ("problem" in first) return first;
  const count = Number(times ?? 0) + 1;
  const toValue = ({ histogram, isHintSet }: HistogramNotation): SequenceValue => ({
    kind: "histogram",
    histogram,
    isHintSet,
  });
  if (step === undefined) return repeat(toValue(first), count);
  if (count > VALUES_MAX) return tooMany(count);
  const increment = parseHistogramNotation(step);
  if ("problem" in increment) return increment;
  const all = histogramProgression({ first, increment, isFalling: sign === "-" }, count);
  return "problem" in all ? all : { values: all.values.map(toValue) };
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
