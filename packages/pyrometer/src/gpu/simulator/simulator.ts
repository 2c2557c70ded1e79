/**
 * GPUs for machines that have none: a demo, a test, a laptop. The numbers are made up, and
 * everything that shows them says so.
 *
 * Time comes from the clock and is cut into fixed steps, so what a simulator shows depends on its
 * seed and on what was asked of it when, not on how often anyone looked.
 */
import type { Clock } from "../../std/index.ts";
import { assert, Prng } from "../../std/index.ts";
import { CATCH_UP_STEPS_MAX, SIMULATED_GPUS_MAX } from "../limits.ts";
import type { GpuReading, GpuSnapshot, GpuSource } from "../snapshot.ts";
import { H100 } from "./card.ts";
import type { CardState } from "./physics.ts";
import { clockReasons, coldState, STEP_MS, smClockMhz, step } from "./physics.ts";

/**
 * gpu-thermal: cooling fails, the card heats up to about 90 °C and slows itself down.
 * gpu-memory: a leak fills the memory.
 * xid: the driver reports uncorrectable memory errors (XID 48), again and again.
 */
export const GPU_SCENARIOS = ["gpu-thermal", "gpu-memory", "xid"] as const;
export type GpuScenario = (typeof GPU_SCENARIOS)[number];

const XID_DOUBLE_BIT_ECC = 48;
const XID_EVERY_STEPS = 10_000 / STEP_MS;
/** After the fault is over the card is reset, which is what clears the last XID. */
const XID_RESET_AFTER_STEPS = 5_000 / STEP_MS;

export interface GpuSimulatorOptions {
  readonly seed: number;
  readonly nodeName: string;
  readonly gpuCount: number;
  readonly clock: Clock;
}

export interface ScenarioOptions {
  /** The card it happens to. Without: all for gpu-thermal (they share the air), else the first. */
  readonly gpuIndex?: number;
  /** For xid: which; 48 unless said. */
  readonly xid?: number;
}

export interface GpuSimulator extends GpuSource {
  snapshot(): GpuSnapshot;
  /** @param load what is asked of the card, 0 to 1; anything beyond is taken as 0 or 1 */
  setLoad(gpuIndex: number, load: number): void;
  start(scenario: GpuScenario, options?: ScenarioOptions): void;
  stop(scenario: GpuScenario): void;
  active(): readonly GpuScenario[];
  /** The part of its full speed that the card works at: 1, or less when it throttles. */
  clockRatio(gpuIndex: number): number;
}

export function createGpuSimulator(options: GpuSimulatorOptions): GpuSimulator {
  return new Simulator(options);
}

interface SimulatedCard {
  readonly index: number;
  readonly uuid: string;
  readonly pciBusId: string;
  readonly state: CardState;
  readonly prng: Prng;
  readonly xidCounts: Map<number, number>;
  lastXid: number | undefined;
  eccUncorrectedCount: number;
}

class Simulator implements GpuSimulator {
  readonly name = "simulator";
  readonly simulated = true;
  readonly #clock: Clock;
  readonly #nodeName: string;
  readonly #cards: readonly SimulatedCard[];
  readonly #scenarios = new Map<GpuScenario, ScenarioOptions & { readonly sinceStep: number }>();
  readonly #startMs: number;
  #stepCount = 0;
  #xidResetAtStep: number | undefined;

  constructor({ seed, nodeName, gpuCount, clock }: GpuSimulatorOptions) {
    const isPossible = Number.isInteger(gpuCount) && 0 < gpuCount && gpuCount <= SIMULATED_GPUS_MAX;
    assert(isPossible, `BUG: cannot simulate ${gpuCount} GPUs, 1 to ${SIMULATED_GPUS_MAX} can be`);
    this.#clock = clock;
    this.#nodeName = nodeName;
    this.#startMs = clock.nowMs();
    this.#cards = Array.from({ length: gpuCount }, (_, index) => createCard(seed, index));
  }

  read(): Promise<GpuSnapshot> {
    return Promise.resolve(this.snapshot());
  }

  snapshot(): GpuSnapshot {
    this.#catchUp();
    return {
      takenMs: this.#clock.nowMs(),
      nodeName: this.#nodeName,
      driverVersion: "550.54.15",
      gpus: this.#cards.map(toReading),
    };
  }

  setLoad(gpuIndex: number, load: number): void {
    this.#catchUp();
    this.#card(gpuIndex).state.load = Math.min(1, Math.max(0, load));
  }

  start(scenario: GpuScenario, options: ScenarioOptions = {}): void {
    this.#catchUp();
    if (options.gpuIndex !== undefined) this.#card(options.gpuIndex);
    if (this.#scenarios.has(scenario)) return;
    this.#scenarios.set(scenario, { ...options, sinceStep: this.#stepCount });
    if (scenario === "xid") this.#xidResetAtStep = undefined;
  }

  stop(scenario: GpuScenario): void {
    this.#catchUp();
    if (!this.#scenarios.delete(scenario)) return;
    if (scenario === "xid") this.#xidResetAtStep = this.#stepCount + XID_RESET_AFTER_STEPS;
  }

  active(): readonly GpuScenario[] {
    return [...this.#scenarios.keys()];
  }

  clockRatio(gpuIndex: number): number {
    this.#catchUp();
    return this.#card(gpuIndex).state.clockRatio;
  }

  #card(gpuIndex: number): SimulatedCard {
    const card = this.#cards[gpuIndex];
    assert(card !== undefined, `BUG: no simulated GPU ${gpuIndex}`);
    return card;
  }

  /** Runs the steps that are due. After a long sleep only the last ones: all has settled by then. */
  #catchUp(): void {
    const dueCount = Math.floor((this.#clock.nowMs() - this.#startMs) / STEP_MS);
    this.#stepCount = Math.max(this.#stepCount, dueCount - CATCH_UP_STEPS_MAX);
    for (; this.#stepCount < dueCount; this.#stepCount++) {
      for (const card of this.#cards) this.#stepCard(card);
    }
  }

  #stepCard(card: SimulatedCard): void {
    const faults = {
      hot: this.#hits("gpu-thermal", card),
      leaking: this.#hits("gpu-memory", card),
    };
    step(card.state, H100, { faults, prng: card.prng });
    const xid = this.#scenarios.get("xid");
    if (xid && this.#hits("xid", card)) {
      const isDue = (this.#stepCount - xid.sinceStep) % XID_EVERY_STEPS === 0;
      if (isDue) reportXid(card, xid.xid ?? XID_DOUBLE_BIT_ECC);
    }
    if (this.#stepCount === this.#xidResetAtStep) card.lastXid = undefined;
  }

  #hits(scenario: GpuScenario, card: SimulatedCard): boolean {
    const active = this.#scenarios.get(scenario);
    if (!active) return false;
    if (active.gpuIndex !== undefined) return active.gpuIndex === card.index;
    return scenario === "gpu-thermal" || card.index === 0;
  }
}

function reportXid(card: SimulatedCard, xid: number): void {
  card.lastXid = xid;
  card.xidCounts.set(xid, (card.xidCounts.get(xid) ?? 0) + 1);
  if (xid === XID_DOUBLE_BIT_ECC) card.eccUncorrectedCount += 1;
}

function createCard(seed: number, index: number): SimulatedCard {
  // Its own generator for each card, so that adding one changes nothing for the others.
  const prng = new Prng(seed * 1009 + index);
  const bus = (0x1a + index * 0x13).toString(16).toUpperCase().padStart(2, "0");
  return {
    index,
    uuid: createUuid(prng),
    pciBusId: `00000000:${bus}:00.0`,
    state: coldState(H100),
    prng,
    xidCounts: new Map(),
    lastXid: undefined,
    eccUncorrectedCount: 0,
  };
}

function createUuid(prng: Prng): string {
  const hex = (length: number) =>
    Array.from({ length }, () => prng.below(16).toString(16)).join("");
  return `GPU-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`;
}

function toReading(card: SimulatedCard): GpuReading {
  const { state } = card;
  const usedBytes = Math.round(state.workingBytes + state.leakedBytes);
  const usableBytes = H100.memoryTotalBytes - H100.memoryReservedBytes;
  const { utilizationRatio } = state;
  return {
    index: card.index,
    uuid: card.uuid,
    name: H100.name,
    pciBusId: card.pciBusId,
    utilizationPercent: Math.round(utilizationRatio * 100),
    memoryCopyPercent: Math.round(utilizationRatio * 55),
    encoderPercent: 0,
    decoderPercent: 0,
    memoryUsedBytes: usedBytes,
    memoryFreeBytes: usableBytes - usedBytes,
    memoryReservedBytes: H100.memoryReservedBytes,
    temperatureCelsius: Math.round(state.temperatureCelsius),
    memoryTemperatureCelsius: Math.round(state.temperatureCelsius + 6 * utilizationRatio),
    powerWatts: state.powerWatts,
    energyMillijoules: Math.round(state.energyMillijoules),
    smClockMhz: smClockMhz(state, H100),
    memoryClockMhz: H100.memoryClockMhz,
    clockReasons: clockReasons(state, H100),
    thermalViolationNs: state.thermalViolationNs,
    pcieReplayCount: state.pcieReplayCount,
    eccCorrectedCount: 0,
    eccUncorrectedCount: card.eccUncorrectedCount,
    grEngineActiveRatio: utilizationRatio,
    tensorActiveRatio: utilizationRatio * 0.45 * state.clockRatio,
    dramActiveRatio: utilizationRatio * 0.55,
    pcieSentBytesRate: Math.round(utilizationRatio * 0.9e9),
    pcieReceivedBytesRate: Math.round(utilizationRatio * 2.2e9),
    ...(card.lastXid === undefined ? {} : { lastXid: card.lastXid }),
    xidCounts: new Map(card.xidCounts),
  };
}
