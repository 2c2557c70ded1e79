/** Functions that change labels or order by them: label_replace, label_join, sort, sort_by_label. */
import type { Labels } from "../../model/index.ts";
import { compileCapture, isUtf8Name, METRIC_NAME, RegexError } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { NodeValue, SeriesColumn, VectorColumns } from "../engine/column.ts";
import { ABSENT, FLOAT } from "../engine/column.ts";
import { vectorOf } from "../engine/names.ts";
import { LABELLING_COST } from "../limits.ts";
import { textArg, vectorArg } from "./arguments.ts";
import type { CallInput } from "./implementation.ts";
import { compareNatural } from "./natural-order.ts";
import { compareNanFirst } from "./quantile.ts";

export function labelReplace(input: CallInput): Promise<NodeValue> {
  const target = textArg(input, 1);
  const replacement = textArg(input, 2);
  const sourceLabel = textArg(input, 3);
  const capture = compileArg(textArg(input, 4));
  checkLabelName(target, "destination label name in label_replace()");
  // Values recur: of 11,000 buckets on 50 instances the pattern sees 50 texts.
  const expanded = new Map<string, string | undefined>();
  return relabeled(input, target, (labels) => {
    const text = labels.get(sourceLabel);
    if (!expanded.has(text)) expanded.set(text, capture.expand(text, replacement));
    return expanded.get(text);
  });
}

function compileArg(pattern: string): ReturnType<typeof compileCapture> {
  try {
    return compileCapture(pattern);
  } catch (cause) {
    if (!(cause instanceof RegexError)) throw cause;
    const problem = `invalid regular expression in label_replace(): ${pattern}`;
    throw new QueryError("execution", problem, { cause });
  }
}

export function labelJoin(input: CallInput): Promise<NodeValue> {
  const target = textArg(input, 1);
  const separator = textArg(input, 2);
  const sources = input.args.slice(3).map((_, index) => textArg(input, index + 3));
  for (const source of sources) checkLabelName(source, "source label name in label_join()");
  checkLabelName(target, "destination label name in label_join()");
  return relabeled(input, target, (labels) =>
    sources.map((source) => labels.get(source)).join(separator),
  );
}

function checkLabelName(name: string, what: string): void {
  if (!isUtf8Name(name)) throw new QueryError("execution", `invalid ${what}: ${name}`);
}

/** `valueAt` undefined: the series stays as it is. */
async function relabeled(
  input: CallInput,
  target: string,
  valueAt: (labels: Labels) => string | undefined,
): Promise<NodeValue> {
  const series: SeriesColumn[] = [];
  await input.context.budget.forEach(vectorArg(input, 0).series, LABELLING_COST, (one) => {
    const value = valueAt(one.labels);
    if (value === undefined) {
      series.push(one);
      return;
    }
    // A name given anew is meant to stay.
    const dropsName = target === METRIC_NAME ? false : one.dropsName;
    series.push({ ...one, labels: one.labels.with({ [target]: value }), dropsName });
  });
  return vectorOf(series);
}

/** Orders by value at the only step; a range query's series are ordered by labels at its end. */
export function sortByValue(input: CallInput, direction: 1 | -1): NodeValue {
  const vector = numbersOf(vectorArg(input, 0));
  if (!isSortable(input)) return vector;
  // NaN goes last whichever way.
  const series = [...vector.series].sort((a, b) => {
    const [valueA, valueB] = [a.values[0]!, b.values[0]!];
    const isEitherNan = Number.isNaN(valueA) || Number.isNaN(valueB);
    return isEitherNan ? -compareNanFirst(valueA, valueB) : direction * (valueA - valueB) || 0;
  });
  return { kind: "vector", series };
}

/** Histograms have no order by value and are left out. */
function numbersOf(vector: VectorColumns): VectorColumns {
  if (vector.series.every(({ histograms }) => histograms === undefined)) return vector;
  return vectorOf(
    vector.series.map(({ labels, dropsName, values, present }) => ({
      labels,
      dropsName,
      values,
      present: present.map((cell) => (cell === FLOAT ? FLOAT : ABSENT)),
    })),
  );
}

/** Only a single step has an order of its own. */
function isSortable({ grid, call, context }: CallInput): boolean {
  if (grid.stepCount === 1) return true;
  const problem =
    "sort is ineffective for range queries since results are always ordered by labels";
  context.annotations.warn(problem, call.span);
  return false;
}

export function sortByLabel(input: CallInput, direction: 1 | -1): NodeValue {
  const vector = vectorArg(input, 0);
  if (!isSortable(input)) return vector;
  const names = input.args.slice(1).map((_, index) => textArg(input, index + 1));
  const series = [...vector.series].sort((a, b) => {
    for (const name of names) {
      const order = compareNatural(a.labels.get(name), b.labels.get(name));
      if (order !== 0) return direction * order;
    }
    return direction * a.labels.compare(b.labels);
  });
  return { kind: "vector", series };
}
