/**
 * Functions of how fast something changes: rate, increase, delta, irate, idelta, resets, changes.
 * Source: Prometheus 3.14, promql/functions.go (instantValue)
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import { perWindow } from "./per-window.ts";
import { slidingCount } from "./sliding-counts.ts";
import { slidingGrowth } from "./sliding-growth.ts";

export const rate = slidingGrowth({ isCounter: true, isPerSecond: true });

export const increase = slidingGrowth({ isCounter: true, isPerSecond: false });

export const delta = slidingGrowth({ isCounter: false, isPerSecond: false });

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

export const resets = slidingCount(isReset);

export function isReset(value: number, previous: number): boolean {
  return value < previous;
}

export const changes = slidingCount(isChange);

export function isChange(value: number, previous: number): boolean {
  return value !== previous && !(Number.isNaN(value) && Number.isNaN(previous));
}
