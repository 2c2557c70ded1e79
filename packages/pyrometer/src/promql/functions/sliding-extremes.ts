/**
 * max_over_time, min_over_time and when those were, in one pass: a deque holds the samples that
 * may still become the answer, best first. What comes behind a better one never will and leaves at
 * once, so every sample enters once and leaves once, however long the windows are.
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import type { Column } from "../engine/column.ts";
import { FLOAT } from "../engine/column.ts";
import type { WindowCompute, WindowInput } from "./implementation.ts";

interface ExtremeOptions {
  /** 1 for the largest, -1 for the smallest. */
  readonly direction: 1 | -1;
  /** The value, of equals the first one's; or the time of the last of them, in Unix seconds. */
  readonly wants: "value" | "time";
}

/** NaN only where a window holds nothing else. */
export function slidingExtreme({ direction, wants }: ExtremeOptions): WindowCompute {
  const isTime = wants === "time";
  return ({ samples, windows }: WindowInput, into: Column) => {
    const { timesMs, values, count } = samples;
    const { from, to, stepCount } = windows;
    // Indexes into the samples; [head, tail) are in the deque.
    const deque = new Int32Array(count);
    let head = 0;
    let tail = 0;
    let next = 0;
    for (let step = 0; step < stepCount; step++) {
      const first = from[step]!;
      const end = to[step]!;
      for (; next < end; next++) {
        const value = values[next]! * direction;
        if (value !== value) continue;
        while (head < tail) {
          const last = values[deque[tail - 1]!]! * direction;
          if (last > value || (last === value && !isTime)) break;
          tail -= 1;
        }
        deque[tail++] = next;
      }
      while (head < tail && deque[head]! < first) head += 1;
      if (first === end) continue;
      const best = head < tail ? deque[head]! : end - 1;
      into.values[step] = isTime ? timesMs[best]! / MS_PER_SECOND : values[best]!;
      into.present[step] = FLOAT;
    }
  };
}
