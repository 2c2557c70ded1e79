/**
 * `load_with_nhcb`: the classic histograms among the loaded series, once more as native ones with
 * custom buckets, under the name without `_bucket`, `_count` or `_sum`.
 */
import type { ClassicBucket } from "../../model/index.ts";
import { fromClassicHistogram, Labels, METRIC_NAME } from "../../model/index.ts";
import { isNumber, parseFloatText } from "./number-notation.ts";
import type { SequenceValue, SeriesLine } from "./series-notation.ts";

interface Collected {
  readonly labels: Labels;
  /** By position in the sequence. */
  readonly moments: Map<number, Moment>;
}

interface Moment {
  readonly buckets: ClassicBucket[];
  count?: number;
  sum?: number;
}

/** @returns what is wrong, as text, when the buckets of a histogram contradict each other */
export function nativeFromClassic(
  series: readonly SeriesLine[],
): readonly SeriesLine[] | { readonly problem: string } {
  const found: SeriesLine[] = [];
  for (const { labels, moments } of collect(series).values()) {
    const length = Math.max(...moments.keys()) + 1;
    const values = new Array<SequenceValue>(length).fill({ kind: "gap" });
    for (const [index, { buckets, count, sum = 0 }] of moments) {
      const histogram = fromClassicHistogram({ buckets, count, sum });
      if ("problem" in histogram) return { problem: `${labels}: ${histogram.problem}` };
      values[index] = { kind: "histogram", histogram, isHintSet: false };
    }
    found.push({ labels, values });
  }
  return found;
}

function collect(series: readonly SeriesLine[]): ReadonlyMap<string, Collected> {
  const byKey = new Map<string, Collected>();
  for (const { labels, values } of series) {
    const [, name, suffix] = /^(.*)_(bucket|count|sum)$/.exec(labels.get(METRIC_NAME)) ?? [];
    const bound = labels.get("le");
    if (name === undefined || (suffix === "bucket" && !isNumber(bound))) continue;
    const base = Labels.from([
      [METRIC_NAME, name],
      ...[...labels].filter(([label]) => label !== METRIC_NAME && label !== "le"),
    ]);
    const { moments } = byKey.get(base.key) ?? add(byKey, base);
    for (const [index, value] of values.entries()) {
      if (value.kind !== "float") continue;
      const moment = moments.get(index) ?? { buckets: [] };
      moments.set(index, moment);
      const upper = parseFloatText(bound);
      if (suffix === "bucket") moment.buckets.push({ upper, cumulativeCount: value.value });
      else moment[suffix as "count" | "sum"] = value.value;
    }
  }
  return byKey;
}

function add(byKey: Map<string, Collected>, labels: Labels): Collected {
  const collected = { labels, moments: new Map<number, Moment>() };
  byKey.set(labels.key, collected);
  return collected;
}
