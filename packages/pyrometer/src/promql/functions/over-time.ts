/** Functions that aggregate a window of samples: *_over_time. */
import { MS_PER_SECOND } from "../../std/index.ts";
import { KahanSum } from "./kahan.ts";
import type { Window } from "./per-window.ts";
import { perWindow } from "./per-window.ts";
import { quantileOf } from "./quantile.ts";
import { slidingExtreme } from "./sliding-extremes.ts";
import { slidingQuantile } from "./sliding-quantile.ts";
import { slidingMean, slidingSum } from "./sliding-sums.ts";

export const sumOverTime = slidingSum;

export const avgOverTime = slidingMean;

export const countOverTime = perWindow(({ from, to }) => to - from);

export const presentOverTime = perWindow(() => 1);

export const firstOverTime = perWindow(({ values, from }) => values[from]!);

export const lastOverTime = perWindow(({ values, to }) => values[to - 1]!);

export const maxOverTime = slidingExtreme({ direction: 1, wants: "value" });

export const minOverTime = slidingExtreme({ direction: -1, wants: "value" });

export const tsOfFirstOverTime = perWindow(({ timesMs, from }) => timesMs[from]! / MS_PER_SECOND);

export const tsOfLastOverTime = perWindow(({ timesMs, to }) => timesMs[to - 1]! / MS_PER_SECOND);

/** The latest of equals. */
export const tsOfMaxOverTime = slidingExtreme({ direction: 1, wants: "time" });

/** The latest of equals. */
export const tsOfMinOverTime = slidingExtreme({ direction: -1, wants: "time" });

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

export const quantileOverTime = slidingQuantile;

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
