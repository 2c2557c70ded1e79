import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualClock } from "../../std/index.ts";
import type { GpuReading } from "../snapshot.ts";
import { CLOCK_REASON } from "../snapshot.ts";
import type { GpuScenario, GpuSimulator } from "./simulator.ts";
import { createGpuSimulator, GPU_SCENARIOS } from "./simulator.ts";

function create({ seed = 1, gpuCount = 2 } = {}) {
  const clock = new VirtualClock(1_700_000_000_000);
  const simulator = createGpuSimulator({ seed, nodeName: "node-1", gpuCount, clock });
  return { clock, simulator, gpu: (index: number) => simulator.snapshot().gpus[index]! };
}

const THERMAL_BITS = CLOCK_REASON.hwThermal | CLOCK_REASON.hwSlowdown | CLOCK_REASON.swThermal;

function memoryRatio({ memoryUsedBytes = NaN, memoryFreeBytes = NaN }: GpuReading): number {
  return memoryUsedBytes / (memoryUsedBytes + memoryFreeBytes);
}

test("load shows in use, power, heat, memory and clock; without it a card idles", async () => {
  const { clock, simulator, gpu } = create();
  await clock.advance(10_000);
  expect(gpu(0)).toMatchObject({ utilizationPercent: 0, smClockMhz: 345, temperatureCelsius: 32 });
  expect(gpu(0).clockReasons).toBe(CLOCK_REASON.gpuIdle);
  simulator.setLoad(0, 0.8);
  await clock.advance(15_000);
  expect(gpu(0)).toMatchObject({ smClockMhz: 1980, clockReasons: 0 });
  expect(gpu(0).utilizationPercent).toBeGreaterThan(70);
  expect(gpu(0).powerWatts).toBeGreaterThan(450);
  expect(gpu(0).temperatureCelsius).toBeGreaterThan(50);
  expect(memoryRatio(gpu(0))).toBeGreaterThan(0.4);
  expect(gpu(1).utilizationPercent).toBe(0);
});

test("heat lags behind power", async () => {
  const { clock, simulator, gpu } = create();
  simulator.setLoad(0, 1);
  await clock.advance(1500);
  const early = gpu(0);
  await clock.advance(15_000);
  expect(early.powerWatts! / gpu(0).powerWatts!).toBeGreaterThan(0.9);
  expect(early.temperatureCelsius! / gpu(0).temperatureCelsius!).toBeLessThan(0.8);
});

test.each([0, 0.2, 1])(
  "gpu-thermal at load %s: within 8 s the card is at about 90 °C, throttled and slower; 10 s after it ends all is well",
  async (load) => {
    const { clock, simulator, gpu } = create();
    simulator.setLoad(0, load);
    await clock.advance(20_000);
    const before = gpu(0);
    simulator.start("gpu-thermal");
    await clock.advance(8000);
    expect(gpu(0).temperatureCelsius).toBeGreaterThanOrEqual(87);
    expect(gpu(0).clockReasons! & CLOCK_REASON.hwThermal).not.toBe(0);
    await clock.advance(4000);
    const hot = gpu(0);
    expect(hot.temperatureCelsius).toBeLessThanOrEqual(97);
    expect(simulator.clockRatio(0)).toBeCloseTo(0.6, 2);
    expect(hot.thermalViolationNs).toBeGreaterThan(3e9);
    if (load > 0) {
      expect(hot.smClockMhz).toBeCloseTo(0.6 * 1980, -2);
      expect(hot.powerWatts).toBeLessThan(0.8 * before.powerWatts!);
    }
    simulator.stop("gpu-thermal");
    await clock.advance(10_000);
    expect(gpu(0).clockReasons! & THERMAL_BITS).toBe(0);
    expect(Math.abs(gpu(0).temperatureCelsius! - before.temperatureCelsius!)).toBeLessThan(5);
    expect(simulator.clockRatio(0)).toBeGreaterThan(0.99);
  },
);

test("gpu-memory fills the first card's memory, and frees it when it ends", async () => {
  const { clock, simulator, gpu } = create();
  simulator.setLoad(0, 0.5);
  await clock.advance(10_000);
  const before = memoryRatio(gpu(0));
  simulator.start("gpu-memory");
  await clock.advance(8000);
  expect(memoryRatio(gpu(0))).toBeGreaterThan(0.97);
  expect(memoryRatio(gpu(1))).toBeLessThan(0.1);
  simulator.stop("gpu-memory");
  await clock.advance(10_000);
  expect(memoryRatio(gpu(0))).toBeCloseTo(before, 1);
});

test("xid counts up while it lasts; afterwards the count stays and the last code is reset", async () => {
  const { clock, simulator, gpu } = create();
  expect(gpu(0).lastXid).toBeUndefined();
  expect(gpu(0).xidCounts).toEqual(new Map());
  simulator.start("xid");
  await clock.advance(1000);
  expect(gpu(0)).toMatchObject({ lastXid: 48, eccUncorrectedCount: 1 });
  await clock.advance(20_000);
  expect(gpu(0).xidCounts).toEqual(new Map([[48, 3]]));
  expect(gpu(1).xidCounts).toEqual(new Map());
  simulator.stop("xid");
  await clock.advance(10_000);
  expect(gpu(0).lastXid).toBeUndefined();
  expect(gpu(0).xidCounts).toEqual(new Map([[48, 3]]));
  simulator.start("xid", { gpuIndex: 1, xid: 79 });
  await clock.advance(1000);
  expect(gpu(1)).toMatchObject({ lastXid: 79, eccUncorrectedCount: 0 });
});

test("a simulator that slept for a day wakes up settled, and soon", async () => {
  const { clock, simulator, gpu } = create();
  simulator.setLoad(0, 1);
  await clock.advance(86_400_000);
  expect(gpu(0).temperatureCelsius).toBeGreaterThan(60);
});

/** Something that happens to a simulator, and the time until the next. */
const action = fc.record({
  // Tens, so that a tenth of it is whole: time is in whole milliseconds.
  waitMs: fc.integer({ min: 0, max: 500 }).map((tens) => tens * 10),
  kind: fc.constantFrom("load", "start", "stop"),
  gpuIndex: fc.integer({ min: 0, max: 1 }),
  load: fc.double({ min: -1, max: 2, noNaN: true }),
  scenario: fc.constantFrom<GpuScenario>(...GPU_SCENARIOS),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function act(simulator: GpuSimulator, { kind, gpuIndex, load, scenario }: Action): void {
  if (kind === "load") simulator.setLoad(gpuIndex, load);
  else if (kind === "start") simulator.start(scenario);
  else simulator.stop(scenario);
}

test("the same seed and actions give the same readings, however often anyone looks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 8 }), fc.nat(1000), async (actions, seed) => {
      const [rare, often] = [create({ seed }), create({ seed })];
      for (const one of actions) {
        act(rare.simulator, one);
        act(often.simulator, one);
        await rare.clock.advance(one.waitMs);
        for (let i = 0; i < 10; i++) {
          await often.clock.advance(one.waitMs / 10);
          often.simulator.snapshot();
        }
      }
      const wanted = { ...rare.simulator.snapshot(), takenMs: 0 };
      expect({ ...often.simulator.snapshot(), takenMs: 0 }).toEqual(wanted);
    }),
    { numRuns: 20 },
  );
});

test("whatever happens, readings stay within what a card can do, and counters never fall", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
      const { clock, simulator, gpu } = create();
      let before = gpu(0);
      for (const one of actions) {
        act(simulator, one);
        await clock.advance(one.waitMs);
        const now = gpu(0);
        expectWithin(now.utilizationPercent, 0, 100);
        expectWithin(now.powerWatts, 60, 705);
        expectWithin(now.temperatureCelsius, 25, 100);
        expectWithin(now.smClockMhz, 345, 1980);
        expectWithin(memoryRatio(now), 0, 0.99);
        expectWithin(simulator.clockRatio(0), 0.55, 1);
        expect(now.energyMillijoules).toBeGreaterThanOrEqual(before.energyMillijoules!);
        expect(now.thermalViolationNs).toBeGreaterThanOrEqual(before.thermalViolationNs!);
        expect(now.xidCounts!.get(48) ?? 0).toBeGreaterThanOrEqual(before.xidCounts!.get(48) ?? 0);
        before = now;
      }
    }),
    { numRuns: 50 },
  );
});

function expectWithin(value: number | undefined, low: number, high: number): void {
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
}

test("different seeds give different cards", () => {
  const uuid = (seed: number) => create({ seed }).gpu(0).uuid;
  expect(uuid(1)).toMatch(/^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(uuid(1)).toBe(uuid(1));
  expect(uuid(1)).not.toBe(uuid(2));
});
