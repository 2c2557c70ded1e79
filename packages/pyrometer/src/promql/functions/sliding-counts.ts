/**
 * resets and changes in one pass: how many happened up to each sample is counted once, and a
 * window's are the difference between its ends.
 */
import type { Column } from "../engine/column.ts";
import { FLOAT } from "../engine/column.ts";
import type { WindowCompute } from "./implementation.ts";

/** Counts the samples of each window that differ so from the one before them in it. */
export function slidingCount(
  isCounted: (value: number, previous: number) => boolean,
): WindowCompute {
  return ({ samples, windows }, into: Column) => {
    const { values, count } = samples;
    const { from, to, stepCount } = windows;
    const countUpTo = new Uint32Array(count);
    for (let i = 1; i < count; i++) {
      countUpTo[i] = countUpTo[i - 1]! + Number(isCounted(values[i]!, values[i - 1]!));
    }
    for (let step = 0; step < stepCount; step++) {
      const first = from[step]!;
      const end = to[step]!;
      if (first === end) continue;
      into.values[step] = countUpTo[end - 1]! - countUpTo[first]!;
      into.present[step] = FLOAT;
    }
  };
}
