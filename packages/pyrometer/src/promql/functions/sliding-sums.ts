/**
 * sum_over_time and avg_over_time in one pass, without ever subtracting: what left a window takes
 * its rounding errors, its infinities and its NaNs with it.
 *
 * A window is cut in two. For the front part, sums from each of its samples to the cut are known;
 * the back part, from the cut on, is one sum that grows. When the front has been left behind, a
 * new cut is made at the window's end and the front's sums are made anew, from the back forwards:
 * every sample is added twice at most. (A queue of two stacks, as in Tangwongsan, Hirzel,
 * Schneider, Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time, 2017.)
 *
 * Sums carry what rounding lost (Knuth's branch-free two-sum), so that they are rounded once, as
 * Prometheus' are but for the last bit; sums of integers are exact.
 */
import type { Column } from "../engine/column.ts";
import { FLOAT } from "../engine/column.ts";
import type { WindowCompute, WindowInput } from "./implementation.ts";
import { Mean } from "./kahan.ts";

export const slidingSum: WindowCompute = (input, into) => {
  slide(input, into);
};

export const slidingMean: WindowCompute = (input, into) => {
  slide(input, into);
  const { samples, windows } = input;
  for (let step = 0; step < windows.stepCount; step++) {
    if (into.present[step] !== FLOAT) continue;
    const from = windows.from[step]!;
    const to = windows.to[step]!;
    const sum = into.values[step]!;
    // A sum beyond what a double holds may still have a mean.
    const isOverflow = sum === Infinity || sum === -Infinity;
    into.values[step] = isOverflow ? meanOf(samples.values, from, to) : sum / (to - from);
  }
};

function meanOf(values: Float64Array, from: number, to: number): number {
  const mean = new Mean();
  for (let i = from; i < to; i++) mean.add(values[i]!);
  return mean.value;
}

function slide({ samples, windows }: WindowInput, into: Column): void {
  const { values, count } = samples;
  const { from, to, stepCount } = windows;
  const { values: results, present } = into;
  const frontSums = new Float64Array(count);
  const frontLost = new Float64Array(count);
  let cut = 0;
  let next = 0;
  let backSum = 0;
  let backLost = 0;
  for (let step = 0; step < stepCount; step++) {
    const first = from[step]!;
    const end = to[step]!;
    if (first === end) continue;
    if (first >= cut) {
      let sum = 0;
      let lost = 0;
      for (let i = end - 1; i >= first; i--) {
        const value = values[i]!;
        const total = sum + value;
        const part = total - sum;
        lost += sum - (total - part) + (value - part);
        sum = total;
        frontSums[i] = sum;
        frontLost[i] = lost;
      }
      cut = end;
      next = end;
      backSum = 0;
      backLost = 0;
    }
    for (; next < end; next++) {
      const value = values[next]!;
      const total = backSum + value;
      const part = total - backSum;
      backLost += backSum - (total - part) + (value - part);
      backSum = total;
    }
    const frontSum = frontSums[first]!;
    const total = frontSum + backSum;
    const part = total - frontSum;
    const lost = frontSum - (total - part) + (backSum - part) + frontLost[first]! + backLost;
    // Infinity minus itself lost nothing.
    const isInfinite = total === Infinity || total === -Infinity;
    results[step] = isInfinite ? total : total + lost;
    present[step] = FLOAT;
  }
}
