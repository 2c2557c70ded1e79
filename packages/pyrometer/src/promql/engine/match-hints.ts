/**
 * What to say about a vector match that is not unique: which two series are in each other's way,
 * in which labels they differ, and a changed query that works on this data.
 */
import type { Labels } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import type { Aggregate, Binary, Expr, VectorMatching } from "../parser/ast.ts";
import { printExpr } from "../parser/print.ts";
import { withoutMetadata } from "./names.ts";

export interface MatchGroup {
  readonly many: readonly { readonly labels: Labels }[];
  readonly one: readonly { readonly labels: Labels }[];
}

/** @param pair the two series that may not both be there */
export function matchHint(
  expr: Binary,
  groups: readonly MatchGroup[],
  pair: readonly [Labels, Labels],
): string {
  return `${describePair(pair)}. Try: ${printExpr(repaired(expr, groups))}`;
}

/** `{…} and {…} differ only in b ("1", "2")`, every label that tells them apart. */
export function describePair([first, second]: readonly [Labels, Labels]): string {
  const apart = differingLabels(first, second)
    .map(
      (name) => `${name} (${JSON.stringify(first.get(name))}, ${JSON.stringify(second.get(name))})`,
    )
    .join(", ");
  const which = `${printLabels(first)} and ${printLabels(second)}`;
  return apart === "" ? `${which} have the same labels` : `${which} differ only in ${apart}`;
}

/** With braces always, as Prometheus prints labels: `{__name__="a"}`. */
export function printLabels(labels: Labels): string {
  const pairs = [...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(", ")}}`;
}

function differingLabels(first: Labels, second: Labels): string[] {
  const names = new Set([...first, ...second].map(([name]) => name));
  return [...names].filter((name) => first.get(name) !== second.get(name)).sort();
}

/** The same operation where each side is unique: aggregated, or grouped, only as far as it must. */
function repaired(expr: Binary, groups: readonly MatchGroup[]): Expr {
  const matched = groups.filter(({ many, one }) => many.length > 0 && one.length > 0);
  const { matching } = expr;
  const isLeftOne = matching.cardinality === "one-to-many";
  let many = isLeftOne ? expr.right : expr.left;
  let one = isLeftOne ? expr.left : expr.right;
  let include = matching.include;
  if (matched.some((group) => group.one.length > 1)) {
    include = include.filter((label) => matched.every((group) => isSame(group.one, label)));
    one = aggregated(one, matching, include);
  }
  let { cardinality } = matching;
  if (matched.some((group) => group.many.length > 1)) {
    if (cardinality === "one-to-one") cardinality = "many-to-one";
    // Copied labels may hide what tells the many apart; their metric names go in any case.
    include = include.filter((label) => matched.every((group) => isSame(group.many, label)));
    if (matched.some((group) => !isDistinctWithoutNames(group.many))) many = withoutNames(many);
  }
  const sides = isLeftOne ? { left: one, right: many } : { left: many, right: one };
  return { ...expr, ...sides, matching: { ...matching, cardinality, include } };
}

function isSame(series: MatchGroup["one"], label: string): boolean {
  return new Set(series.map(({ labels }) => labels.get(label))).size < 2;
}

function isDistinctWithoutNames(series: MatchGroup["many"]): boolean {
  return new Set(series.map(({ labels }) => withoutMetadata(labels).key)).size === series.length;
}

/** One series for each match group, and for each value of the labels to copy. */
function aggregated(
  expr: Expr,
  { isOn, labels }: VectorMatching,
  include: readonly string[],
): Expr {
  const grouping = isOn
    ? [...new Set([...labels, ...include])]
    : labels.filter((label) => !include.includes(label));
  return maxOf(expr, { grouping, isWithout: !isOn });
}

function withoutNames(expr: Expr): Expr {
  return maxOf(expr, { grouping: [], isWithout: true });
}

function maxOf(
  expr: Expr,
  { grouping, isWithout }: Pick<Aggregate, "grouping" | "isWithout">,
): Expr {
  const inner = expr.kind === "paren" ? expr.expr : expr;
  const labels = grouping.filter((label) => label !== METRIC_NAME);
  return {
    kind: "aggregate",
    operator: "max",
    expr: inner,
    grouping: labels,
    isWithout,
    span: expr.span,
  };
}
