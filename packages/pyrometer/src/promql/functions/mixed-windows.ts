/**
 * Functions over ranges that look at numbers and native histograms alike: which came first or
 * last, whether one differs from the next.
 * Source: Prometheus 3.14, promql/functions.go
 */
import type { FloatHistogram } from "../../model/index.ts";
import {
  compactHistogram,
  detectReset,
  divHistogram,
  equalHistograms,
  withCounterResetHint,
} from "../../model/index.ts";
import {
  conflictingResets,
  mixedSchemas,
  mixedTypesOf,
  notCounter,
  notGauge,
  reconciledBuckets,
} from "../engine/remark-texts.ts";
import { HistogramTotal, subRemarking } from "./histogram-sums.ts";
import type { HistogramValueOf, MixedWindow } from "./implementation.ts";
import { isChange, isReset } from "./rate.ts";
import { seconds } from "./rate-edges.ts";
import { isRestart } from "./start-times.ts";

export function firstOf(window: MixedWindow): number | FloatHistogram {
  return sampleAt(window, window.from);
}

export function lastOf(window: MixedWindow): number | FloatHistogram {
  return sampleAt(window, window.to - 1);
}

function sampleAt({ values, histograms }: MixedWindow, row: number): number | FloatHistogram {
  return histograms?.[row] ?? values[row]!;
}

/** How often a sample differs from the one before. Another type is a change. */
export function changesIn(window: MixedWindow): number {
  let count = 0;
  for (let i = window.from + 1; i < window.to; i++) {
    const [previous, current] = [sampleAt(window, i - 1), sampleAt(window, i)];
    if (typeof previous === "number" && typeof current === "number") {
      if (isChange(current, previous)) count += 1;
    } else if (typeof previous === "number" || typeof current === "number") count += 1;
    else if (!equalHistograms(current, previous)) count += 1;
  }
  return count;
}

/** How often a counter started over. Another type of sample is a new counter. */
export function resetsIn(window: MixedWindow): number {
  let count = 0;
  for (let i = window.from + 1; i < window.to; i++) {
    const [previous, current] = [sampleAt(window, i - 1), sampleAt(window, i)];
    if (typeof previous === "number" && typeof current === "number") {
      if (isReset(current, previous) || isRestart(window, i)) count += 1;
    } else if (typeof previous === "number" || typeof current === "number") count += 1;
    else if (isRestart(window, i) || detectReset(current, previous)) count += 1;
  }
  return count;
}

/** irate and idelta: what came between the last two samples. */
export function lastGrowth({ isRate }: { readonly isRate: boolean }) {
  return (window: MixedWindow): number | FloatHistogram | undefined => {
    const { timesMs, from, to, place } = window;
    if (to - from < 2) return undefined;
    const [previous, current] = [sampleAt(window, to - 2), sampleAt(window, to - 1)];
    const tookS = seconds(timesMs[to - 1]! - timesMs[to - 2]!);
    if (typeof previous === "number" && typeof current === "number") {
      // After a restart, what there is has been counted since.
      const isNew = isRate && (isReset(current, previous) || isRestart(window, to - 1));
      const amount = isNew ? current : current - previous;
      return isRate ? amount / tookS : amount;
    }
    if (typeof previous === "number" || typeof current === "number") {
      place.annotations.warn(mixedTypesOf(place.name), place.span);
      return undefined;
    }
    const amount = histogramGrowth(window, { previous, current, isRate });
    return amount && isRate ? divHistogram(amount, tookS) : amount;
  };
}

interface Pair {
  readonly previous: FloatHistogram;
  readonly current: FloatHistogram;
  readonly isRate: boolean;
}

function histogramGrowth(
  window: MixedWindow,
  { previous, current, isRate }: Pair,
): FloatHistogram | undefined {
  const { annotations, name, span } = window.place;
  const gauges = [previous, current].filter((one) => one.counterResetHint === "gauge").length;
  if (isRate && gauges > 0) annotations.warn(notCounter(name), span);
  if (!isRate && gauges < 2) annotations.warn(notGauge(name), span);
  const isNew = isRate && (isRestart(window, window.to - 1) || detectReset(current, previous));
  const amount = isNew ? current : subRemarking(current, previous, window.place);
  return amount && compactHistogram(withCounterResetHint(amount, "gauge"));
}

/** sum_over_time and avg_over_time of native histograms. */
export function totalOverTime(wants: "sum" | "mean"): HistogramValueOf {
  return ({ histograms, from, to, place }) => {
    const { annotations, name, span } = place;
    const total = new HistogramTotal(wants);
    for (let i = from; i < to; i++) total.add(histograms[i]!);
    if (total.hasMixedSchemas) {
      annotations.warn(mixedSchemas(name), span);
      return undefined;
    }
    if (total.hasConflictingResets) annotations.warn(conflictingResets("aggregation"), span);
    if (total.hasReconciledBounds) annotations.info(reconciledBuckets("aggregation"), span);
    return total.value;
  };
}
