/**
 * rate, increase and delta over `anchored` and `smoothed` ranges: the values at the window's very
 * edges, taken from the sample before it (anchored) or interpolated between the samples around
 * each edge (smoothed), instead of extrapolated from inside.
 * Source: Prometheus 3.14, promql/functions.go (extendedRate, pickFirstSampleIndices)
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import type { WindowCompute } from "./implementation.ts";
import type { Window } from "./per-window.ts";
import { perWindow } from "./per-window.ts";

export type Extension = "anchored" | "smoothed";

/** Per extension, the functions that have a meaning over it. */
export type ExtendedComputes = Readonly<Partial<Record<Extension, WindowCompute>>>;

interface GrowthOptions {
  readonly isCounter: boolean;
  readonly isPerSecond: boolean;
}

export function extendedGrowth({ isCounter, isPerSecond }: GrowthOptions): ExtendedComputes {
  const over = (isSmoothed: boolean) =>
    perWindow((window) => {
      const amount = growthBetweenEdges(window, { isCounter, isSmoothed });
      if (amount === undefined || !isPerSecond) return amount;
      return amount / (window.rangeMs / MS_PER_SECOND);
    });
  return { anchored: over(false), smoothed: over(true) };
}

interface EdgeOptions {
  readonly isCounter: boolean;
  readonly isSmoothed: boolean;
}

function growthBetweenEdges(window: Window, options: EdgeOptions): number | undefined {
  const edges = findEdges(window, options);
  if (edges === undefined) return undefined;
  const { startMs, endMs, timesMs, values } = window;
  const { left, right } = edges;
  let amount = right - left;
  if (!options.isCounter) return amount;
  const first = timesMs[edges.first]! <= startMs ? edges.first + 1 : edges.first;
  const last = timesMs[edges.last]! >= endMs ? edges.last - 1 : edges.last;
  let previous = left;
  for (let i = first; i <= last; i++) {
    if (values[i]! < previous) amount += previous;
    previous = values[i]!;
  }
  return right < previous ? amount + previous : amount;
}

type EdgeWindow = Pick<Window, "timesMs" | "values" | "from" | "to" | "startMs" | "endMs">;

interface Edges {
  readonly first: number;
  readonly last: number;
  /** Values at the window's ends. */
  readonly left: number;
  readonly right: number;
}

/** The window holds samples from before its start and, smoothed, from after its end. */
export function findEdges(window: EdgeWindow, options: EdgeOptions): Edges | undefined {
  const { timesMs, startMs, endMs, from, to } = window;
  let last = to - 1;
  let first = from;
  while (first < last && timesMs[first]! <= startMs) first += 1;
  first = Math.max(from, first - 1);
  if (options.isSmoothed) {
    const newest = last;
    last = from;
    while (last < newest && timesMs[last]! < endMs) last += 1;
  }
  if (timesMs[last]! <= startMs) return undefined;
  if (options.isSmoothed && timesMs[first]! > endMs) return undefined;
  const { values } = window;
  let left = values[first]!;
  let right = values[last]!;
  if (options.isSmoothed && timesMs[first]! < startMs) {
    left = valueBetween(window, first, { timeMs: startMs, isCounter: options.isCounter });
  }
  if (options.isSmoothed && last > from && timesMs[last]! > endMs) {
    right = valueBetween(window, last - 1, { timeMs: endMs, isCounter: options.isCounter });
  }
  return { first, last, left, right };
}

/** On the line from sample `index` to the next; a counter that fell started again from 0. */
export function valueBetween(
  { timesMs, values }: Pick<Window, "timesMs" | "values">,
  index: number,
  { timeMs, isCounter }: { readonly timeMs: number; readonly isCounter: boolean },
): number {
  const after = values[index + 1]!;
  const before = isCounter && after < values[index]! ? 0 : values[index]!;
  const [beforeMs, afterMs] = [timesMs[index]!, timesMs[index + 1]!];
  return before + ((after - before) * (timeMs - beforeMs)) / (afterMs - beforeMs);
}

/** Counts over an anchored range from the sample at or before its start on. */
export function anchoredCount(
  isCounted: (value: number, previous: number) => boolean,
): ExtendedComputes {
  const anchored = perWindow(({ timesMs, values, startMs, from, to }) => {
    if (timesMs[to - 1]! <= startMs) return undefined;
    let count = 0;
    for (let i = from + 1; i < to; i++) {
      // Pairs that lie wholly before the start are no part of it.
      if (timesMs[i]! <= startMs) continue;
      if (isCounted(values[i]!, values[i - 1]!)) count += 1;
    }
    return count;
  });
  return { anchored };
}
