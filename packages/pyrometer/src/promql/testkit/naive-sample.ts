/** What naive-evaluator.ts works on: samples as objects. */
import type { Labels } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Samples of one series in a window, oldest first. */
export interface RangeSample {
  readonly labels: Labels;
  readonly points: readonly Point[];
  readonly startMs: number;
  readonly endMs: number;
}

export interface Point {
  readonly timeMs: number;
  readonly value: number;
}

/** The query has no answer: two series would have the same labels, or match the same one. */
export class NaiveRefusal extends Error {
  override readonly name = "NaiveRefusal";
}

export function withoutName(labels: Labels): Labels {
  return labels.without([METRIC_NAME]);
}

export function nameless(
  samples: readonly Sample[],
  compute: (sample: Sample) => number,
): Sample[] {
  return distinct(
    samples.map((sample) => ({ labels: withoutName(sample.labels), value: compute(sample) })),
  );
}

/** @throws {NaiveRefusal} when two have the same labels */
export function distinct(samples: Sample[]): Sample[] {
  const keys = new Set(samples.map(({ labels }) => labels.key));
  if (keys.size < samples.length) throw new NaiveRefusal("same labels twice");
  return samples;
}
