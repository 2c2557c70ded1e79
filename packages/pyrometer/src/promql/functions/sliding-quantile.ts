/**
 * quantile_over_time with the window's values kept in order: from one step to the next a few
 * leave and a few enter, each found by bisection, and what lies between moves up or down. Sorting
 * every window anew was 85 % of a 30 m quantile's time (120 samples each).
 */
import type { Column } from "../engine/column.ts";
import { FLOAT } from "../engine/column.ts";
import type { WindowCompute } from "./implementation.ts";
import type { SortedValues } from "./quantile.ts";
import { quantileOfSorted } from "./quantile.ts";

export const slidingQuantile: WindowCompute = ({ samples, windows, params }, into: Column) => {
  const { values } = samples;
  const { from, to, stepCount } = windows;
  const window = new SortedWindow(values, longest(from, to));
  const quantiles = params[0]!;
  for (let step = 0; step < stepCount; step++) {
    const first = from[step]!;
    const end = to[step]!;
    if (first === end) continue;
    window.moveTo(first, end);
    into.values[step] = quantileOfSorted(quantiles[step]!, window);
    into.present[step] = FLOAT;
  }
};

function longest(from: Int32Array, to: Int32Array): number {
  let length = 0;
  for (let step = 0; step < from.length; step++) length = Math.max(length, to[step]! - from[step]!);
  return length;
}

class SortedWindow implements SortedValues {
  readonly numbers: Float64Array;
  count = 0;
  nanCount = 0;
  readonly #values: Float64Array;
  #from = 0;
  #to = 0;

  constructor(values: Float64Array, lengthMax: number) {
    this.#values = values;
    this.numbers = new Float64Array(lengthMax);
  }

  /** Neither end goes back. */
  moveTo(from: number, to: number): void {
    const movedCount = Math.min(from, this.#to) - this.#from + (to - this.#to);
    // Moving one costs about as much as sorting eight: then all of them are sorted.
    if (from >= this.#to || movedCount * 8 > to - from) this.#sortAll(from, to);
    else {
      // Pairs first: when one leaves as one enters, only what lies between the two moves.
      let [leaving, entering] = [this.#from, this.#to];
      while (leaving < from && entering < to) {
        this.#replace(this.#values[leaving++]!, this.#values[entering++]!);
      }
      while (leaving < from) this.#remove(this.#values[leaving++]!);
      while (entering < to) this.#insert(this.#values[entering++]!);
    }
    this.#from = from;
    this.#to = to;
  }

  #sortAll(from: number, to: number): void {
    let count = 0;
    for (let i = from; i < to; i++) {
      const value = this.#values[i]!;
      if (value === value) this.numbers[count++] = value;
    }
    this.numbers.subarray(0, count).sort();
    this.count = count;
    this.nanCount = to - from - count;
  }

  #replace(leaving: number, entering: number): void {
    if (leaving === entering) return;
    if (leaving !== leaving || entering !== entering) {
      this.#remove(leaving);
      this.#insert(entering);
      return;
    }
    const { numbers } = this;
    const gap = this.#find(leaving);
    let place = this.#find(entering);
    if (place > gap) {
      place -= 1;
      for (let i = gap; i < place; i++) numbers[i] = numbers[i + 1]!;
    } else for (let i = gap; i > place; i--) numbers[i] = numbers[i - 1]!;
    numbers[place] = entering;
  }

  #remove(value: number): void {
    if (value !== value) {
      this.nanCount -= 1;
      return;
    }
    const place = this.#find(value);
    this.numbers.copyWithin(place, place + 1, this.count);
    this.count -= 1;
  }

  #insert(value: number): void {
    if (value !== value) {
      this.nanCount += 1;
      return;
    }
    const place = this.#find(value);
    this.numbers.copyWithin(place + 1, place, this.count);
    this.numbers[place] = value;
    this.count += 1;
  }

  /** The index of the first number that is not below `value`. */
  #find(value: number): number {
    const { numbers } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (numbers[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
