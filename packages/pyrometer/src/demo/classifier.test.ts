import { expect, test } from "vitest";
import { Prng, VirtualClock } from "../std/index.ts";
import { createCamera } from "./camera.ts";
import { accuracyOn, predict, trainClassifier } from "./classifier.ts";
import { splitDigits } from "./digits.ts";
import { readDigitImages } from "./io/digit-files.ts";

const { training, holdOut, traffic } = splitDigits(readDigitImages, new Prng(1));
const classifier = trainClassifier(training, new Prng(1));

test("digits are split so that nothing is both learned from and measured with", () => {
  const all = [...training, ...holdOut, ...traffic].map(({ pixels }) => String(pixels));
  expect(new Set(all).size).toBe(4000);
});

test("the model reads digits that it has never seen", () => {
  expect(accuracyOn(classifier, holdOut)).toBeGreaterThan(0.9);
});

test("confidence is a probability, and higher where the model is right", () => {
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const predictions = holdOut.map((example) => ({
    ...predict(classifier, example.pixels),
    example,
  }));
  for (const { confidence } of predictions) {
    expect(confidence).toBeGreaterThanOrEqual(0.1);
    expect(confidence).toBeLessThanOrEqual(1);
  }
  const isRight = (p: (typeof predictions)[number]) => p.digit === p.example.digit;
  const right = predictions.filter(isRight).map(({ confidence }) => confidence);
  const wrong = predictions.filter((p) => !isRight(p)).map(({ confidence }) => confidence);
  expect(mean(right)).toBeGreaterThan(mean(wrong) + 0.1);
});

test("a camera that slips costs the model its accuracy; put right, it is as before", async () => {
  const clock = new VirtualClock();
  const camera = createCamera(clock, new Prng(1));
  const accuracy = () => {
    const seen = holdOut.map(({ pixels, digit }) => ({ pixels: camera.capture(pixels), digit }));
    return accuracyOn(classifier, seen);
  };
  const before = accuracy();
  expect(before).toBe(accuracyOn(classifier, holdOut));
  camera.setDrift(true);
  await clock.advance(1500);
  const halfWay = accuracy();
  await clock.advance(1500);
  expect(halfWay).toBeLessThan(before - 0.1);
  expect(accuracy()).toBeLessThan(halfWay - 0.1);
  camera.setDrift(false);
  expect(accuracy()).toBe(before);
});
