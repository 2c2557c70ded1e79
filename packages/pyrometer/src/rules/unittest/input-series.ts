/**
 * A test's input series: read from their notation, and stored as time goes on. Not at once: rules
 * write into the same store, and a test must not see what lies ahead of its last evaluation.
 */
import type { Labels } from "../../model/index.ts";
import type { SequenceValue } from "../../promql/index.ts";
import { addSequenceValue, parseSeriesLine } from "../../promql/index.ts";
import type { Appendable } from "../../storage/index.ts";
import { BatchBuilder } from "../../storage/index.ts";
import { withResetHints } from "./reset-hint.ts";
import type { TestGroup } from "./test-file.ts";

export interface InputSeries {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

/** What is wrong with one of a test's series, and in which of its fields. */
export interface InputProblem {
  readonly index: number;
  readonly field: "series" | "values";
  readonly problem: string;
}

export interface InputReading {
  readonly series: readonly InputSeries[];
  readonly problems: readonly InputProblem[];
}

export function readInputSeries(inputs: TestGroup["input_series"]): InputReading {
  const byKey = new Map<string, InputSeries>();
  const problems: InputProblem[] = [];
  for (const [index, { series, values }] of inputs.entries()) {
    const name = parseSeriesLine(series);
    if ("problem" in name) {
      problems.push({ index, field: "series", problem: name.problem });
      continue;
    }
    const whole = parseSeriesLine(`${series} ${values}`);
    if ("problem" in whole) problems.push({ index, field: "values", problem: whole.problem });
    // Of a series that stands there twice the last one counts, as in promtool.
    else byKey.set(whole.labels.key, { ...whole, values: withResetHints(whole.values) });
  }
  return { series: [...byKey.values()], problems };
}

export interface InputTiming {
  readonly startMs: number;
  /** Between two values. */
  readonly intervalMs: number;
}

export class InputFeed {
  readonly #store: Appendable;
  readonly #series: readonly InputSeries[];
  readonly #timing: InputTiming;
  /** How many values of each series have been stored. */
  #storedCount = 0;

  constructor(store: Appendable, series: readonly InputSeries[], timing: InputTiming) {
    this.#store = store;
    this.#series = series;
    this.#timing = timing;
  }

  /** Stores every value up to and including that of `untilMs`. */
  async appendUntil(untilMs: number): Promise<void> {
    const { startMs, intervalMs } = this.#timing;
    const dueCount = Math.floor((untilMs - startMs) / intervalMs) + 1;
    const batch = new BatchBuilder();
    for (const { labels, values } of this.#series) {
      const due = values.slice(this.#storedCount, dueCount);
      if (due.length === 0) continue;
      const ref = this.#store.series(labels);
      if (ref === undefined) continue;
      for (const [index, value] of due.entries()) {
        const timeMs = startMs + (this.#storedCount + index) * intervalMs;
        addSequenceValue(batch, value, { ref, timeMs });
      }
    }
    this.#storedCount = Math.max(this.#storedCount, dueCount);
    if (batch.count > 0) await this.#store.append(batch);
  }
}
