/**
 * Arithmetic and comparison between two vectors. Labels are matched once per pair of series, not
 * per step; what remains per step is arithmetic on two columns.
 *
 * One side is "one" (the right, or the left with group_right): at any step its series must differ
 * in what is matched on. The other is "many", and without a group modifier must differ as well.
 * Source: Prometheus 3.14, promql/engine.go (VectorBinop, resultMetric)
 */
import type { Labels } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Binary } from "../parser/ast.ts";
import { cellAt, combineCells, setCell } from "./cell-operators.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, createColumn, FLOAT, histogramWork } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { matchHint, printLabels } from "./match-hints.ts";
import { matchedLabels } from "./match-signature.ts";
import { vectorOf, withoutMetadata } from "./names.ts";
import type { NumberOperator } from "./operators.ts";
import { changesMeaning, isKept, numberOperator, resultOf } from "./operators.ts";
import { remarkOnOutcome } from "./remarks.ts";

interface Operands {
  readonly left: VectorColumns;
  readonly right: VectorColumns;
}

/** The series of both sides with the same matched labels. */
interface Group {
  readonly matched: Labels;
  readonly many: SeriesColumn[];
  readonly one: SeriesColumn[];
}

export async function matchVectors(
  expr: Binary,
  { left, right }: Operands,
  context: QueryContext,
): Promise<VectorColumns> {
  const operator = numberOperator(expr.operator);
  const isLeftOne = expr.matching.cardinality === "one-to-many";
  const [many, one] = isLeftOne ? [right, left] : [left, right];
  const groups = groupByMatch(expr, many, one);
  // Looked at only to judge duplicates, and rarely are there any: a pass over both sides saved.
  const hasDuplicates = groups.some((group) => group.one.length > 1);
  const isAnythingThere = hasDuplicates ? stepsWithBothSides(many, one) : NOWHERE;
  const results: SeriesColumn[] = [];
  const hint = (pair: readonly [Labels, Labels]) => matchHint(expr, groups, pair);
  for (const group of groups) {
    assertUnique(group, { isLeftOne, isAnythingThere, hint });
    const combined = await combineGroup(group, { expr, operator, isLeftOne, context, hint });
    for (const one of combined) results.push(one);
  }
  return vectorOf(results);
}

function groupByMatch(expr: Binary, many: VectorColumns, one: VectorColumns): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = ({ labels }: SeriesColumn): Group => {
    const matched = matchedLabels(labels, expr.matching);
    const known = groups.get(matched.key) ?? { matched, many: [], one: [] };
    groups.set(matched.key, known);
    return known;
  };
  for (const series of many.series) groupOf(series).many.push(series);
  for (const series of one.series) groupOf(series).one.push(series);
  return [...groups.values()];
}

const NOWHERE = new Uint8Array(0);

/** At a step where one side is empty nothing matches, and so nothing can match twice. */
function stepsWithBothSides(many: VectorColumns, one: VectorColumns): Uint8Array {
  const stepCount = many.series[0]?.present.length ?? 0;
  const union = ({ series }: VectorColumns) => {
    const present = new Uint8Array(stepCount);
    for (const column of series) {
      for (let step = 0; step < stepCount; step++) present[step]! |= column.present[step]!;
    }
    return present;
  };
  const other = union(one);
  return union(many).map((cell, step) => Number(cell !== ABSENT && other[step] !== ABSENT));
}

interface UniqueOptions {
  readonly isLeftOne: boolean;
  readonly isAnythingThere: Uint8Array;
  /** What to say about two series that are in each other's way. */
  readonly hint: (pair: readonly [Labels, Labels]) => string;
}

/** @throws {QueryError} "execution" when the "one" side has two series at one step */
function assertUnique(
  { one, matched }: Group,
  { isAnythingThere, ...options }: UniqueOptions,
): void {
  if (one.length < 2) return;
  const holder: (SeriesColumn | undefined)[] = [];
  for (const series of one) {
    for (let step = 0; step < series.present.length; step++) {
      if (series.present[step] === ABSENT || !isAnythingThere[step]) continue;
      const first = holder[step];
      if (first !== undefined) throw duplicateError(matched, [first, series], options);
      holder[step] = series;
    }
  }
}

function duplicateError(
  matched: Labels,
  [first, second]: readonly [SeriesColumn, SeriesColumn],
  { isLeftOne, hint }: Pick<UniqueOptions, "isLeftOne" | "hint">,
): QueryError {
  const names = [first, second].map(({ labels }) => printLabels(labels)).sort();
  const side = isLeftOne ? "left" : "right";
  return new QueryError(
    "execution",
    `found duplicate series for the match group ${printLabels(matched)} on the ${side} ` +
      `hand-side of the operation: [${names.join(", ")}]` +
      ";many-to-many matching not allowed: matching labels must be unique on one side",
    { hint: hint([first.labels, second.labels]) },
  );
}

interface CombineOptions {
  readonly expr: Binary;
  /** undefined for one that numbers do not have. */
  readonly operator: NumberOperator | undefined;
  readonly isLeftOne: boolean;
  readonly context: QueryContext;
  readonly hint: UniqueOptions["hint"];
}

async function combineGroup(group: Group, options: CombineOptions): Promise<SeriesColumn[]> {
  // As in Prometheus, group_right turns the fills around: fill_left fills the "many" side always.
  const { fillLeft: fillMany, fillRight: fillOne } = options.expr.matching;
  const { budget } = options.context;
  const results = new Results(group, options);
  const ones = [...group.one];
  if (fillOne !== undefined && group.many.length > 0) {
    ones.push(fillColumn(group, group.one, fillOne));
  }
  const hasHistograms = [...group.many, ...ones].some((one) => one.histograms !== undefined);
  const cellCount = ones.length * results.stepCount;
  const cellsPerMany = hasHistograms ? histogramWork(cellCount) : cellCount;
  await budget.forEach(group.many, cellsPerMany, (many) => {
    for (const one of ones) results.add(many, one);
  });
  if (fillMany !== undefined && group.one.length > 0) {
    const filled = fillColumn(group, group.many, fillMany);
    for (const one of group.one) results.add(filled, one);
  }
  return results.series;
}

/** A stand-in with `value` at each step where none of `others` has one. */
function fillColumn(
  { matched, many, one }: Group,
  others: readonly SeriesColumn[],
  value: number,
): SeriesColumn {
  const stepCount = (many[0] ?? one[0])!.values.length;
  const column = createColumn(stepCount);
  column.values.fill(value);
  for (let step = 0; step < stepCount; step++) {
    const isTaken = others.some(({ present }) => present[step] !== ABSENT);
    column.present[step] = isTaken ? ABSENT : FLOAT;
  }
  return { labels: matched, dropsName: false, ...column };
}

/** The result series of one group: a column per distinct result labels. */
class Results {
  readonly #byKey = new Map<string, SeriesColumn & { readonly matchedAt: Uint8Array }>();
  readonly #options: CombineOptions;
  /** Steps already matched by any pair, for one-to-one matching. */
  readonly #matchedAt: Uint8Array;
  readonly #many: readonly SeriesColumn[];

  constructor({ many, one }: Group, options: CombineOptions) {
    this.#options = options;
    this.#many = many;
    this.#matchedAt = new Uint8Array((many[0] ?? one[0])!.values.length);
  }

  get stepCount(): number {
    return this.#matchedAt.length;
  }

  get series(): SeriesColumn[] {
    return [...this.#byKey.values()].map(({ labels, dropsName, values, present, histograms }) => ({
      labels,
      dropsName,
      values,
      present,
      histograms,
    }));
  }

  /** @throws {QueryError} "execution" when a step gets a second match */
  add(many: SeriesColumn, one: SeriesColumn): void {
    const { expr, operator, isLeftOne } = this.#options;
    const target = this.#target(many, one);
    const matchedAt =
      expr.matching.cardinality === "one-to-one" ? this.#matchedAt : target.matchedAt;
    if (!operator || many.histograms !== undefined || one.histograms !== undefined) {
      this.#addCells(many, one, { target, matchedAt });
      return;
    }
    const { values: leftValues, present: leftPresent } = isLeftOne ? one : many;
    const { values: rightValues, present: rightPresent } = isLeftOne ? many : one;
    const { values, present } = target;
    for (let step = 0; step < matchedAt.length; step++) {
      if (leftPresent[step] !== FLOAT || rightPresent[step] !== FLOAT) continue;
      if (matchedAt[step]) throw this.#multipleMatches(many, step);
      matchedAt[step] = 1;
      const left = leftValues[step]!;
      const right = rightValues[step]!;
      const passes = isKept(operator, left, right);
      if (expr.returnsBool) values[step] = Number(passes);
      else if (!passes) continue;
      else values[step] = resultOf(operator, left, right);
      present[step] = FLOAT;
    }
  }

  /** As add(), where histograms are among the cells or numbers lack the operator. */
  #addCells(
    many: SeriesColumn,
    one: SeriesColumn,
    { target, matchedAt }: { readonly target: Column; readonly matchedAt: Uint8Array },
  ): void {
    const { expr, context, isLeftOne } = this.#options;
    const [left, right] = isLeftOne ? [one, many] : [many, one];
    for (let step = 0; step < matchedAt.length; step++) {
      if (left.present[step] === ABSENT || right.present[step] === ABSENT) continue;
      const outcome = combineCells(expr, cellAt(left, step), cellAt(right, step));
      remarkOnOutcome(outcome, expr, context);
      if (outcome.value === undefined) continue;
      if (matchedAt[step]) throw this.#multipleMatches(many, step);
      matchedAt[step] = 1;
      if (expr.returnsBool) setCell(target, step, Number(outcome.isKept));
      else if (outcome.isKept) setCell(target, step, outcome.value);
    }
  }

  #target(many: SeriesColumn, one: SeriesColumn) {
    const labels = resultLabels(many.labels, one.labels, this.#options);
    const known = this.#byKey.get(labels.key);
    if (known !== undefined) return known;
    const { expr, context } = this.#options;
    const dropsName = context.isNameRemovalDelayed && expr.returnsBool;
    const column = createColumn(this.#matchedAt.length);
    const matchedAt = new Uint8Array(this.#matchedAt.length);
    const target = { labels, dropsName, matchedAt, ...column };
    this.#byKey.set(labels.key, target);
    return target;
  }

  #multipleMatches(second: SeriesColumn, step: number): QueryError {
    const first = this.#many.find((one) => one !== second && one.present[step] !== ABSENT);
    const hint = first && this.#options.hint([first.labels, second.labels]);
    const isOneToOne = this.#options.expr.matching.cardinality === "one-to-one";
    return new QueryError(
      "execution",
      isOneToOne
        ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
        : "multiple matches for labels: grouping labels must ensure unique matches",
      { hint },
    );
  }
}

function resultLabels(many: Labels, one: Labels, { expr, context }: CombineOptions): Labels {
  const { matching, returnsBool } = expr;
  const losesName = changesMeaning(expr.operator) || (returnsBool && !context.isNameRemovalDelayed);
  let labels = losesName ? withoutMetadata(many) : many;
  if (matching.cardinality === "one-to-one") {
    labels = matching.isOn ? labels.only(matching.labels) : labels.without(matching.labels);
  }
  if (matching.include.length === 0) return labels;
  const included = matching.include.map((name) => [name, one.get(name)] as const);
  return labels.with(Object.fromEntries(included));
}
