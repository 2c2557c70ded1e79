/**
 * A small neural network that reads digits: 196 → 32 → 10, one hidden layer, trained by plain
 * stochastic gradient descent. Real, so that its accuracy is measured and not made up, and small,
 * so that it has learned before anyone waits: a second in plain TypeScript.
 *
 * Weights are input-major: four pixels of five are paper, and a pixel of 0 then skips its row.
 */
import type { Prng } from "../std/index.ts";
import type { Example } from "./digits.ts";
import { DIGIT_COUNT, IMAGE_SIDE, shuffle } from "./digits.ts";

/** Images are halved first: 2 × 2 pixels become one, which leaves a quarter of the work. */
const INPUT_SIDE = IMAGE_SIDE / 2;
const INPUT_COUNT = INPUT_SIDE * INPUT_SIDE;
const HIDDEN_COUNT = 32;

const EPOCH_COUNT = 6;
const LEARNING_RATE = { first: 0.05, last: 0.005 } as const;

export const CLASSIFIER_SHAPE = `${INPUT_COUNT}-${HIDDEN_COUNT}-${DIGIT_COUNT}`;

/** Parallel arrays of weights; `hidden[input * HIDDEN_COUNT + unit]`, and so on. */
export interface Classifier {
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

export interface Prediction {
  readonly digit: number;
  /** What the model gives this digit, 0–1; all ten together make 1. */
  readonly confidence: number;
}

/** Learns from `examples`. The same generator gives the same weights. */
export function trainClassifier(examples: readonly Example[], prng: Prng): Classifier {
  const classifier = untrained(prng);
  const inputs = new Map(examples.map((example) => [example, preprocess(example.pixels)]));
  const order = [...examples];
  const pass = createPass();
  for (let epoch = 0; epoch < EPOCH_COUNT; epoch++) {
    shuffle(order, prng);
    const done = epoch / (EPOCH_COUNT - 1);
    const rate = LEARNING_RATE.first * (LEARNING_RATE.last / LEARNING_RATE.first) ** done;
    for (const example of order) {
      const input = inputs.get(example)!;
      forward(classifier, input, pass);
      learn(classifier, { input, pass, digit: example.digit, rate });
    }
  }
  return classifier;
}

/** @param pixels one image as the service receives it */
export function predict(classifier: Classifier, pixels: Uint8Array): Prediction {
  const pass = createPass();
  forward(classifier, preprocess(pixels), pass);
  let digit = 0;
  for (let i = 1; i < DIGIT_COUNT; i++) if (pass.scores[i]! > pass.scores[digit]!) digit = i;
  return { digit, confidence: pass.scores[digit]! };
}

/** The part of `examples` that the model reads right, 0–1. */
export function accuracyOn(classifier: Classifier, examples: readonly Example[]): number {
  const isRight = ({ pixels, digit }: Example) => predict(classifier, pixels).digit === digit;
  return examples.filter(isRight).length / examples.length;
}

/** What one forward pass leaves for the backward one. */
interface Pass {
  readonly units: Float32Array;
  readonly scores: Float32Array;
}

function createPass(): Pass {
  return { units: new Float32Array(HIDDEN_COUNT), scores: new Float32Array(DIGIT_COUNT) };
}

/** Small random weights, sized by how many inputs a unit adds up (He). */
function untrained(prng: Prng): Classifier {
  const random = (count: number, inputCount: number) =>
    Float32Array.from({ length: count }, () => prng.normal() * Math.sqrt(2 / inputCount));
  return {
    hidden: random(INPUT_COUNT * HIDDEN_COUNT, INPUT_COUNT),
    hiddenBias: new Float32Array(HIDDEN_COUNT),
    output: random(HIDDEN_COUNT * DIGIT_COUNT, HIDDEN_COUNT),
    outputBias: new Float32Array(DIGIT_COUNT),
  };
}

function preprocess(pixels: Uint8Array): Float32Array {
  const input = new Float32Array(INPUT_COUNT);
  for (let row = 0; row < INPUT_SIDE; row++) {
    for (let column = 0; column < INPUT_SIDE; column++) {
      const at = 2 * row * IMAGE_SIDE + 2 * column;
      const upper = pixels[at]! + pixels[at + 1]!;
      const lower = pixels[at + IMAGE_SIDE]! + pixels[at + IMAGE_SIDE + 1]!;
      input[row * INPUT_SIDE + column] = (upper + lower) / (4 * 255);
    }
  }
  return input;
}

function forward(classifier: Classifier, input: Float32Array, { units, scores }: Pass): void {
  units.set(classifier.hiddenBias);
  addWeighted(units, input, classifier.hidden);
  for (let unit = 0; unit < HIDDEN_COUNT; unit++) units[unit] = Math.max(0, units[unit]!);
  scores.set(classifier.outputBias);
  addWeighted(scores, units, classifier.output);
  softmax(scores);
}

/** sums[j] += Σ values[i] · weights[i, j], skipping values of 0. */
function addWeighted(sums: Float32Array, values: Float32Array, weights: Float32Array): void {
  const width = sums.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === 0) continue;
    for (let j = 0; j < width; j++) sums[j]! += value * weights[i * width + j]!;
  }
}

function softmax(scores: Float32Array): void {
  const largest = Math.max(...scores);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - largest);
    total += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= total;
}

interface Lesson {
  readonly input: Float32Array;
  readonly pass: Pass;
  readonly digit: number;
  readonly rate: number;
}

/** One step down the gradient of the cross entropy. */
function learn(classifier: Classifier, { input, pass, digit, rate }: Lesson): void {
  const { units, scores } = pass;
  const outputSlope = scores.map((score, i) => score - (i === digit ? 1 : 0));
  const unitSlope = new Float32Array(HIDDEN_COUNT);
  for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
    if (units[unit] === 0) continue; // a unit that is off passes nothing back
    for (let i = 0; i < DIGIT_COUNT; i++) {
      unitSlope[unit]! += outputSlope[i]! * classifier.output[unit * DIGIT_COUNT + i]!;
    }
  }
  descend(classifier.output, { values: units, slope: outputSlope, rate });
  descend(classifier.hidden, { values: input, slope: unitSlope, rate });
  for (let i = 0; i < DIGIT_COUNT; i++) classifier.outputBias[i]! -= rate * outputSlope[i]!;
  for (let i = 0; i < HIDDEN_COUNT; i++) classifier.hiddenBias[i]! -= rate * unitSlope[i]!;
}

interface Slope {
  readonly values: Float32Array;
  readonly slope: Float32Array;
  readonly rate: number;
}

function descend(weights: Float32Array, { values, slope, rate }: Slope): void {
  const width = slope.length;
  for (let i = 0; i < values.length; i++) {
    const step = rate * values[i]!;
    if (step === 0) continue;
    for (let j = 0; j < width; j++) weights[i * width + j]! -= step * slope[j]!;
  }
}
