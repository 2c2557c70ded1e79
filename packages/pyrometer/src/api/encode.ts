/**
 * Prints query results as Prometheus' JSON, straight from columns.
 *
 * Text comes out in pieces: a large answer never exists whole, neither as text nor as objects, and
 * leaves the event loop a turn between two. Points are most of it and have a printer of their own.
 */
import type { Labels } from "../model/index.ts";
import { formatValue } from "../model/index.ts";
import { MS_PER_SECOND, unreachable } from "../std/index.ts";
import type { MatrixSeries, QueryValue, VectorValue } from "../storage/index.ts";
import type { Remarks } from "./answer.ts";
import { envelopeEnd } from "./answer.ts";
import { encodeHistogram } from "./encode-histogram.ts";
import { ANSWER_CHUNK_LENGTH } from "./limits.ts";
import { PointPrinter } from "./print-points.ts";

/** A whole answer to a query, envelope included, in pieces; a small one is one piece. */
export function encodeQueryAnswer(
  value: QueryValue,
  { stats, remarks }: { readonly stats: unknown; readonly remarks: Remarks },
): Generator<string> {
  return inPieces(answerParts());

  function* answerParts(): Generator<string> {
    yield '{"status":"success","data":';
    yield* parts(value);
    if (stats !== undefined) yield `,"stats":${JSON.stringify(stats)}`;
    yield `}${envelopeEnd(remarks)}`;
  }
}

function* parts(value: QueryValue): Generator<string> {
  yield `{"resultType":"${value.kind}","result":`;
  switch (value.kind) {
    case "scalar":
      // Prometheus prints scalars and texts by another routine: plain seconds, no exponents.
      yield `[${value.timeMs / MS_PER_SECOND},"${formatValue(value.value)}"]`;
      return;
    case "string":
      yield `[${value.timeMs / MS_PER_SECOND},${JSON.stringify(value.text)}]`;
      return;
    case "vector":
      yield* vectorParts(value);
      return;
    case "matrix":
      yield* matrixParts(value.series);
      return;
    default:
      unreachable(value);
  }
}

function* vectorParts({ timeMs, labels, values, histograms }: VectorValue): Generator<string> {
  yield "[";
  // Every sample has the same time: print it once.
  const time = encodeSeconds(timeMs);
  for (const [i, one] of labels.entries()) {
    const comma = i === 0 ? "" : ",";
    const histogram = histograms?.[i];
    if (histogram !== undefined) {
      const text = encodeHistogram(histogram, encodeValue);
      yield `${comma}{"metric":${encodeLabels(one)},"histogram":[${time},${text}]}`;
      continue;
    }
    yield `${comma}{"metric":${encodeLabels(one)},"value":[${time},"${encodeValue(values[i]!)}"]}`;
  }
  yield "]";
}

function* matrixParts(series: readonly MatrixSeries[]): Generator<string> {
  yield "[";
  const printer = new PointPrinter({
    pieceLength: ANSWER_CHUNK_LENGTH,
    encodeSeconds,
    encodeValue,
  });
  for (const [i, one] of series.entries()) {
    yield `${i === 0 ? "" : ","}{"metric":${encodeLabels(one.labels)}`;
    const { timesMs, values } = one.histograms === undefined ? one : numbersOf(one);
    if (timesMs.length > 0 || one.histograms === undefined) {
      yield ',"values":[';
      yield* printer.print(timesMs, values);
      yield "]";
    }
    if (one.histograms !== undefined) yield* histogramParts(one);
    yield "}";
  }
  yield "]";
}

/** The points that are numbers. */
function numbersOf({ timesMs, values, histograms }: MatrixSeries) {
  const isNumber = (_: number, i: number) => histograms?.[i] === undefined;
  return { timesMs: timesMs.filter(isNumber), values: values.filter(isNumber) };
}

function* histogramParts({ timesMs, histograms = [] }: MatrixSeries): Generator<string> {
  let isAny = false;
  for (const [i, histogram] of histograms.entries()) {
    if (histogram === undefined) continue;
    const text = `[${encodeSeconds(timesMs[i]!)},${encodeHistogram(histogram, encodeValue)}]`;
    yield isAny ? `,${text}` : `,"histograms":[${text}`;
    isAny = true;
  }
  if (isAny) yield "]";
}

/** Joins small parts into pieces of some ANSWER_CHUNK_LENGTH. */
function* inPieces(parts: Iterable<string>): Generator<string> {
  let piece = "";
  for (const part of parts) {
    piece += part;
    if (piece.length < ANSWER_CHUNK_LENGTH) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** Milliseconds as seconds: whole, or with exactly three decimals, as Prometheus prints them. */
export function encodeSeconds(timeMs: number): string {
  const ms = timeMs % 1000;
  if (ms === 0) return String(timeMs / 1000);
  const sign = timeMs < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(timeMs) / 1000);
  return `${sign}${whole}.${String(Math.abs(ms)).padStart(3, "0")}`;
}

/**
 * A sample value as the Prometheus API prints it: as JavaScript does, exponents below 1e-6 and
 * from 1e21 included, but for their two digits (1e-07), +Inf and -0.
 */
export function encodeValue(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const text = String(value);
  if (Math.abs(value) >= 1e-6 && Math.abs(value) < 1e21) return text;
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** A whole answer of label sets, in pieces. */
export function encodeSeriesAnswer(series: readonly Labels[], remarks: Remarks): Generator<string> {
  return inPieces(answerParts());

  function* answerParts(): Generator<string> {
    yield '{"status":"success","data":[';
    for (const [i, labels] of series.entries())
      yield `${i === 0 ? "" : ","}${encodeLabels(labels)}`;
    yield `]${envelopeEnd(remarks)}`;
  }
}

/** A JSON object of the labels, in their order. JSON.stringify would move names like "0". */
export function encodeLabels(labels: Labels): string {
  let text = "";
  for (const [name, value] of labels) {
    text += `${text === "" ? "{" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}
