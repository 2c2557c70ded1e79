/**
 * rate, increase and delta of native histograms over `anchored` and `smoothed` ranges.
 * Source: Prometheus 3.14, promql/functions.go (extendedHistogramRate)
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  compactHistogram,
  detectReset,
  divHistogram,
  usesCustomBuckets,
  withCounterResetHint,
} from "../../model/index.ts";
import { mixedSchemas, notCounter, notGauge } from "../engine/remark-texts.ts";
import type { Extension } from "./extended-rate.ts";
import type { GrowthOptions } from "./histogram-rate.ts";
import { addRemarking, interpolateHistograms, subRemarking } from "./histogram-sums.ts";
import type { HistogramValueOf, HistogramWindow } from "./implementation.ts";
import { seconds } from "./rate-edges.ts";

export function extendedHistogramGrowth(
  options: GrowthOptions,
): Readonly<Record<Extension, HistogramValueOf>> {
  return {
    anchored: (window) => growthBetweenEdges(window, { ...options, isSmoothed: false }),
    smoothed: (window) => growthBetweenEdges(window, { ...options, isSmoothed: true }),
  };
}

interface EdgeOptions extends GrowthOptions {
  readonly isSmoothed: boolean;
}

/** The first and last histogram that matter, and what there was at the window's ends. */
interface Edges {
  readonly first: number;
  readonly last: number;
  readonly left: FloatHistogram;
  readonly right: FloatHistogram;
}

function growthBetweenEdges(
  window: HistogramWindow,
  options: EdgeOptions,
): FloatHistogram | undefined {
  const { place, rangeMs } = window;
  const edges = findEdges(window, options);
  if (edges === undefined) return undefined;
  const { left, right } = edges;
  const areGauges = left.counterResetHint === "gauge" && right.counterResetHint === "gauge";
  if (!options.isCounter && !areGauges) place.annotations.warn(notGauge(place.name), place.span);
  let growth = subRemarking(right, left, place);
  if (growth === undefined) return undefined;
  if (options.isCounter) {
    growth = withLostInResets(growth, window, { edges, isSmoothed: options.isSmoothed });
    if (growth === undefined) return undefined;
  }
  if (options.isPerSecond) growth = divHistogram(growth, seconds(rangeMs));
  return compactHistogram(withCounterResetHint(growth, "gauge"));
}

function findEdges(window: HistogramWindow, options: EdgeOptions): Edges | undefined {
  const { timesMs, histograms, from, to, startMs, endMs, place } = window;
  const { isSmoothed, isCounter } = options;
  let last = to - 1;
  let first = from;
  while (first < last && timesMs[first]! <= startMs) first += 1;
  first = Math.max(from, first - 1);
  if (isSmoothed) {
    const newest = last;
    last = from;
    while (last < newest && timesMs[last]! < endMs) last += 1;
  }
  if (timesMs[last]! <= startMs) return undefined;
  if (isSmoothed && timesMs[first]! > endMs) return undefined;
  if (!checkRange(window, { first, last, isCounter })) return undefined;
  const at = (index: number) => ({ histogram: histograms[index]!, timeMs: timesMs[index]! });
  const left =
    isSmoothed && timesMs[first]! < startMs
      ? interpolateHistograms(at(first), at(first + 1), { timeMs: startMs, isCounter, place })
      : histograms[first]!;
  const right =
    isSmoothed && last > from && timesMs[last]! > endMs
      ? interpolateHistograms(at(last - 1), at(last), { timeMs: endMs, isCounter, place })
      : histograms[last]!;
  return left === undefined || right === undefined ? undefined : { first, last, left, right };
}

/** Warns of gauges among counters; false when not all have the same kind of buckets. */
function checkRange(
  { histograms, place }: HistogramWindow,
  { first, last, isCounter }: { first: number; last: number; isCounter: boolean },
): boolean {
  const { annotations, name, span } = place;
  for (let i = first; i <= last; i++) {
    const one = histograms[i]!;
    if (usesCustomBuckets(one) !== usesCustomBuckets(histograms[first]!)) {
      annotations.warn(mixedSchemas(name), span);
      return false;
    }
    if (isCounter && one.counterResetHint === "gauge") annotations.warn(notCounter(name), span);
  }
  return true;
}

function withLostInResets(
  growth: FloatHistogram,
  { timesMs, histograms, startMs, place }: HistogramWindow,
  { edges, isSmoothed }: { readonly edges: Edges; readonly isSmoothed: boolean },
): FloatHistogram | undefined {
  const { first, last, left, right } = edges;
  let next = first + 1;
  let previous = left;
  const isCut = isSmoothed && timesMs[first]! < startMs;
  if (isCut && detectReset(histograms[first + 1]!, histograms[first]!)) {
    // The interpolation at the left end has dealt with this reset.
    previous = histograms[first + 1]!;
    next += 1;
  }
  // Both ends lie between the same two histograms: nothing is left to look at.
  if (next > last) return growth;
  const lost: FloatHistogram[] = [];
  for (; next < last; next++) {
    const current = histograms[next]!;
    if (detectReset(current, previous)) lost.push(previous);
    previous = current;
  }
  if (detectReset(right, previous)) lost.push(previous);
  if (lost.length === 0) return growth;
  let correction: FloatHistogram | undefined = lost[0]!;
  for (const one of lost.slice(1)) {
    correction = addRemarking(correction, one, place);
    if (correction === undefined) return undefined;
  }
  return addRemarking(growth, correction, place);
}
