/**
 * Aggregations that fold a group's columns into one, cell by cell and series by series: of numbers;
 * histograms are left to aggregate-histograms.ts.
 */
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
      return mean(members, into);
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
    for (let step = 0; step < present.length; step++) into.present[step]! |= present[step]! & FLOAT;
  }
}

function sum(members: readonly Column[], into: Column): void {
  const { values: sums } = into;
  const compensations = addUp(members, into);
  for (let step = 0; step < sums.length; step++) {
    const total = sums[step]!;
    const isInfinite = total === Infinity || total === -Infinity;
    if (!isInfinite) sums[step] = total + compensations[step]!;
  }
}

/** One pass over each member; what the sums are short of comes back as a column of its own. */
function addUp(members: readonly Column[], { values: sums }: Column): Float64Array {
  const compensations = new Float64Array(sums.length);
  for (const { values, present } of members) {
    for (let step = 0; step < sums.length; step++) {
      if (present[step] !== FLOAT) continue;
      const value = values[step]!;
      const before = sums[step]!;
      const after = before + value;
      // What KahanSum.add() adds, without asking which of the two is larger: which one it is
      // changes from cell to cell, and a branch that cannot be foreseen costs more than this.
      const part = after - before;
      compensations[step]! += before - (after - part) + (value - part);
      sums[step] = after;
    }
  }
  return compensations;
}

/** Sums divided by counts; what is too large for a sum goes step by step. */
function mean(members: readonly Column[], into: Column): void {
  const { values: means } = into;
  const compensations = addUp(members, into);
  const counts = new Float64Array(means.length);
  count(members, { values: counts, present: into.present });
  for (let step = 0; step < means.length; step++) {
    const total = means[step]!;
    const isTooLarge = total === Infinity || total === -Infinity;
    means[step] = isTooLarge
      ? meanAt(members, step)
      : total / counts[step]! + compensations[step]! / counts[step]!;
  }
}

function meanAt(members: readonly Column[], step: number): number {
  const mean = new Mean();
  for (const { values, present } of members) if (present[step] === FLOAT) mean.add(values[step]!);
  return mean.value;
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
