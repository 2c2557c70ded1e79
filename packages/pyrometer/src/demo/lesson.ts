/** The model of the demo: what it learned from, how long that took, and how well it went. */
import type { Clock } from "../std/index.ts";
import { MS_PER_SECOND, Prng } from "../std/index.ts";
import type { Classifier } from "./classifier.ts";
import { accuracyOn, CLASSIFIER_SHAPE, trainClassifier } from "./classifier.ts";
import type { DigitSplit } from "./digits.ts";
import { splitDigits } from "./digits.ts";

export interface Lesson {
  readonly classifier: Classifier;
  readonly split: DigitSplit;
  /** For people. */
  readonly summary: string;
}

export interface LessonOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly readImages: (digit: number) => readonly Uint8Array[];
}

export function teach({ clock, seed, readImages }: LessonOptions): Lesson {
  const prng = new Prng(seed);
  const split = splitDigits(readImages, prng);
  const startedMs = clock.nowMs();
  const classifier = trainClassifier(split.training, prng);
  const seconds = ((clock.nowMs() - startedMs) / MS_PER_SECOND).toFixed(1);
  const percent = (100 * accuracyOn(classifier, split.holdOut)).toFixed(1);
  const summary =
    `${CLASSIFIER_SHAPE} network, trained on ${split.training.length} handwritten digits in ` +
    `${seconds} s, reads ${percent} % of ${split.holdOut.length} held-out ones right`;
  return { classifier, split, summary };
}
