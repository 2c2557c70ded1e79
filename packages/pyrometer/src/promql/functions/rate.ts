/**
 * Functions of how fast something changes: rate, increase, delta, irate, idelta, resets, changes.
 * Source: Prometheus 3.14, promql/functions.go (extrapolatedRate, instantValue)
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import type { Window } from "./per-window.ts";
import { perWindow } from "./per-window.ts";

/** Samples this much farther from the window's edge than from each other do not reach it. */
const EXTRAPOLATION_SLACK = 1.1;

export const rate = perWindow((window) => {
  const growth = extrapolated(window, true);
  return growth === undefined
    ? undefined
    : growth.amount * (growth.factor / seconds(window.rangeMs));
});

export const increase = perWindow((window) => {
  const growth = extrapolated(window, true);
  return growth === undefined ? undefined : growth.amount * growth.factor;
});

export const delta = perWindow((window) => {
  const growth = extrapolated(window, false);
  return growth === undefined ? undefined : growth.amount * growth.factor;
});

interface Growth {
  amount: number;
  factor: number;
}

/** Reused: one call's result is read before the next call. */
const growth: Growth = { amount: 0, factor: 0 };

/**
 * How much the samples grew, and by which factor to stretch that from the samples' own span to
 * the window's: all the way to an edge that is as near as samples are apart, else half a gap.
 * A counter is not stretched to before it was zero, and what a restart took is added back.
 */
function extrapolated(window: Window, isCounter: boolean): Growth | undefined {
  const { timesMs, values, from, to } = window;
  const last = to - 1;
  if (last === from) return undefined;
  const first = values[from]!;
  let amount = values[last]! - first;
  if (isCounter) amount += lostInResets(window);
  const firstMs = timesMs[from]!;
  const lastMs = timesMs[last]!;
  const sampled = seconds(lastMs - firstMs);
  const between = sampled / (last - from);
  let toStart = seconds(firstMs - window.startMs);
  let toEnd = seconds(window.endMs - lastMs);
  const threshold = between * EXTRAPOLATION_SLACK;
  if (toStart >= threshold) toStart = between / 2;
  if (isCounter && amount > 0 && first >= 0) {
    const toZero = sampled * (first / amount);
    if (toZero < toStart) toStart = toZero;
  }
  if (toEnd >= threshold) toEnd = between / 2;
  growth.amount = amount;
  growth.factor = (sampled + toStart + toEnd) / sampled;
  return growth;
}

function lostInResets({ values, from, to }: Window): number {
  let lost = 0;
  let previous = values[from]!;
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!;
    if (value < previous) lost += previous;
    previous = value;
  }
  return lost;
}

function seconds(ms: number): number {
  return ms / MS_PER_SECOND;
}

export const irate = perWindow(({ timesMs, values, from, to }) => {
  if (to - from < 2) return undefined;
  const latest = values[to - 1]!;
  const previous = values[to - 2]!;
  // After a restart, what there is has been counted since.
  const amount = latest < previous ? latest : latest - previous;
  return amount / seconds(timesMs[to - 1]! - timesMs[to - 2]!);
});

export const idelta = perWindow(({ values, from, to }) =>
  to - from < 2 ? undefined : values[to - 1]! - values[to - 2]!,
);

export const resets = perWindow(({ values, from, to }) => {
  let count = 0;
  for (let i = from + 1; i < to; i++) if (isReset(values[i]!, values[i - 1]!)) count += 1;
  return count;
});

export function isReset(value: number, previous: number): boolean {
  return value < previous;
}

export const changes = perWindow(({ values, from, to }) => {
  let count = 0;
  for (let i = from + 1; i < to; i++) if (isChange(values[i]!, values[i - 1]!)) count += 1;
  return count;
});

export function isChange(value: number, previous: number): boolean {
  return value !== previous && !(Number.isNaN(value) && Number.isNaN(previous));
}
