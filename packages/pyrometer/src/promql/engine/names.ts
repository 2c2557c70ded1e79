/**
 * Metric names through a query. An operation that changes what a value means drops the name (and
 * the type and unit that went with it). Either at once, or, when name removal is delayed, at the
 * end, so that `sum by (__name__) (rate(…))` still finds it.
 */
import type { Labels } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Column, SeriesColumn, VectorColumns } from "./column.ts";
import { ABSENT, copyCell, isEmpty } from "./column.ts";
import type { QueryContext } from "./context.ts";

/** Prometheus' words. */
export const SAME_LABELS_PROBLEM = "vector cannot contain metrics with the same labelset";

const METADATA_LABELS = [METRIC_NAME, "__type__", "__unit__"];

export function withoutMetadata(labels: Labels): Labels {
  return labels.without(METADATA_LABELS);
}

/** Labels and flag of a series whose name no longer says what its values are. */
export function dropName(
  { labels }: { readonly labels: Labels },
  { isNameRemovalDelayed }: QueryContext,
): { readonly labels: Labels; readonly dropsName: boolean } {
  return isNameRemovalDelayed
    ? { labels, dropsName: true }
    : { labels: withoutMetadata(labels), dropsName: false };
}

/** What is left of delayed names when the query ends. */
export function removeDelayedNames(vector: VectorColumns): VectorColumns {
  if (!vector.series.some(({ dropsName }) => dropsName)) return vector;
  return vectorOf(
    vector.series.map((one) =>
      one.dropsName ? { ...one, labels: withoutMetadata(one.labels), dropsName: false } : one,
    ),
  );
}

/**
 * A vector of these series: empty ones left out, and those that have come to have the same
 * labels merged into one.
 *
 * @throws {QueryError} "execution" when two of them have a value at the same step
 */
export function vectorOf(series: readonly SeriesColumn[]): VectorColumns {
  const byKey = new Map<string, SeriesColumn>();
  for (const one of series) {
    if (isEmpty(one)) continue;
    const { key } = one.labels;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, one);
    else mergeInto(known, one);
  }
  return { kind: "vector", series: [...byKey.values()] };
}

/**
 * Refuses what vectorOf() would merge: a function over ranges may not give two series of the same
 * labels, not even at different steps. Source: Prometheus 3.14, promql/engine.go (eval of a Call)
 *
 * @throws {QueryError} "execution"
 */
export function assertDistinct(series: readonly SeriesColumn[]): void {
  const keys = new Set(series.map(({ labels }) => labels.key));
  if (keys.size < series.length) throw sameLabelsError();
}

function mergeInto(target: SeriesColumn, source: Column): void {
  for (let step = 0; step < source.present.length; step++) {
    if (source.present[step] === ABSENT) continue;
    if (target.present[step] !== ABSENT) throw sameLabelsError();
    copyCell(source, step, target);
  }
}

function sameLabelsError(): QueryError {
  return new QueryError("execution", SAME_LABELS_PROBLEM);
}
