/** `smoothed` instant selectors over series of native histograms. */
import type { FloatHistogram } from "../../model/index.ts";
import { usesCustomBuckets, withCounterResetHint } from "../../model/index.ts";
import { valueBetween } from "../functions/extended-rate.ts";
import type { RemarkPlace } from "../functions/histogram-sums.ts";
import { interpolateHistograms } from "../functions/histogram-sums.ts";
import type { Column } from "./column.ts";
import { FLOAT, setHistogram } from "./column.ts";
import { mixedSchemas, mixedTypesOf } from "./remark-texts.ts";
import type { Samples } from "./samples.ts";
import type { Moments } from "./times.ts";

interface SmoothOptions {
  readonly moments: Moments;
  readonly lookbackMs: number;
  readonly place: RemarkPlace;
}

/**
 * The histogram on the line between those around each moment, the last one where none follows
 * within the lookback; nothing where numbers are among them.
 */
export function pickSmoothedHistograms(
  samples: Samples,
  into: Column,
  { moments, lookbackMs, place }: SmoothOptions,
): void {
  const { timesMs, count } = samples;
  let first = 0;
  let next = 0;
  let last = 0;
  for (let step = 0; step < into.values.length; step++) {
    const timeMs = moments.firstMs + moments.strideMs * step;
    while (first < count && timesMs[first]! <= timeMs - lookbackMs) first += 1;
    while (next < count && timesMs[next]! < timeMs) next += 1;
    while (last < count && timesMs[last]! <= timeMs + lookbackMs) last += 1;
    pickAt({ samples, first, next, last, timeMs, place }, step, into);
  }
}

interface Moment {
  readonly samples: Samples;
  /** Samples from `first` to before `last` are within the lookback, `next` is not before timeMs. */
  readonly first: number;
  readonly next: number;
  readonly last: number;
  readonly timeMs: number;
  readonly place: RemarkPlace;
}

function pickAt(moment: Moment, step: number, into: Column): void {
  const { samples, first, next, last, timeMs, place } = moment;
  if (first === last) return;
  const rows = samples.histograms?.slice(first, last) ?? [];
  const histogramCount = rows.filter((one) => one !== undefined).length;
  if (histogramCount === rows.length) {
    const histogram = histogramBetween(moment);
    if (histogram !== undefined) setHistogram(into, step, histogram);
    return;
  }
  if (histogramCount > 0) {
    place.annotations.warn(mixedTypesOf(place.name), place.span);
    return;
  }
  const value = numberBetween(samples, { first, next, last, timeMs });
  if (value === undefined) return;
  into.values[step] = value;
  into.present[step] = FLOAT;
}

function histogramBetween({
  samples,
  first,
  next,
  last,
  timeMs,
  place,
}: Moment): FloatHistogram | undefined {
  const { timesMs, histograms } = samples;
  const isAfter = next < last;
  const after = histograms?.[next];
  if (isAfter && timesMs[next] === timeMs) return after;
  const before = histograms?.[next - 1];
  if (next === first || before === undefined) return undefined;
  // What the hint says is about two samples, not about this value.
  if (!isAfter || after === undefined) return withCounterResetHint(before, "unknown");
  if (usesCustomBuckets(before) !== usesCustomBuckets(after)) {
    place.annotations.warn(mixedSchemas(place.name), place.span);
    return undefined;
  }
  const isGauge = before.counterResetHint === "gauge" && after.counterResetHint === "gauge";
  return interpolateHistograms(
    { histogram: before, timeMs: timesMs[next - 1]! },
    { histogram: after, timeMs: timesMs[next]! },
    { timeMs, isCounter: !isGauge, place },
  );
}

function numberBetween(
  { timesMs, values }: Samples,
  { first, next, last, timeMs }: Pick<Moment, "first" | "next" | "last" | "timeMs">,
): number | undefined {
  if (next < last && timesMs[next] === timeMs) return values[next];
  if (next === first) return undefined;
  if (next === last) return values[next - 1];
  return valueBetween({ timesMs, values }, next - 1, { timeMs, isCounter: false });
}
