import { expect, test } from "vitest";
import { Prng, VirtualClock } from "../std/index.ts";
import { capacityOf, createDevices } from "./devices.ts";

/** How long a batch takes on a fresh device, by virtual clock. */
async function durationOf(
  imageCount: number,
  change: { slow?: boolean; clockRatio?: number } = {},
) {
  const clock = new VirtualClock();
  const speed = { clockRatio: () => change.clockRatio ?? 1, setLoad() {} };
  const devices = createDevices({ clock, prng: new Prng(1), count: 1, speed });
  devices.setSlow(change.slow ?? false);
  let doneMs = 0;
  void devices.occupy(0, imageCount).then(() => {
    doneMs = clock.nowMs();
  });
  await clock.advance(2000);
  devices.stop();
  return doneMs;
}

test("a batch of eight takes far less than eight of one", async () => {
  expect(await durationOf(8)).toBeLessThan(4 * (await durationOf(1)));
});

test("a throttling GPU takes longer in proportion to its clock, a slow one four times as long", async () => {
  const usualMs = await durationOf(8);
  expect(await durationOf(8, { clockRatio: 0.5 })).toBeCloseTo(2 * usualMs, -1);
  expect(await durationOf(8, { slow: true })).toBeCloseTo(4 * usualMs, -1);
});

test("work shows as load on its card, and ends with it", async () => {
  const clock = new VirtualClock();
  const loads: number[][] = [[], []];
  const setLoad = (gpuIndex: number, load: number) => loads[gpuIndex]!.push(load);
  const speed = { clockRatio: () => 1, setLoad };
  const devices = createDevices({ clock, prng: new Prng(1), count: 2, speed });
  void devices.occupy(1, 8);
  void devices.occupy(1, 8);
  await clock.advance(1100);
  devices.stop();
  await clock.advance(5000);
  expect(loads[0]).toEqual([0, 0, 0]);
  expect(loads[1]).toEqual([0, expect.closeTo(0.6, 1), 0]);
});

test("capacity counts full batches on all cards", () => {
  expect(Math.round(capacityOf(4))).toBe(211);
});
