/**
 * Prometheus text format 0.0.4, with quoted UTF-8 names, as Prometheus 3 reads it.
 *
 * A sample line is cut without reading its labels: nothing after the closing brace holds another
 * one, so the last brace of the line ends the series. When that is wrong, the series text is, and
 * reading its labels says where.
 */

import { parseNumber } from "./number.ts";
import type { Reading } from "./reading.ts";
import { unescapeText } from "./series-text.ts";
import type { MetricType } from "./types.ts";

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const CLOSING_BRACE = 125;

/** HELP and TYPE lines; any other comment is just that. */
const METADATA = /^#[ \t]+(HELP|TYPE)[ \t]+(.*)$/s;
const METADATA_NAME = /^(?:"((?:[^"\\]|\\.)*)"|([a-zA-Z_:][a-zA-Z0-9_:]*))[ \t]?/;

const TYPES: Readonly<Record<string, MetricType>> = {
  counter: "counter",
  gauge: "gauge",
  histogram: "histogram",
  summary: "summary",
  untyped: "unknown",
};

export function readPrometheusText<Series>(reading: Reading<Series>): void {
  const { text } = reading;
  for (let lineStart = 0; lineStart < text.length && !reading.isGivenUp; ) {
    const newline = text.indexOf("\n", lineStart);
    const end = newline === -1 ? text.length : newline;
    const start = skipBlanks(text, lineStart, end);
    if (start < end) {
      if (text.charCodeAt(start) === HASH) readComment(reading, start, end);
      else readSample(reading, start, end);
    }
    lineStart = end + 1;
  }
}

function readSample<Series>(reading: Reading<Series>, start: number, end: number): void {
  const { text } = reading;
  const seriesEnd = endOfSeries(text, start, end);
  const series = reading.series(start, seriesEnd, "lenient");
  if (series === undefined) return;
  const valueStart = skipBlanks(text, seriesEnd, end);
  const valueEnd = skipToBlank(text, valueStart, end);
  const value = parseNumber(text, valueStart, valueEnd);
  if (value === undefined) return failValue(reading, valueStart, valueEnd);
  const timeStart = skipBlanks(text, valueEnd, end);
  if (timeStart === end) return reading.handler.sample(series, value, undefined);
  const timeEnd = skipToBlank(text, timeStart, end);
  const time = text.slice(timeStart, timeEnd);
  const timeMs = /^\d+$/.test(time) ? Number(time) : NaN;
  if (!Number.isSafeInteger(timeMs)) {
    const problem = `"${time}" is no timestamp, expected whole milliseconds`;
    return reading.fail("timestamp", problem, { start: timeStart, end: timeEnd });
  }
  const rest = skipBlanks(text, timeEnd, end);
  if (rest < end) {
    return reading.fail("timestamp", "expected nothing after the timestamp", { start: rest, end });
  }
  reading.handler.sample(series, value, timeMs);
}

export function failValue<Series>(reading: Reading<Series>, start: number, end: number): void {
  const found = reading.text.slice(start, end);
  const problem =
    found === "" ? "expected a value after the series" : `${JSON.stringify(found)} is no number`;
  reading.fail("value", problem, { start, end: Math.max(end, start + 1) });
}

function readComment<Series>(reading: Reading<Series>, start: number, end: number): void {
  const match = METADATA.exec(reading.text.slice(start, end));
  if (match === null) return;
  const [whole, keyword, content = ""] = match;
  const contentStart = start + whole.length - content.length;
  const name = METADATA_NAME.exec(content);
  if (name === null) {
    const problem = `expected a metric name after ${keyword}`;
    return reading.fail("metadata", problem, {
      start: contentStart,
      end: Math.max(end, start + 1),
    });
  }
  const metric = name[2] ?? unescapeText(name[1] ?? "");
  const text = content.slice(name[0].length);
  if (keyword === "HELP") {
    return reading.handler.metadata?.({ kind: "help", metric, text: unescapeHelp(text) });
  }
  const type = Object.hasOwn(TYPES, text) ? TYPES[text] : undefined;
  if (type === undefined) {
    const problem = `invalid metric type "${text}", expected counter, gauge, histogram, summary or untyped`;
    return reading.fail("metadata", problem, { start: contentStart + name[0].length, end });
  }
  reading.handler.metadata?.({ kind: "type", metric, type });
}

/** Help knows two escapes only: a quote needs none. */
function unescapeHelp(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([\\n])/g, (_, character: string) => (character === "n" ? "\n" : "\\"));
}

function endOfSeries(text: string, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) {
    if (text.charCodeAt(i) === CLOSING_BRACE) return i + 1;
  }
  return skipToBlank(text, start, end);
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function skipToBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB;
}
