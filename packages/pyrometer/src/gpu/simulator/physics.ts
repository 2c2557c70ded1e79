/**
 * How a simulated card moves from one tenth of a second to the next.
 *
 *   load ─► utilisation ─► power ─► temperature ─► throttle ─► clock ─┐
 *                            ▲                                        │
 *                            └────────────────────────────────────────┘
 *
 * Everything approaches its target exponentially, each with its own inertia. The loop at the
 * bottom is what makes an overheated card settle instead of running away: slower clocks draw less
 * power. The constants are chosen so that an alert of a demo can be watched, seconds not minutes;
 * a real heat sink is about ten times slower.
 */
import type { Prng } from "../../std/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import { CLOCK_REASON } from "../snapshot.ts";
import type { Card } from "./card.ts";

export const STEP_MS = 100;
const STEP_SECONDS = STEP_MS / MS_PER_SECOND;
const NS_PER_MS = 1e6;

/** Seconds until about two thirds of the way to a new target. */
const INERTIA_SECONDS = {
  utilization: 0.4,
  power: 0.3,
  temperature: 2.5,
  clock: 0.5,
  memory: 1.5,
} as const;

/** With cooling, a card sits at inlet air plus what its power adds: 66 °C at 700 W. */
const COOLED = { inletCelsius: 28, celsiusPerWatt: 0.055 };
/** Without, the chassis fills with hot air: about 90 °C whatever the load, so idle cards show it. */
const UNCOOLED = { inletCelsius: 89, celsiusPerWatt: 0.008 };
const SLOWDOWN_HYSTERESIS_CELSIUS = 4;

const CLOCK_RATIO = { swSlowdown: 0.85, hwSlowdown: 0.6 } as const;
/** Clocks move in steps of 15 MHz. */
const CLOCK_STEP_MHZ = 15;

/** Of the memory that programs can have: a model's weights, and what a batch adds at full load. */
const WEIGHTS_RATIO = 0.32;
const ACTIVATIONS_RATIO = 0.25;
/** A leak stops here: the next allocation would fail. */
const LEAK_RATIO_MAX = 0.985;
const LEAK_SECONDS_TO_FILL = 8;

/** One PCIe replay in an hour or so under full load: a link that is fine still has a few. */
const REPLAY_PROBABILITY = 1 / 36_000;

export interface Faults {
  readonly hot: boolean;
  readonly leaking: boolean;
}

/** Mutable on purpose: ten steps a second for each card, and one owner. */
export interface CardState {
  /** What is asked of the card, 0–1. */
  load: number;
  utilizationRatio: number;
  hasModel: boolean;
  workingBytes: number;
  leakedBytes: number;
  temperatureCelsius: number;
  powerWatts: number;
  energyMillijoules: number;
  /** Part of its full speed that the card works at, 1 unless it is held back. */
  clockRatio: number;
  isSwSlowed: boolean;
  isHwSlowed: boolean;
  thermalViolationNs: number;
  pcieReplayCount: number;
}

export function coldState(card: Card): CardState {
  return {
    load: 0,
    utilizationRatio: 0,
    hasModel: false,
    workingBytes: card.memoryIdleBytes,
    leakedBytes: 0,
    temperatureCelsius: COOLED.inletCelsius + COOLED.celsiusPerWatt * card.powerIdleWatts,
    powerWatts: card.powerIdleWatts,
    energyMillijoules: 0,
    clockRatio: 1,
    isSwSlowed: false,
    isHwSlowed: false,
    thermalViolationNs: 0,
    pcieReplayCount: 0,
  };
}

/** Moves `state` forward by STEP_MS. Draws from `prng` the same number of times in any state. */
export function step(state: CardState, card: Card, { faults, prng }: StepInput): void {
  const jitter = prng.normal();
  const replayDraw = prng.next();
  const wanted = state.load === 0 ? 0 : clamp(state.load + 0.02 * jitter, 0.01, 1);
  state.utilizationRatio = approach(state.utilizationRatio, wanted, INERTIA_SECONDS.utilization);
  stepPower(state, card);
  stepHeat(state, card, faults.hot);
  stepMemory(state, card, faults.leaking);
  if (replayDraw < REPLAY_PROBABILITY * state.utilizationRatio) state.pcieReplayCount += 1;
}

export interface StepInput {
  readonly faults: Faults;
  readonly prng: Prng;
}

function stepPower(state: CardState, card: Card): void {
  const rangeWatts = card.powerLimitWatts - card.powerIdleWatts;
  // Voltage falls with frequency, so power falls faster than the clock.
  const wanted =
    card.powerIdleWatts + rangeWatts * state.utilizationRatio * state.clockRatio ** 2.2;
  state.powerWatts = approach(state.powerWatts, wanted, INERTIA_SECONDS.power);
  state.energyMillijoules += state.powerWatts * STEP_MS;
}

function stepHeat(state: CardState, card: Card, isHot: boolean): void {
  const { inletCelsius, celsiusPerWatt } = isHot ? UNCOOLED : COOLED;
  const wanted = inletCelsius + celsiusPerWatt * state.powerWatts;
  state.temperatureCelsius = approach(
    state.temperatureCelsius,
    wanted,
    INERTIA_SECONDS.temperature,
  );
  const isAbove = (limitCelsius: number, was: boolean) =>
    state.temperatureCelsius >= limitCelsius - (was ? SLOWDOWN_HYSTERESIS_CELSIUS : 0);
  state.isSwSlowed = isAbove(card.swSlowdownCelsius, state.isSwSlowed);
  state.isHwSlowed = isAbove(card.hwSlowdownCelsius, state.isHwSlowed);
  if (state.isSwSlowed || state.isHwSlowed) state.thermalViolationNs += STEP_MS * NS_PER_MS;
  state.clockRatio = approach(state.clockRatio, wantedClockRatio(state), INERTIA_SECONDS.clock);
}

function wantedClockRatio({ isHwSlowed, isSwSlowed }: CardState): number {
  if (isHwSlowed) return CLOCK_RATIO.hwSlowdown;
  return isSwSlowed ? CLOCK_RATIO.swSlowdown : 1;
}

function stepMemory(state: CardState, card: Card, isLeaking: boolean): void {
  const usableBytes = card.memoryTotalBytes - card.memoryReservedBytes;
  state.hasModel ||= state.load > 0;
  const modelRatio = state.hasModel
    ? WEIGHTS_RATIO + ACTIVATIONS_RATIO * state.utilizationRatio
    : 0;
  const wanted = card.memoryIdleBytes + modelRatio * usableBytes;
  state.workingBytes = approach(state.workingBytes, wanted, INERTIA_SECONDS.memory);
  const leakMax = Math.max(0, LEAK_RATIO_MAX * usableBytes - state.workingBytes);
  const leakStep = (usableBytes * STEP_SECONDS) / LEAK_SECONDS_TO_FILL;
  state.leakedBytes = isLeaking
    ? Math.min(leakMax, state.leakedBytes + leakStep)
    : approach(state.leakedBytes, 0, INERTIA_SECONDS.memory);
}

/** Within a quarter of a per cent of the limit is at the limit, as the power governor sees it. */
export function clockReasons(state: CardState, card: Card): number {
  let bits = 0;
  if (!isBusy(state)) bits |= CLOCK_REASON.gpuIdle;
  if (state.powerWatts > 0.9975 * card.powerLimitWatts) bits |= CLOCK_REASON.powerCap;
  if (state.isSwSlowed) bits |= CLOCK_REASON.swThermal;
  if (state.isHwSlowed) bits |= CLOCK_REASON.hwSlowdown | CLOCK_REASON.hwThermal;
  return bits;
}

export function smClockMhz(state: CardState, card: Card): number {
  if (!isBusy(state)) return card.smClockIdleMhz;
  return Math.round((card.smClockMaxMhz * state.clockRatio) / CLOCK_STEP_MHZ) * CLOCK_STEP_MHZ;
}

function isBusy(state: CardState): boolean {
  return state.utilizationRatio >= 0.005;
}

function approach(value: number, target: number, inertiaSeconds: number): number {
  return target + (value - target) * Math.exp(-STEP_SECONDS / inertiaSeconds);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
