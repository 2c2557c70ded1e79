/**
 * What the GPUs do for the service: they take time. The arithmetic is done here and at once, and
 * the answer is held back for as long as a card of that speed would need, so that a card that
 * throttles makes requests slow, and requests make a card busy and warm.
 */
import type { CancelTimer, Clock, Prng } from "../std/index.ts";
import { MS_PER_SECOND, sleep } from "../std/index.ts";
import { BATCH_SIZE_MAX } from "./limits.ts";

/**
 * A batch of 1 takes 54 ms, one of 8 takes 152 ms: four cards manage 210 images a second. Faster
 * cards would want more customers, and those would want the CPU that shows the page.
 */
const BATCH_MS = { fixed: 40, perImage: 14 } as const;
/** The slow scenario: 53 a second, a third of what comes in. */
const SLOW_FACTOR = 4;
/** Up to this much more or less, as kernels take. */
const JITTER_RATIO = 0.15;

const LOAD_EVERY_MS = 500;
/** A batch of one keeps a card from anything else, but does not fill it. */
const LOAD_OF_EMPTY_BATCH = 0.4;

/** The simulator's side; a real GPU has none, as its clock and load are its own business. */
export interface SimulatedSpeed {
  clockRatio(gpuIndex: number): number;
  setLoad(gpuIndex: number, load: number): void;
}

export interface Devices {
  readonly count: number;
  /** Resolves when `gpuIndex` would be done with a batch of this size. */
  occupy(gpuIndex: number, imageCount: number): Promise<void>;
  /** Each batch takes several times as long: a neighbour on the card, a bad driver. */
  setSlow(isSlow: boolean): void;
  stop(): void;
}

export interface DevicesOptions {
  readonly clock: Clock;
  readonly prng: Prng;
  readonly count: number;
  readonly speed?: SimulatedSpeed | undefined;
}

export function createDevices({ clock, prng, count, speed }: DevicesOptions): Devices {
  const workMs = new Float64Array(count);
  const stopped = new AbortController();
  let isSlow = false;
  let cancelLoad: CancelTimer | undefined;

  /** A card's load is the work it was given since last time, over the time that passed. */
  function reportLoad(): void {
    for (let index = 0; index < count; index++) {
      speed?.setLoad(index, Math.min(1, workMs[index]! / LOAD_EVERY_MS));
      workMs[index] = 0;
    }
    cancelLoad = clock.setTimer(LOAD_EVERY_MS, reportLoad);
  }
  if (speed) reportLoad();

  return {
    count,
    async occupy(gpuIndex, imageCount) {
      const plainMs = BATCH_MS.fixed + BATCH_MS.perImage * imageCount;
      const jitter = 1 + JITTER_RATIO * (2 * prng.next() - 1);
      const slowness = (isSlow ? SLOW_FACTOR : 1) / (speed?.clockRatio(gpuIndex) ?? 1);
      const durationMs = Math.round(plainMs * jitter * slowness);
      const fullness = imageCount / BATCH_SIZE_MAX;
      workMs[gpuIndex]! +=
        durationMs * (LOAD_OF_EMPTY_BATCH + (1 - LOAD_OF_EMPTY_BATCH) * fullness);
      await sleep(clock, durationMs, stopped.signal);
    },
    setSlow(value) {
      isSlow = value;
    },
    stop() {
      cancelLoad?.();
      stopped.abort();
    },
  };
}

/** Images that the devices manage in a second when nothing is wrong. */
export function capacityOf(deviceCount: number): number {
  const batchMs = BATCH_MS.fixed + BATCH_MS.perImage * BATCH_SIZE_MAX;
  return (deviceCount * BATCH_SIZE_MAX * MS_PER_SECOND) / batchMs;
}
