/** Functions that aggregate a window of samples: *_over_time. */
import { MS_PER_SECOND } from "../../std/index.ts";
import { KahanSum, Mean } from "./kahan.ts";
import type { Window } from "./per-window.ts";
import { perWindow } from "./per-window.ts";
import { quantileOf } from "./quantile.ts";

export const sumOverTime = perWindow(({ values, from, to }) => {
  const total = new KahanSum();
  for (let i = from; i < to; i++) total.add(values[i]!);
  return total.value;
});

export const avgOverTime = perWindow(({ values, from, to }) => {
  const mean = new Mean();
  for (let i = from; i < to; i++) mean.add(values[i]!);
  return mean.value;
});

export const countOverTime = perWindow(({ from, to }) => to - from);

export const presentOverTime = perWindow(() => 1);

export const firstOverTime = perWindow(({ values, from }) => values[from]!);

export const lastOverTime = perWindow(({ values, to }) => values[to - 1]!);

export const maxOverTime = perWindow((window) => window.values[indexOfMax(window)]!);

export const minOverTime = perWindow((window) => window.values[indexOfMin(window)]!);

export const tsOfFirstOverTime = perWindow(({ timesMs, from }) => timesMs[from]! / MS_PER_SECOND);

export const tsOfLastOverTime = perWindow(({ timesMs, to }) => timesMs[to - 1]! / MS_PER_SECOND);

/** The latest of equals. */
export const tsOfMaxOverTime = perWindow((window) => {
  const { timesMs, values, from, to } = window;
  let index = from;
  for (let i = from; i < to; i++) {
    if (values[i]! >= values[index]! || Number.isNaN(values[index]!)) index = i;
  }
  return timesMs[index]! / MS_PER_SECOND;
});

/** The latest of equals. */
export const tsOfMinOverTime = perWindow((window) => {
  const { timesMs, values, from, to } = window;
  let index = from;
  for (let i = from; i < to; i++) {
    if (values[i]! <= values[index]! || Number.isNaN(values[index]!)) index = i;
  }
  return timesMs[index]! / MS_PER_SECOND;
});

/** NaN only when there is nothing else. */
function indexOfMax({ values, from, to }: Window): number {
  let index = from;
  for (let i = from; i < to; i++) {
    if (values[i]! > values[index]! || Number.isNaN(values[index]!)) index = i;
  }
  return index;
}

function indexOfMin({ values, from, to }: Window): number {
  let index = from;
  for (let i = from; i < to; i++) {
    if (values[i]! < values[index]! || Number.isNaN(values[index]!)) index = i;
  }
  return index;
}

export const stdvarOverTime = perWindow(varianceOf);

export const stddevOverTime = perWindow((window) => Math.sqrt(varianceOf(window)));

/** Welford's, compensated. */
function varianceOf({ values, from, to }: Window): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  let count = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    count += 1;
    const distance = value - (mean.sum + mean.compensation);
    mean.add(distance / count);
    squares.add(distance * (value - (mean.sum + mean.compensation)));
  }
  return (squares.sum + squares.compensation) / count;
}

export const quantileOverTime = perWindow(({ values, from, to, step }, params) =>
  quantileOf(params[0]![step]!, values.slice(from, to)),
);

/** Median distance from the median. */
export const madOverTime = perWindow(({ values, from, to }) => {
  const window = values.slice(from, to);
  if (window.some(Number.isNaN)) return NaN;
  const median = quantileOf(0.5, window);
  return quantileOf(
    0.5,
    window.map((value) => Math.abs(value - median)),
  );
});
