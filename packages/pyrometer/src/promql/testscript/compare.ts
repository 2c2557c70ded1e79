/** Holds a query's answer against what a script expects. Each check returns what differs, as text. */

import { RE2JS } from "re2js";
import type { FloatHistogram, Labels } from "../../model/index.ts";
import { formatValue, printHistogramNotation } from "../../model/index.ts";
import type { Annotation, MatrixValue, QueryValue, VectorValue } from "../../storage/index.ts";
import { isAlmostEqual } from "./almost-equal.ts";
import { compareHistograms } from "./compare-histograms.ts";
import type { EvalCommand, Expectation, ExpectationKind } from "./script.ts";
import type { SequenceValue, SeriesLine } from "./series-notation.ts";

export function compareFailure(command: EvalCommand, message: string): string | undefined {
  const expected = command.expectations.find(({ kind }) => kind === "fail");
  if (expected === undefined) return `failed: ${message}`;
  if (matches(expected, message)) return undefined;
  return `expected to fail with ${expected.text?.kind} "${expected.text?.value}", got: ${message}`;
}

export function compareAnnotations(
  { expectations }: EvalCommand,
  annotations: readonly Annotation[],
): string | undefined {
  for (const [severity, wants, wantsNone] of [
    ["warning", "warn", "no_warn"],
    ["info", "info", "no_info"],
  ] as const) {
    const actual = annotations
      .filter((one) => one.severity === severity)
      .map(({ message }) => message);
    const of = (kind: ExpectationKind) => expectations.filter((one) => one.kind === kind);
    if (of(wantsNone).length > 0 && actual.length > 0) {
      return `expected no ${severity}, got: ${actual.join("; ")}`;
    }
    const expected = of(wants);
    const missing = expected.find((one) => !actual.some((text) => matches(one, text)));
    if (missing !== undefined) {
      const text = missing.text === undefined ? "" : ` matching "${missing.text.value}"`;
      return `expected ${severity}${text}, got: ${actual.join("; ") || "none"}`;
    }
    const extra = actual.find((text) => !expected.some((one) => matches(one, text)));
    if (expected.length > 0 && extra !== undefined) return `unexpected ${severity}: ${extra}`;
  }
  return undefined;
}

function matches({ text }: Expectation, actual: string): boolean {
  if (text === undefined) return true;
  if (text.kind === "msg") return text.value === actual;
  return RE2JS.compile(text.value).matcher(actual).find();
}

export function compareValue(command: EvalCommand, value: QueryValue): string | undefined {
  const { result } = command;
  switch (value.kind) {
    case "scalar":
      if (result.kind !== "scalar") return `expected ${result.kind}, got scalar ${value.value}`;
      return compareNumbers(result.value, value.value, "scalar");
    case "string":
      if (result.kind === "string" && result.text === value.text) return undefined;
      return `expected ${result.kind}, got string "${value.text}"`;
    case "vector":
      if (result.kind !== "series") return `expected ${result.kind}, got a vector`;
      return compareVector(command, result.series, value);
    case "matrix": {
      if (result.kind !== "series") return `expected ${result.kind}, got a matrix`;
      const { time } = command;
      const times = result.matrix ?? (time.kind === "range" ? time : undefined);
      if (times === undefined) return "got a matrix, expected a vector";
      return compareMatrix(result.series, value, times);
    }
  }
}

function compareVector(
  { expectations }: EvalCommand,
  expected: readonly SeriesLine[],
  { labels, values, histograms }: VectorValue,
): string | undefined {
  const isOrdered = expectations.some(({ kind }) => kind === "ordered");
  const byKey = byLabels(expected);
  for (const [position, one] of labels.entries()) {
    const wanted = byKey.get(one.key);
    const sample = { value: values[position]!, histogram: histograms?.[position] };
    if (wanted === undefined)
      return `unexpected series ${show(one)} with value ${showSample(sample)}`;
    if (isOrdered && wanted.position !== position) {
      return `expected ${show(one)} at position ${wanted.position + 1}, got it at ${position + 1}`;
    }
    const problem = compareSample(wanted.values[0], sample, show(one));
    if (problem !== undefined) return problem;
    byKey.delete(one.key);
  }
  return missingSeries(byKey);
}

function compareMatrix(
  expected: readonly SeriesLine[],
  { series }: MatrixValue,
  { startMs, stepMs }: { readonly startMs: number; readonly stepMs: number },
): string | undefined {
  const byKey = byLabels(expected);
  for (const { labels, timesMs, values, histograms } of series) {
    const wanted = byKey.get(labels.key);
    if (wanted === undefined) return `unexpected series ${show(labels)}`;
    const points = wanted.values
      .map((value, index) => ({ value, timeMs: startMs + index * stepMs }))
      .filter(({ value }) => value.kind !== "gap");
    if (points.length !== values.length) {
      const got = [...values].map((value, i) => `${formatValue(value)}@${timesMs[i]}`).join(" ");
      return `expected ${points.length} points for ${show(labels)}, got ${values.length}: ${got}`;
    }
    for (const [index, { value, timeMs }] of points.entries()) {
      const about = `${show(labels)} at ${timeMs} ms`;
      const sample = { value: values[index]!, histogram: histograms?.[index] };
      if (timesMs[index] !== timeMs) return `expected a point of ${about}, got ${timesMs[index]}`;
      const problem = compareSample(value, sample, about);
      if (problem !== undefined) return problem;
    }
    byKey.delete(labels.key);
  }
  return missingSeries(byKey);
}

type Wanted = Map<string, SeriesLine & { readonly position: number }>;

function byLabels(expected: readonly SeriesLine[]): Wanted {
  return new Map(expected.map((one, position) => [one.labels.key, { ...one, position }]));
}

function missingSeries(left: Wanted): string | undefined {
  const [missing] = left.values();
  if (missing === undefined) return undefined;
  return `expected series ${show(missing.labels)} not found`;
}

interface Sample {
  readonly value: number;
  readonly histogram: FloatHistogram | undefined;
}

function compareSample(
  expected: SequenceValue | undefined,
  { value, histogram }: Sample,
  about: string,
): string | undefined {
  const isHistogramWanted = expected?.kind === "histogram";
  if (isHistogramWanted && histogram !== undefined) {
    return compareHistograms(expected, histogram, about);
  }
  if (expected?.kind === "float" && histogram === undefined) {
    return compareNumbers(expected.value, value, about);
  }
  const wanted = isHistogramWanted ? printHistogramNotation(expected.histogram) : expected?.kind;
  return `expected ${wanted ?? "no value"} for ${about}, got ${showSample({ value, histogram })}`;
}

function showSample({ value, histogram }: Sample): string {
  return histogram === undefined ? formatValue(value) : printHistogramNotation(histogram);
}

function compareNumbers(expected: number, actual: number, about: string): string | undefined {
  if (isAlmostEqual(expected, actual)) return undefined;
  return `expected ${formatValue(expected)} for ${about}, got ${formatValue(actual)}`;
}

function show(labels: Labels): string {
  return labels.toString();
}
