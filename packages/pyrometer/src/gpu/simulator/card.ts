import { BYTES_PER_GIB, BYTES_PER_MIB } from "../../std/index.ts";

/** What a simulated card can do, and where it gets into trouble. */
export interface Card {
  readonly name: string;
  readonly memoryTotalBytes: number;
  readonly memoryReservedBytes: number;
  /** What a CUDA context takes before any model is loaded. */
  readonly memoryIdleBytes: number;
  readonly powerIdleWatts: number;
  readonly powerLimitWatts: number;
  readonly smClockIdleMhz: number;
  readonly smClockMaxMhz: number;
  readonly memoryClockMhz: number;
  /** The driver lowers clocks somewhat from here … */
  readonly swSlowdownCelsius: number;
  /** … and the hardware lowers them hard from here. */
  readonly hwSlowdownCelsius: number;
}

/** The data sheet's numbers, and the thresholds such a card reports through nvidia-smi -q. */
export const H100: Card = {
  name: "NVIDIA H100 80GB HBM3",
  memoryTotalBytes: 81_559 * BYTES_PER_MIB,
  memoryReservedBytes: 551 * BYTES_PER_MIB,
  memoryIdleBytes: BYTES_PER_GIB / 2,
  powerIdleWatts: 70,
  powerLimitWatts: 700,
  smClockIdleMhz: 345,
  smClockMaxMhz: 1980,
  memoryClockMhz: 2619,
  swSlowdownCelsius: 83,
  hwSlowdownCelsius: 87,
};
