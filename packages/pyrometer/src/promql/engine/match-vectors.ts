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
import type { SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, createColumn, FLOAT } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { matchedLabels } from "./match-signature.ts";
import { vectorOf, withoutMetadata } from "./names.ts";
import type { NumberOperator } from "./operators.ts";
import { numberOperator } from "./operators.ts";
import { remarkOnTypes } from "./remarks.ts";

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
  if (operator === undefined) {
    if (groups.some((group) => group.many.length > 0 && group.one.length > 0)) {
      remarkOnTypes(expr, context);
    }
    return { kind: "vector", series: [] };
  }
  const isAnythingThere = stepsWithBothSides(many, one);
  const results: SeriesColumn[] = [];
  for (const group of groups) {
    assertUnique(group, { isLeftOne, isAnythingThere });
    const combined = await combineGroup(group, { expr, operator, isLeftOne, context });
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
  return union(many).map((cell, step) => cell & other[step]!);
}

/** @throws {QueryError} "execution" when the "one" side has two series at one step */
function assertUnique(
  { one, matched }: Group,
  { isLeftOne, isAnythingThere }: { isLeftOne: boolean; isAnythingThere: Uint8Array },
): void {
  if (one.length < 2) return;
  const holder: (SeriesColumn | undefined)[] = [];
  for (const series of one) {
    for (let step = 0; step < series.present.length; step++) {
      if (series.present[step] === ABSENT || !isAnythingThere[step]) continue;
      const first = holder[step];
      if (first !== undefined) throw duplicateError(matched, [first, series], isLeftOne);
      holder[step] = series;
    }
  }
}

function duplicateError(
  matched: Labels,
  pair: readonly [SeriesColumn, SeriesColumn],
  isLeftOne: boolean,
): QueryError {
  const names = pair.map(({ labels }) => printLabels(labels)).sort();
  const side = isLeftOne ? "left" : "right";
  return new QueryError(
    "execution",
    `found duplicate series for the match group ${printLabels(matched)} on the ${side} ` +
      `hand-side of the operation: [${names.join(", ")}]` +
      ";many-to-many matching not allowed: matching labels must be unique on one side",
  );
}

/** With braces always, as Prometheus prints labels: `{__name__="a"}`. */
function printLabels(labels: Labels): string {
  const pairs = [...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(", ")}}`;
}

interface CombineOptions {
  readonly expr: Binary;
  readonly operator: NumberOperator;
  readonly isLeftOne: boolean;
  readonly context: QueryContext;
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
  const cellsPerMany = ones.length * results.stepCount;
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

  constructor({ many, one }: Group, options: CombineOptions) {
    this.#options = options;
    this.#matchedAt = new Uint8Array((many[0] ?? one[0])!.values.length);
  }

  get stepCount(): number {
    return this.#matchedAt.length;
  }

  get series(): SeriesColumn[] {
    return [...this.#byKey.values()].map(({ labels, dropsName, values, present }) => ({
      labels,
      dropsName,
      values,
      present,
    }));
  }

  /** @throws {QueryError} "execution" when a step gets a second match */
  add(many: SeriesColumn, one: SeriesColumn): void {
    const { expr, operator, isLeftOne } = this.#options;
    const target = this.#target(many, one);
    const matchedAt =
      expr.matching.cardinality === "one-to-one" ? this.#matchedAt : target.matchedAt;
    for (let step = 0; step < matchedAt.length; step++) {
      if (many.present[step] !== FLOAT || one.present[step] !== FLOAT) continue;
      if (matchedAt[step]) throw this.#multipleMatches();
      matchedAt[step] = 1;
      const left = (isLeftOne ? one : many).values[step]!;
      const right = (isLeftOne ? many : one).values[step]!;
      const isKept = operator.keeps(left, right);
      if (expr.returnsBool) target.values[step] = Number(isKept);
      else if (!isKept) continue;
      else target.values[step] = operator.result(left, right);
      target.present[step] = FLOAT;
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

  #multipleMatches(): QueryError {
    const isOneToOne = this.#options.expr.matching.cardinality === "one-to-one";
    return new QueryError(
      "execution",
      isOneToOne
        ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
        : "multiple matches for labels: grouping labels must ensure unique matches",
    );
  }
}

function resultLabels(
  many: Labels,
  one: Labels,
  { expr, operator, context }: CombineOptions,
): Labels {
  const { matching, returnsBool } = expr;
  const losesName = !operator.isFilter || (returnsBool && !context.isNameRemovalDelayed);
  let labels = losesName ? withoutMetadata(many) : many;
  if (matching.cardinality === "one-to-one") {
    labels = matching.isOn ? labels.only(matching.labels) : labels.without(matching.labels);
  }
  if (matching.include.length === 0) return labels;
  const included = matching.include.map((name) => [name, one.get(name)] as const);
  return labels.with(Object.fromEntries(included));
}
