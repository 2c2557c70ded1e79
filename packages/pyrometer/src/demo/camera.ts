/**
 * How a digit reaches the service: the camera that the traffic and the validation job share. When
 * it is knocked askew, what the model sees is no longer what it learned from, and nothing but its
 * accuracy tells.
 */
import type { Clock, Prng } from "../std/index.ts";
import { IMAGE_BYTES, IMAGE_SIDE } from "./digits.ts";

/** Far enough that people still read the digit and the model reads about half of them. */
const TILT_RADIANS = (40 * Math.PI) / 180;
const NOISE_LEVEL = 60;
/** It slips, it does not jump: the fall is then seen as a slope. */
const SLIP_MS = 3000;

export interface Camera {
  /** The image as it is sent: a copy, changed by how far the camera has slipped. */
  capture(pixels: Uint8Array): Uint8Array;
  setDrift(isDrifting: boolean): void;
}

export function createCamera(clock: Clock, prng: Prng): Camera {
  let slippingSinceMs: number | undefined;
  return {
    capture(pixels) {
      if (slippingSinceMs === undefined) return pixels.slice();
      const severity = Math.min(1, (clock.nowMs() - slippingSinceMs) / SLIP_MS);
      const image = rotate(pixels, severity * TILT_RADIANS);
      return addNoise(image, severity * NOISE_LEVEL, prng);
    },
    setDrift(isDrifting) {
      if (!isDrifting) slippingSinceMs = undefined;
      else slippingSinceMs ??= clock.nowMs();
    },
  };
}

/** Turns about the centre; each pixel looks back to where it came from, paper beyond the edge. */
function rotate(pixels: Uint8Array, radians: number): Uint8Array {
  const turned = new Uint8Array(IMAGE_BYTES);
  const centre = (IMAGE_SIDE - 1) / 2;
  const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
  for (let at = 0; at < IMAGE_BYTES; at++) {
    const x = (at % IMAGE_SIDE) - centre;
    const y = Math.floor(at / IMAGE_SIDE) - centre;
    const column = Math.round(cosine * x + sine * y + centre);
    const row = Math.round(cosine * y - sine * x + centre);
    const isInside = 0 <= column && column < IMAGE_SIDE && 0 <= row && row < IMAGE_SIDE;
    if (isInside) turned[at] = pixels[row * IMAGE_SIDE + column]!;
  }
  return turned;
}

function addNoise(pixels: Uint8Array, level: number, prng: Prng): Uint8Array {
  // Clamped, as a sensor is.
  return Uint8Array.from(pixels, (pixel) =>
    Math.min(255, Math.max(0, Math.round(pixel + level * (2 * prng.next() - 1)))),
  );
}
