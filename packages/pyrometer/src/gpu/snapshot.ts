/**
 * What is known of a node's GPUs at one moment, whoever told us: nvidia-smi, NVML or the simulator.
 *
 * A reading that the source does not have is absent, never 0: an old driver that cannot say how
 * many ECC errors there were must not look like a healthy card.
 */

/** Readings of all GPUs of one node, taken together. */
export interface GpuSnapshot {
  readonly takenMs: number;
  /** The machine, as Kubernetes and the seed's `node` label call it. */
  readonly nodeName: string;
  readonly driverVersion?: string;
  readonly gpus: readonly GpuReading[];
}

export interface GpuReading {
  /** 0-based, in NVML's order. */
  readonly index: number;
  /** `GPU-` and 32 hex digits in five groups. */
  readonly uuid: string;
  readonly name: string;
  /** NVML's form, with a domain of eight digits: 00000000:1A:00.0 */
  readonly pciBusId?: string;
  /** Part of the last second or so in which a kernel ran, 0–100. */
  readonly utilizationPercent?: number;
  /** Part of that time in which memory was read or written, 0–100. Not memory in use. */
  readonly memoryCopyPercent?: number;
  readonly encoderPercent?: number;
  readonly decoderPercent?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryFreeBytes?: number;
  /** Held back by the driver; in neither used nor free. */
  readonly memoryReservedBytes?: number;
  readonly temperatureCelsius?: number;
  readonly memoryTemperatureCelsius?: number;
  readonly powerWatts?: number;
  /** Since the driver was loaded. */
  readonly energyMillijoules?: number;
  readonly smClockMhz?: number;
  readonly memoryClockMhz?: number;
  /** NVML's bits for why clocks are below their maximum; see CLOCK_REASON. */
  readonly clockReasons?: number;
  /** How long clocks were held down by heat, since the driver was loaded. */
  readonly thermalViolationNs?: number;
  readonly fanPercent?: number;
  readonly pcieReplayCount?: number;
  /** Corrected and uncorrected memory errors since the driver was loaded. */
  readonly eccCorrectedCount?: number;
  readonly eccUncorrectedCount?: number;
  /** What profiling hardware measures, 0–1. */
  readonly grEngineActiveRatio?: number;
  readonly tensorActiveRatio?: number;
  readonly dramActiveRatio?: number;
  /** Bytes per second. */
  readonly pcieSentBytesRate?: number;
  readonly pcieReceivedBytesRate?: number;
  /** The latest XID; absent when there was none. */
  readonly lastXid?: number;
  /** Events so far, by XID. Absent when the source cannot count them. */
  readonly xidCounts?: ReadonlyMap<number, number>;
}

/** Why clocks are held down: the bits NVML calls "clocks event reasons". */
export const CLOCK_REASON = {
  gpuIdle: 0x1,
  clocksSetting: 0x2,
  powerCap: 0x4,
  hwSlowdown: 0x8,
  syncBoost: 0x10,
  swThermal: 0x20,
  hwThermal: 0x40,
  hwPowerBrake: 0x80,
  displayClocks: 0x100,
} as const;

/**
 * Something that can be asked for a snapshot. NVML, MIG and pod attribution will come as further
 * sources and as wrappers of one.
 */
export interface GpuSource {
  /** For logs and for the page that says where numbers come from: "nvidia-smi", "simulator". */
  readonly name: string;
  /** True when the numbers are made up; every metric then says so. */
  readonly simulated: boolean;
  /** @throws {GpuSourceError} */
  read(signal?: AbortSignal): Promise<GpuSnapshot>;
}

export type GpuSourceErrorCode = "gpu/not-found" | "gpu/failed" | "gpu/timeout" | "gpu/bad-output";

/** The GPUs could not be read. The exporter goes on with what it has and tries again. */
export class GpuSourceError extends Error {
  override readonly name = "GpuSourceError";
  readonly code: GpuSourceErrorCode;

  constructor(code: GpuSourceErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
