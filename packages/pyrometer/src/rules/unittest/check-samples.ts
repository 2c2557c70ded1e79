/** Asks a test's query and holds the answer against the samples it expects. */

import type { FloatHistogram, Labels } from "../../model/index.ts";
import { printHistogramNotation } from "../../model/index.ts";
import { parseSeriesLine } from "../../promql/index.ts";
import type { QueryBackend } from "../../storage/index.ts";
import { toSamples } from "../evaluate-rule.ts";
import type { Item } from "./difference.ts";
import { describeDifferences } from "./difference.ts";
import { isNearNumber, isSameNumber } from "./same-number.ts";
import type { ExprTest } from "./test-file.ts";

type Expected = ExprTest["exp_samples"][number];

/** What is wrong with one of the samples expected. */
export interface ExpectedProblem {
  readonly index: number;
  readonly field: "labels" | "histogram";
  readonly problem: string;
}

export interface ExpectedReading {
  readonly items: readonly Item[];
  readonly problems: readonly ExpectedProblem[];
}

export function readExpected(samples: readonly Expected[]): ExpectedReading {
  const items: Item[] = [];
  const problems: ExpectedProblem[] = [];
  for (const [index, sample] of samples.entries()) {
    const series = parseSeriesLine(sample.labels === "" ? "{}" : sample.labels);
    if ("problem" in series) problems.push({ index, field: "labels", problem: series.problem });
    else if (sample.histogram === "") items.push(floatItem(series.labels, sample.value));
    else {
      const read = readHistogram(sample.histogram);
      if ("problem" in read) problems.push({ index, field: "histogram", problem: read.problem });
      else items.push(histogramItem(series.labels, read.histogram));
    }
  }
  return { items, problems };
}

function readHistogram(
  text: string,
): { readonly histogram: FloatHistogram } | { readonly problem: string } {
  const line = parseSeriesLine(`{} ${text}`);
  if ("problem" in line) return line;
  const [value, ...more] = line.values;
  if (more.length > 0) return { problem: `expected 1 value, got ${line.values.length}` };
  return value?.kind === "histogram" ? value : { problem: `expected histogram, got ${text}` };
}

export interface SampleCheck {
  readonly expected: readonly Item[];
  readonly backend: QueryBackend;
  readonly timeMs: number;
  /** `fuzzy_compare` of the file. */
  readonly isFuzzy: boolean;
}

/**
 * Lines that say what differs; none when all is as expected.
 *
 * @throws {QueryError} when the query has no answer
 * @throws {RuleError} when the answer is neither a vector nor a scalar
 */
export async function checkSamples(
  expr: string,
  { expected, backend, timeMs, isFuzzy }: SampleCheck,
): Promise<string[]> {
  const { value } = await backend.instant({ expr, timeMs });
  const actual = toSamples(value).map(({ labels, value: float, histogram }) =>
    histogram === undefined ? floatItem(labels, float) : histogramItem(labels, histogram),
  );
  return describeDifferences({ expected, actual }, isFuzzy ? isNearNumber : isSameNumber);
}

/** As a text, which leaves out what does not matter, like how spans are cut; as promtool compares. */
function histogramItem(labels: Labels, histogram: FloatHistogram): Item {
  return { labels, fields: new Map([["histogram", printHistogramNotation(histogram)]]) };
}

function floatItem(labels: Labels, value: number): Item {
  return { labels, fields: new Map([["value", value]]) };
}
