/** Aggregations that fold a group's columns into one, cell by cell and series by series. */
import { unreachable } from "../../std/index.ts";
import { Mean } from "../functions/kahan.ts";
import type { AggregateOperator } from "../parser/ast.ts";
import type { Column } from "./column.ts";
import { FLOAT } from "./column.ts";

type FoldOperator = Exclude<
  AggregateOperator,
  "topk" | "bottomk" | "limitk" | "limit_ratio" | "quantile" | "count_values"
>;

export function foldGroup(operator: FoldOperator, members: readonly Column[], into: Column): void {
  markPresent(members, into);
  switch (operator) {
    case "sum":
      return sum(members, into);
    case "avg":
      return fold(members, into, () => new Mean());
    case "count":
      return count(members, into);
    case "group":
      into.values.fill(1);
      return;
    case "max":
      return extreme(members, into, (value, best) => value > best);
    case "min":
      return extreme(members, into, (value, best) => value < best);
    case "stdvar":
      return fold(members, into, () => new Variance());
    case "stddev":
      fold(members, into, () => new Variance());
      for (let step = 0; step < into.values.length; step++) {
        into.values[step] = Math.sqrt(into.values[step]!);
      }
      return;
    default:
      return unreachable(operator);
  }
}

function markPresent(members: readonly Column[], into: Column): void {
  for (const { present } of members) {
    for (let step = 0; step < present.length; step++) into.present[step]! |= present[step]!;
  }
}

/** Column-wise: one pass over each member, with the compensation in a column of its own. */
function sum(members: readonly Column[], into: Column): void {
  const { values: sums } = into;
  const compensations = new Float64Array(sums.length);
  for (const { values, present } of members) {
    for (let step = 0; step < sums.length; step++) {
      if (present[step] !== FLOAT) continue;
      const value = values[step]!;
      const before = sums[step]!;
      const after = before + value;
      // The steps of KahanSum.add(), over columns.
      if (after === Infinity || after === -Infinity) compensations[step] = 0;
      else if (Math.abs(before) >= Math.abs(value)) {
        compensations[step]! += before - after + value;
      } else compensations[step]! += value - after + before;
      sums[step] = after;
    }
  }
  for (let step = 0; step < sums.length; step++) sums[step]! += compensations[step]!;
}

function count(members: readonly Column[], { values }: Column): void {
  for (const { present } of members) {
    for (let step = 0; step < present.length; step++) {
      if (present[step] === FLOAT) values[step]! += 1;
    }
  }
}

/** NaN only where there is nothing else. */
function extreme(
  members: readonly Column[],
  { values: best }: Column,
  isBetter: (value: number, best: number) => boolean,
): void {
  best.fill(NaN);
  for (const { values, present } of members) {
    for (let step = 0; step < values.length; step++) {
      if (present[step] !== FLOAT) continue;
      const value = values[step]!;
      if (isBetter(value, best[step]!) || Number.isNaN(best[step]!)) best[step] = value;
    }
  }
}

interface Accumulator {
  add(value: number): void;
  readonly value: number;
}

/** Step by step, for what keeps more than a number. */
function fold(members: readonly Column[], into: Column, create: () => Accumulator): void {
  for (let step = 0; step < into.values.length; step++) {
    if (into.present[step] !== FLOAT) continue;
    const accumulator = create();
    for (const { values, present } of members) {
      if (present[step] === FLOAT) accumulator.add(values[step]!);
    }
    into.values[step] = accumulator.value;
  }
}

/** Welford's, as Prometheus has it across series: a first value that is not finite makes NaN. */
class Variance implements Accumulator {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count += 1;
    if (this.#count === 1) {
      this.#mean = value;
      this.#squares = Number.isFinite(value) ? 0 : NaN;
      return;
    }
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  get value(): number {
    return this.#squares / this.#count;
  }
}
