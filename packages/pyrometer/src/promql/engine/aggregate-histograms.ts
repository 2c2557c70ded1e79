/**
 * What native histograms add to a group whose numbers are folded already: they are summed among
 * themselves, counted, or left out with a remark.
 * Source: Prometheus 3.14, promql/engine.go (aggregation)
 */
import { compactHistogram } from "../../model/index.ts";
import { HistogramTotal } from "../functions/histogram-sums.ts";
import type { Aggregate } from "../parser/ast.ts";
import type { Column, SeriesColumn } from "./column.ts";
import { ABSENT, FLOAT, HISTOGRAM, histogramAt, histogramWork, setHistogram } from "./column.ts";
import type { QueryContext } from "./context.ts";
import {
  conflictingResets,
  ignoredInAggregation,
  MIXED_TYPES_IN_AGGREGATION,
  mixedSchemas,
  reconciledBuckets,
} from "./remark-texts.ts";

/** Changes `into` at the steps where a member has a histogram; at others it is left alone. */
export async function foldHistograms(
  aggregate: Aggregate,
  { members, into }: { readonly members: readonly SeriesColumn[]; readonly into: Column },
  context: QueryContext,
): Promise<void> {
  const { operator } = aggregate;
  const steps = stepsWithHistograms(members);
  if (steps.length === 0) return;
  switch (operator) {
    case "count":
    case "group":
      for (const step of steps) countAt(operator, { members, into }, step);
      return;
    case "sum":
    case "avg":
      return context.budget.forEach(steps, histogramWork(members.length), (step) =>
        totalAt(aggregate, { members, into, step }, context),
      );
    default:
      context.annotations.info(ignoredInAggregation(operator), aggregate.expr.span);
  }
}

function stepsWithHistograms(members: readonly SeriesColumn[]): number[] {
  const steps = new Set<number>();
  for (const { histograms, present } of members) {
    if (histograms === undefined) continue;
    for (let step = 0; step < present.length; step++) {
      if (present[step] === HISTOGRAM) steps.add(step);
    }
  }
  return [...steps];
}

interface Group {
  readonly members: readonly SeriesColumn[];
  readonly into: Column;
}

function countAt(operator: "count" | "group", { members, into }: Group, step: number): void {
  into.present[step] = FLOAT;
  if (operator === "group") return;
  for (const { present } of members) if (present[step] === HISTOGRAM) into.values[step]! += 1;
}

function totalAt(
  { operator, expr }: Aggregate,
  { members, into, step }: Group & { readonly step: number },
  { annotations }: QueryContext,
): void {
  const total = new HistogramTotal(operator === "avg" ? "mean" : "sum");
  let hasNumber = false;
  let isNumberFirst = false;
  for (const member of members) {
    if (member.present[step] === ABSENT || total.hasMixedSchemas) continue;
    const histogram = histogramAt(member, step);
    if (histogram === undefined) {
      hasNumber = true;
      isNumberFirst ||= total.isEmpty;
    } else if (!isNumberFirst) {
      total.add(histogram);
      if (total.hasMixedSchemas)
        annotations.warn(mixedSchemas(member.labels.metricName), expr.span);
    }
  }
  if (total.hasReconciledBounds) annotations.info(reconciledBuckets("aggregation"), expr.span);
  into.present[step] = ABSENT;
  if (hasNumber) {
    annotations.warn(MIXED_TYPES_IN_AGGREGATION, expr.span);
    return;
  }
  const { value } = total;
  if (value === undefined) return;
  if (total.hasConflictingResets) annotations.warn(conflictingResets("aggregation"), expr.span);
  setHistogram(into, step, compactHistogram(value));
}
