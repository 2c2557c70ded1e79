/**
 * The letter of OpenMetrics 1.0 text: one blank between parts and none elsewhere, times in
 * seconds, exemplars, "# EOF" at the end. What a line means beside its neighbours is
 * openmetrics-check.ts' business; a scrape does without, as Prometheus' does.
 *
 * Source: the ABNF of the OpenMetrics 1.0 specification
 */
import { MS_PER_SECOND } from "../std/index.ts";
import { EXEMPLAR_CODE_POINTS_MAX } from "./limits.ts";
import { parseNumber } from "./number.ts";
import { failValue } from "./prometheus-text.ts";
import type { Reading } from "./reading.ts";
import { parseLabelSet, unescapeText } from "./series-text.ts";
import type { LabelPairs, MetricType } from "./types.ts";

const END_OF_FILE = "# EOF";
const EXEMPLAR_MARK = " # ";

const METADATA = /^# (TYPE|HELP|UNIT) (?:"((?:[^"\\]|\\.)+)"|([a-zA-Z_:][a-zA-Z0-9_:]*)) (.*)$/s;

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
  "unknown",
]);

export function readOpenMetricsText<Series>(reading: Reading<Series>): void {
  const { text } = reading;
  for (let start = 0; start < text.length && !reading.isGivenUp; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    if (text.slice(start, end) === END_OF_FILE) return expectNothing(reading, end + 1);
    reading.handler.line?.({ start, end });
    if (start === end) reading.fail("line", "expected no blank line", { start, end: end + 1 });
    else if (text.startsWith("#", start)) readMetadata(reading, start, end);
    else readSample(reading, start, end);
    start = end + 1;
  }
  if (reading.isGivenUp) return;
  const end = text.length;
  reading.fail("eof", `the text ends without "${END_OF_FILE}"`, { start: end, end: end + 1 });
}

function expectNothing<Series>(reading: Reading<Series>, start: number): void {
  const end = reading.text.length;
  if (start < end) reading.fail("eof", `expected nothing after "${END_OF_FILE}"`, { start, end });
}

function readMetadata<Series>(reading: Reading<Series>, start: number, end: number): void {
  const match = METADATA.exec(reading.text.slice(start, end));
  if (match === null) {
    const problem =
      "expected # TYPE, # HELP or # UNIT, a metric name, a blank and a text, or # EOF";
    return reading.fail("metadata", problem, { start, end });
  }
  const [, keyword, quoted, plain, text = ""] = match;
  const metric = plain ?? unescapeText(quoted ?? "");
  switch (keyword) {
    case "HELP":
      return reading.handler.metadata?.({ kind: "help", metric, text: unescapeText(text) });
    case "UNIT":
      return reading.handler.metadata?.({ kind: "unit", metric, text });
    default:
      if (isMetricType(text)) {
        return reading.handler.metadata?.({ kind: "type", metric, type: text });
      }
      reading.fail("metadata", `invalid metric type "${text}"`, {
        start: end - text.length,
        end: Math.max(end, start + 1),
      });
  }
}

function isMetricType(text: string): text is MetricType {
  return TYPES.has(text);
}

function readSample<Series>(reading: Reading<Series>, start: number, end: number): void {
  const { text } = reading;
  const seriesEnd = endOfSeries(text, start, end);
  const series = reading.series(start, seriesEnd, "strict");
  if (series === undefined) return;
  const markAt = text.indexOf(EXEMPLAR_MARK, seriesEnd);
  const hasExemplar = markAt !== -1 && markAt < end;
  const measured = readMeasurement(reading, seriesEnd, hasExemplar ? markAt : end);
  if (measured === undefined) return;
  if (hasExemplar && !readExemplar(reading, markAt + EXEMPLAR_MARK.length, end)) return;
  reading.handler.sample(series, measured.value, measured.timeMs);
}

interface Measurement {
  readonly value: number;
  readonly timeMs: number | undefined;
}

/** " value" or " value time", up to `end`. */
function readMeasurement<Series>(
  reading: Reading<Series>,
  start: number,
  end: number,
): Measurement | undefined {
  const [before, valueText = "", timeText, ...rest] = reading.text.slice(start, end).split(" ");
  const valueStart = Math.min(start + 1, end);
  const valueEnd = valueStart + valueText.length;
  if (before !== "" || rest.length > 0) {
    const problem = "expected a value and maybe a timestamp, with one blank before each";
    reading.fail("line", problem, { start, end: Math.max(end, start + 1) });
    return undefined;
  }
  const value = parseNumber(reading.text, valueStart, valueEnd);
  if (value === undefined) {
    failValue(reading, valueStart, valueEnd);
    return undefined;
  }
  if (timeText === undefined) return { value, timeMs: undefined };
  const seconds = parseNumber(timeText, 0, timeText.length);
  if (seconds !== undefined && Number.isFinite(seconds)) {
    return { value, timeMs: seconds * MS_PER_SECOND };
  }
  const problem = `"${timeText}" is no timestamp, expected seconds`;
  reading.fail("timestamp", problem, { start: valueEnd + 1, end: Math.max(end, valueEnd + 2) });
  return undefined;
}

/** Whether the exemplar at [start, end) is well formed; the handler is told of it then. */
function readExemplar<Series>(reading: Reading<Series>, start: number, end: number): boolean {
  const labelsEnd = endOfSeries(reading.text, start, end);
  const labels = parseLabelSet(reading.text.slice(start, labelsEnd), "strict");
  if (labels.kind === "problem") {
    reading.failIn(start, labels);
    return false;
  }
  const length = codePointCount(labels.pairs);
  if (length > EXEMPLAR_CODE_POINTS_MAX) {
    const problem = `the exemplar's labels have ${length} characters, at most ${EXEMPLAR_CODE_POINTS_MAX} are allowed`;
    reading.fail("exemplar", problem, { start, end: labelsEnd });
    return false;
  }
  const measured = readMeasurement(reading, labelsEnd, end);
  if (measured === undefined) return false;
  reading.handler.exemplar?.({ labels: labels.pairs, ...measured });
  return true;
}

function codePointCount(pairs: LabelPairs): number {
  let count = 0;
  for (const [name, value] of pairs) count += [...name].length + [...value].length;
  return count;
}

/**
 * Where the name and its braces end. Quoted texts are stepped over: they may hold braces, blanks
 * and exemplar marks.
 */
function endOfSeries(text: string, start: number, end: number): number {
  let isInBraces = false;
  for (let i = start; i < end; i++) {
    const character = text.charAt(i);
    if (character === '"') i = endOfQuoted(text, i, end) - 1;
    else if (character === "}") return i + 1;
    else if (character === "{") isInBraces = true;
    else if (character === " " && !isInBraces) return i;
  }
  return end;
}

function endOfQuoted(text: string, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    const character = text.charAt(i);
    if (character === "\\") i += 1;
    else if (character === '"') return i + 1;
  }
  return end;
}
