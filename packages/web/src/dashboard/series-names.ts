/**
 * Names of a query's series: its legend filled in or, where it has none, what tells them apart and
 * nothing that all of them share. `{gpu="0", node="a"}, {gpu="1", node="a"}` are "gpu 0", "gpu 1".
 */
import type { LabelSet, Series } from "../api/types.ts";
import { formatLegend } from "../model.ts";

export interface NamedSeries extends Series {
  readonly name: string;
  readonly refId: string;
  /** Unique in the panel: names are the author's, and may repeat. */
  readonly key: string;
}

export interface NamedQuery {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

export function nameSeries(
  { refId, expr, legendFormat }: NamedQuery,
  series: readonly Series[],
): NamedSeries[] {
  const isAuto = legendFormat === "" || legendFormat === "__auto";
  const differing = isAuto && series.length > 1 ? differingNames(series) : [];
  return series.map((one) => ({
    ...one,
    refId,
    name: printDiffering(one.labels, differing) || formatLegend(legendFormat, one.labels, expr),
    key: `${refId} ${JSON.stringify(one.labels)}`,
  }));
}

function differingNames(series: readonly Series[]): string[] {
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  const first = series[0]?.labels ?? {};
  return [...names].filter((name) => series.some(({ labels }) => labels[name] !== first[name]));
}

function printDiffering(labels: LabelSet, names: readonly string[]): string {
  return names
    .filter((name) => labels[name] !== undefined)
    .map((name) => (name === "__name__" ? labels[name] : `${name} ${labels[name]}`))
    .join(", ");
}
