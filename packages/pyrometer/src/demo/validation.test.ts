import { expect, test } from "vitest";
import { sleep, VirtualClock } from "../std/index.ts";
import type { Camera } from "./camera.ts";
import type { Reply } from "./io/inference-client.ts";
import { startValidation } from "./validation.ts";

const camera: Camera = { capture: (pixels) => pixels, setDrift() {} };
const IMAGES = Array.from({ length: 600 }, (_, i) => ({
  pixels: Uint8Array.of(i % 10),
  digit: i % 10,
}));

/** A validation job against `reply`, and each accuracy it reported. */
function rig(reply: (pixel: number) => Reply) {
  const clock = new VirtualClock();
  const reports: number[] = [];
  let openCount = 0;
  let openMax = 0;
  const validation = startValidation({
    clock,
    camera,
    images: IMAGES,
    report: (accuracy) => reports.push(accuracy),
    async predict(image) {
      openCount += 1;
      openMax = Math.max(openMax, openCount);
      await sleep(clock, 50);
      openCount -= 1;
      return reply(image[0]!);
    },
  });
  return { clock, reports, validation, openMax: () => openMax };
}

test("accuracy is the part of images that the service read right, every two seconds", async () => {
  const { clock, reports, validation, openMax } = rig((pixel) => ({
    kind: "predicted",
    digit: pixel === 3 ? 8 : pixel,
  }));
  await clock.advance(10_900);
  validation.stop();
  expect(reports).toEqual([0.9, 0.9, 0.9, 0.9, 0.9, 0.9]);
  expect(openMax()).toBe(6);
});

test("a change shows within a round, and fully after six", async () => {
  let isBlind = false;
  const { clock, reports, validation } = rig((pixel) => ({
    kind: "predicted",
    digit: isBlind ? -1 : pixel,
  }));
  await clock.advance(11_900);
  isBlind = true;
  await clock.advance(2_000);
  expect(reports.at(-1)).toBeCloseTo(5 / 6);
  await clock.advance(10_000);
  validation.stop();
  expect(reports.at(-1)).toBe(0);
});

test("a service that answers nothing leaves accuracy unknown, not 0", async () => {
  const { clock, reports, validation } = rig(() => ({ kind: "lost" }));
  await clock.advance(5_000);
  validation.stop();
  expect(reports).toEqual([]);
});
