/**
 * Answers of Prometheus 3.14's own code to random histograms, to the last bit. Each line of the
 * table is an operation, its operands, and what came out, compacted. Two lines of Prometheus were
 * mended for it: those our comments in statistics.ts and zero-bucket.ts name.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { addCompensatedHistograms, addHistograms, subHistograms } from "./combine.ts";
import { detectReset } from "./detect-reset.ts";
import { equalHistograms } from "./equal.ts";
import type { CounterResetHint, FloatHistogram } from "./float-histogram.ts";
import { exp2, log2 } from "./logarithm.ts";
import { printHistogram, printHistogramNotation } from "./print.ts";
import { compactHistogram, divHistogram, mulHistogram, reduceHistogram } from "./scale.ts";
import { histogramFraction, histogramQuantile, histogramVariance } from "./statistics.ts";
import { trimLower, trimUpper } from "./trim.ts";
import { histogramProblem } from "./validate.ts";

/** JSON has no NaN, infinities and -0: they are texts. */
type Numeral = number | string;

interface HistogramRow {
  readonly schema: number;
  readonly count: Numeral;
  readonly sum: Numeral;
  readonly zeroThreshold?: Numeral;
  readonly zeroCount?: Numeral;
  readonly positiveSpans?: readonly (readonly [offset: number, length: number])[];
  readonly positiveBuckets?: readonly Numeral[];
  readonly negativeSpans?: readonly (readonly [offset: number, length: number])[];
  readonly negativeBuckets?: readonly Numeral[];
  readonly customValues?: readonly Numeral[];
  readonly counterResetHint?: CounterResetHint;
}

interface Row {
  readonly op: string;
  readonly a?: HistogramRow;
  readonly b?: HistogramRow;
  readonly c?: HistogramRow;
  readonly x?: Numeral;
  readonly y?: Numeral;
  readonly schema?: number;
  readonly histogram?: HistogramRow;
  readonly numbers?: readonly Numeral[];
  readonly flags?: readonly boolean[];
  readonly text?: string;
}

interface Outcome {
  readonly histogram?: FloatHistogram;
  readonly numbers?: readonly number[];
  readonly flags?: readonly boolean[];
  readonly text?: string | undefined;
}

const TABLE = new URL("testdata/prometheus-3.14.jsonl", import.meta.url);
const rows = readFileSync(TABLE, "utf8")
  .trim()
  .split("\n")
  .map((line): Row => JSON.parse(line));

describe("histograms are those of Prometheus, bit by bit", () => {
  test.each(rows.map((row, line) => [line + 1, row.op, row] as const))(
    "line %i: %s",
    (_, __, row) => {
      const outcome = perform(row);
      if (row.histogram !== undefined) {
        const actual = compactHistogram(outcome.histogram!);
        expect(toRow(actual)).toEqual(toRow(toHistogram(row.histogram)));
      }
      expect(outcome.numbers?.map(numeral)).toEqual(row.numbers);
      expect(outcome.flags).toEqual(row.flags);
      expect(outcome.text).toEqual(row.text);
    },
  );
});

function perform(row: Row): Outcome {
  const a = toHistogram(row.a);
  const b = toHistogram(row.b);
  const x = Number(row.x);
  const y = Number(row.y);
  switch (row.op) {
    case "add":
      return toOutcome(addHistograms(a, b));
    case "sub":
      return toOutcome(subHistograms(a, b));
    case "kahan":
      return compensated([a, b, toHistogram(row.c)]);
    case "mul":
      return { histogram: mulHistogram(a, x) };
    case "div":
      return { histogram: divHistogram(a, x) };
    case "reduce":
      return { histogram: reduceHistogram(a, row.schema!) };
    case "trimupper":
      return { histogram: trimUpper(a, x) };
    case "trimlower":
      return { histogram: trimLower(a, x) };
    case "quantile":
      return fromStatistic(histogramQuantile(a, x));
    case "fraction":
      return fromStatistic(histogramFraction(a, x, y));
    case "variance":
      return { numbers: [histogramVariance(a)] };
    case "reset":
      return { flags: [detectReset(a, b)] };
    case "equal":
      return { flags: [equalHistograms(a, b)] };
    case "string":
      return { text: printHistogram(a) };
    case "notation":
      return { text: printHistogramNotation(a) };
    case "validate":
      return { text: histogramProblem(a) ?? "" };
    case "log2":
      return { numbers: [log2(x), exp2(y)] };
    default:
      throw new Error(`no operation ${row.op}`);
  }
}

function toOutcome(combined: ReturnType<typeof addHistograms>): Outcome {
  if (combined === undefined) return { text: "incompatible" };
  const { histogram, hasResetCollision, hasReconciledBounds } = combined;
  return { histogram, flags: [hasResetCollision, hasReconciledBounds] };
}

function compensated([a, b, c]: readonly [
  FloatHistogram,
  FloatHistogram,
  FloatHistogram,
]): Outcome {
  const first = addCompensatedHistograms(a, b);
  if (first === undefined) return { text: "incompatible" };
  const second = addCompensatedHistograms(first.histogram, c, first.compensation);
  if (second === undefined) return { text: "incompatible" };
  const sum = addHistograms(second.histogram, second.compensation);
  return { ...toOutcome(second), histogram: sum!.histogram };
}

function fromStatistic({ value, remark }: ReturnType<typeof histogramQuantile>): Outcome {
  return { numbers: [value], text: remark };
}

function toHistogram(row: HistogramRow | undefined): FloatHistogram {
  const spans = (pairs: HistogramRow["positiveSpans"] = []) =>
    pairs.map(([offset, length]) => ({ offset, length }));
  const column = (numerals: readonly Numeral[] = []) => Float64Array.from(numerals, Number);
  return {
    schema: row?.schema ?? 0,
    count: Number(row?.count ?? 0),
    sum: Number(row?.sum ?? 0),
    zeroThreshold: Number(row?.zeroThreshold ?? 0),
    zeroCount: Number(row?.zeroCount ?? 0),
    positiveSpans: spans(row?.positiveSpans),
    positiveBuckets: column(row?.positiveBuckets),
    negativeSpans: spans(row?.negativeSpans),
    negativeBuckets: column(row?.negativeBuckets),
    customValues: column(row?.customValues),
    counterResetHint: row?.counterResetHint ?? "unknown",
  };
}

/** With -0 told from 0 and NaN equal to itself. */
function toRow(histogram: FloatHistogram): object {
  return Object.fromEntries(
    Object.entries(histogram).map(([key, value]) => [
      key,
      value instanceof Float64Array ? Array.from(value, numeral) : numeral(value),
    ]),
  );
}

function numeral(value: unknown): unknown {
  if (typeof value !== "number") return value;
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}
