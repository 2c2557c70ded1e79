/**
 * Native histograms as scripts and unit tests write them:
 * `{{schema:1 count:22 sum:3 z_bucket:2 z_bucket_w:0.01 offset:-1 buckets:[5 10 7]}}`.
 * Printed by the model's printHistogramNotation().
 * Source: Prometheus, docs/configuration/unit_testing_rules.md#series
 */
import type { CounterResetHint, FloatHistogram } from "../../model/index.ts";
import { addHistograms, createHistogram, subHistograms } from "../../model/index.ts";
import { isNumber, parseFloatText } from "./number-notation.ts";

export interface HistogramNotation {
  readonly histogram: FloatHistogram;
  /** Whether the text has a counter_reset_hint. */
  readonly isHintSet: boolean;
}

interface Problem {
  readonly problem: string;
}

const HINTS: Readonly<Record<string, CounterResetHint>> = {
  unknown: "unknown",
  reset: "reset",
  not_reset: "not-reset",
  gauge: "gauge",
};

const ENTRY = /\s*([a-z_]+)(:\s*(\[[^\]]*\]|[^\s[\]]*))?|\s*(\S+)/giy;
const WHOLE_KEYS = ["schema", "offset", "n_offset"];
const NUMBER_KEYS = ["sum", "count", "z_bucket", "z_bucket_w"];
const LIST_KEYS = ["buckets", "n_buckets", "custom_values"];

/** @param text with its double braces */
export function parseHistogramNotation(text: string): HistogramNotation | Problem {
  const lists = new Map<string, Float64Array>();
  const numbers = new Map<string, number>();
  let hint: CounterResetHint | undefined;
  const seen = new Set<string>();
  for (const [, word, value, content = "", other] of text.slice(2, -2).trim().matchAll(ENTRY)) {
    if (word === undefined) return unexpected(other ?? "");
    const key = word.toLowerCase();
    if (value === undefined && isKey(key)) return missingColon();
    if (seen.has(key)) return { problem: `duplicate key "${key}" in histogram` };
    seen.add(key);
    if (key === "counter_reset_hint") {
      hint = HINTS[content.toLowerCase()];
      if (hint === undefined) return badDescriptor(content);
    } else if (LIST_KEYS.includes(key)) {
      const list = parseList(content);
      if (list === undefined) return badValue(key, content);
      lists.set(key, list);
    } else if (WHOLE_KEYS.includes(key) || NUMBER_KEYS.includes(key)) {
      const isRight = WHOLE_KEYS.includes(key) ? /^-?\d+$/.test(content) : isNumber(content);
      if (!isRight) return badValue(key, content);
      numbers.set(key, parseFloatText(content));
    } else return badDescriptor(word);
  }
  return { histogram: build(numbers, lists, hint ?? "unknown"), isHintSet: hint !== undefined };
}

function build(
  numbers: ReadonlyMap<string, number>,
  lists: ReadonlyMap<string, Float64Array>,
  counterResetHint: CounterResetHint,
): FloatHistogram {
  const number = (key: string) => numbers.get(key) ?? 0;
  const list = (key: string) => lists.get(key) ?? new Float64Array(0);
  const spans = (offset: number, { length }: Float64Array) =>
    length === 0 ? [] : [{ offset, length }];
  return createHistogram({
    schema: number("schema"),
    count: number("count"),
    sum: number("sum"),
    zeroCount: number("z_bucket"),
    zeroThreshold: number("z_bucket_w"),
    positiveSpans: spans(number("offset"), list("buckets")),
    positiveBuckets: list("buckets"),
    negativeSpans: spans(number("n_offset"), list("n_buckets")),
    negativeBuckets: list("n_buckets"),
    customValues: list("custom_values"),
    counterResetHint,
  });
}

function parseList(content: string): Float64Array | undefined {
  const [, inside] = /^\[(.*)\]$/.exec(content) ?? [];
  const items = inside?.trim().split(/\s+/) ?? [];
  return items.every(isNumber) ? Float64Array.from(items, parseFloatText) : undefined;
}

function isKey(key: string): boolean {
  return [...WHOLE_KEYS, ...NUMBER_KEYS, ...LIST_KEYS, "counter_reset_hint"].includes(key);
}

function missingColon(): Problem {
  return { problem: "missing `:` for histogram descriptor" };
}

function badDescriptor(word: string): Problem {
  return { problem: `bad histogram descriptor found: "${word}"` };
}

function badValue(key: string, content: string): Problem {
  return { problem: `error parsing ${key} number: "${content}"` };
}

function unexpected(text: string): Problem {
  return { problem: `histogram description incomplete unexpected: "${text}"` };
}

interface Progression {
  readonly first: HistogramNotation;
  readonly increment: HistogramNotation;
  readonly isFalling: boolean;
}

/** `{{…}}+{{…}}xn`: `count` histograms, each the one before plus the increment. */
export function histogramProgression(
  { first, increment, isFalling }: Progression,
  count: number,
): { readonly values: HistogramNotation[] } | Problem {
  const combine = isFalling ? subHistograms : addHistograms;
  // The hint of the increment is the one that counts, as in Prometheus.
  const { isHintSet } = increment;
  const values: HistogramNotation[] = [];
  for (let i = 0, { histogram } = first; i < count; i++) {
    values.push({ histogram, isHintSet });
    if (i === count - 1) break;
    if (histogram.schema > increment.histogram.schema) {
      const schemas = `${increment.histogram.schema} to ${histogram.schema}`;
      return { problem: `error combining histograms: cannot merge from schema ${schemas}` };
    }
    const next = combine(histogram, increment.histogram);
    if (next === undefined) return { problem: INCOMPATIBLE };
    histogram = next.histogram;
  }
  return { values };
}

const INCOMPATIBLE =
  "cannot apply this operation on histograms with a mix of exponential and custom bucket schemas";
