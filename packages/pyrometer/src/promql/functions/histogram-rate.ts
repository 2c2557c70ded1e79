/**
 * rate, increase and delta of native histograms: every bucket grows like a counter of its own,
 * but they are reset together.
 * Source: Prometheus 3.14, promql/functions.go (extrapolatedRate, histogramRate)
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  compactHistogram,
  createHistogram,
  mulHistogram,
  reduceHistogram,
  usesCustomBuckets,
  withCounterResetHint,
} from "../../model/index.ts";
import { mixedSchemas, notCounter, notGauge } from "../engine/remark-texts.ts";
import { addRemarking, subRemarking } from "./histogram-sums.ts";
import type { HistogramValueOf, HistogramWindow } from "./implementation.ts";
import { seconds, stretchToEdges } from "./rate-edges.ts";
import { remarkOnOverlap } from "./start-times.ts";

export interface GrowthOptions {
  readonly isCounter: boolean;
  readonly isPerSecond: boolean;
}

export function histogramGrowth({ isCounter, isPerSecond }: GrowthOptions): HistogramValueOf {
  return (window) => {
    const { histograms, from, to, rangeMs, place } = window;
    const first = histograms[from]!;
    const growth = to - from > 1 ? growthOf(window, isCounter) : undefined;
    if (growth === undefined && to - from > 1) return undefined;
    const amount = growth?.count ?? 0;
    const stretch = stretchToEdges(window, { isCounter, first: first.count, amount });
    if (stretch === undefined) return undefined;
    let total = growth ?? first;
    if (stretch.isFromZero && growth !== undefined) {
      const fromZero = addRemarking(growth, first, place);
      if (fromZero === undefined) return undefined;
      total = fromZero;
    }
    return mulHistogram(total, isPerSecond ? stretch.factor / seconds(rangeMs) : stretch.factor);
  };
}

/** From the first to the last histogram, with what resets took added back. */
function growthOf(window: HistogramWindow, isCounter: boolean): FloatHistogram | undefined {
  const { histograms, from, to, place, isResetAt } = window;
  const last = histograms[to - 1]!;
  const first = isCounter ? firstThatCounts(window) : histograms[from]!;
  if (isCounter && !checkCounters(window, first)) return undefined;
  if (usesCustomBuckets(last) !== usesCustomBuckets(first)) {
    place.annotations.warn(mixedSchemas(place.name), place.span);
    return undefined;
  }
  let growth = subRemarking(reduced(last, coarsest(window, { first, isCounter })), first, place);
  if (growth === undefined) return undefined;
  if (isCounter) {
    remarkOnOverlap(window, place);
    for (let i = from + 1; i < to; i++) {
      // The first histogram is nothing by now if a reset follows it.
      const isLost = isResetAt(i) && i > from + 1;
      if (!isLost) continue;
      growth = addRemarking(growth, histograms[i - 1]!, place);
      if (growth === undefined) return undefined;
    }
  } else if (!isGauge(histograms[from]!) || !isGauge(last)) {
    place.annotations.warn(notGauge(place.name), place.span);
  }
  return compactHistogram(withCounterResetHint(growth, "gauge"));
}

/** Nothing, in the second one's layout, when there was a reset after the first one. */
function firstThatCounts(window: HistogramWindow): FloatHistogram {
  const { histograms, from, isResetAt } = window;
  const second = histograms[from + 1]!;
  if (!isResetAt(from + 1)) return histograms[from]!;
  return createHistogram({ schema: second.schema, customValues: second.customValues });
}

function isGauge({ counterResetHint }: FloatHistogram): boolean {
  return counterResetHint === "gauge";
}

/** Warns of gauges; false when a histogram between the ends has the other kind of buckets. */
function checkCounters(
  { histograms, from, to, place }: HistogramWindow,
  first: FloatHistogram,
): boolean {
  const { annotations, name, span } = place;
  for (let i = from; i < to; i++) {
    const current = histograms[i]!;
    if (isGauge(current)) annotations.warn(notCounter(name), span);
    if (i === from || usesCustomBuckets(current) === usesCustomBuckets(first)) continue;
    annotations.warn(mixedSchemas(name), span);
    return false;
  }
  return true;
}

/** The schema all of them can be brought to. */
function coarsest(
  { histograms, from, to }: HistogramWindow,
  { first, isCounter }: { readonly first: FloatHistogram; readonly isCounter: boolean },
): number {
  let schema = Math.min(first.schema, histograms[to - 1]!.schema);
  if (!isCounter) return schema;
  for (let i = from + 1; i < to - 1; i++) schema = Math.min(schema, histograms[i]!.schema);
  return schema;
}

function reduced(histogram: FloatHistogram, schema: number): FloatHistogram {
  return histogram.schema === schema ? histogram : reduceHistogram(histogram, schema);
}
