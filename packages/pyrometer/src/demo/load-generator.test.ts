import { Registry } from "@pyrometer/client";
import { expect, test } from "vitest";
import { Prng, sleep, VirtualClock } from "../std/index.ts";
import type { Camera } from "./camera.ts";
import { IMAGE_BYTES } from "./digits.ts";
import type { Reply } from "./io/inference-client.ts";
import { REQUESTS_IN_FLIGHT_MAX } from "./limits.ts";
import { startLoadGenerator } from "./load-generator.ts";

const camera: Camera = { capture: (pixels) => pixels, setDrift() {} };
const PREDICTED: Reply = { kind: "predicted", digit: 1 };

/** Customers of a service that takes `answerMs`; what they sent, and when. */
function rig(answerMs: number, seed = 1) {
  const clock = new VirtualClock();
  const registry = new Registry();
  const sent: { atMs: number; byteCount: number }[] = [];
  const load = startLoadGenerator({
    clock,
    prng: new Prng(seed),
    camera,
    images: [{ pixels: new Uint8Array(IMAGE_BYTES), digit: 1 }],
    meanRate: 100,
    registry,
    async predict(image) {
      sent.push({ atMs: clock.nowMs(), byteCount: image.length });
      await sleep(clock, answerMs);
      return PREDICTED;
    },
  });
  return { clock, registry, sent, load };
}

test("customers come at the mean rate over a day, and not at it at any moment", async () => {
  const { clock, sent, load } = rig(50);
  await clock.advance(90_000);
  load.stop();
  expect(sent.length).toBeGreaterThan(8_700);
  expect(sent.length).toBeLessThan(9_300);
  const perSecond = Array.from({ length: 90 }, (_, second) => {
    return sent.filter(({ atMs }) => Math.floor(atMs / 1000) === second).length;
  });
  const morning = perSecond.slice(10, 35).reduce((sum, count) => sum + count, 0) / 25;
  const night = perSecond.slice(55, 80).reduce((sum, count) => sum + count, 0) / 25;
  expect(morning).toBeGreaterThan(1.1 * night);
});

test("the same seed sends the same traffic, another seed another", async () => {
  const traffic = async (seed: number) => {
    const { clock, sent, load } = rig(50, seed);
    await clock.advance(3000);
    load.stop();
    return sent;
  };
  expect(await traffic(7)).toEqual(await traffic(7));
  expect(await traffic(7)).not.toEqual(await traffic(8));
});

test("a service that does not keep up does not slow customers down, until too many wait", async () => {
  const { clock, registry, sent, load } = rig(100_000);
  await clock.advance(10_000);
  load.stop();
  expect(sent.length).toBe(REQUESTS_IN_FLIGHT_MAX);
  expect(registry.expose()).toMatch(/demo_client_requests_total\{outcome="dropped"\} [5-9]\d\d/);
});

test("broken uploads are half images, one in four", async () => {
  const { clock, sent, load } = rig(50);
  load.setBroken(true);
  await clock.advance(20_000);
  load.setBroken(false);
  const halves = sent.filter(({ byteCount }) => byteCount === IMAGE_BYTES / 2);
  expect(halves.length / sent.length).toBeCloseTo(0.25, 1);
  const countBefore = halves.length;
  await clock.advance(5_000);
  load.stop();
  const later = sent.filter(({ byteCount }) => byteCount < IMAGE_BYTES).length - countBefore;
  expect(later).toBeLessThan(10);
});
