/**
 * Prints a snapshot as dcgm-exporter 4.8 does: its names, label order, family order (by DCGM field
 * id) and number formats, so that its dashboards and alerts work here.
 *
 * We differ where it is wrong: label values are escaped, and a family is printed once.
 */
import { BYTES_PER_MIB } from "../std/index.ts";
import type { GpuReading, GpuSnapshot } from "./snapshot.ts";
import { xidMessage } from "./xid.ts";

/**
 * "dcgm": DCGM_FI_* and DCGM_EXP_*. "seed": dcgm_* in bytes with `gpu` and `node` labels, as
 * many articles write them although no exporter serves them.
 */
export type GpuMetricNames = "dcgm" | "seed";

export interface RenderOptions {
  readonly names: readonly GpuMetricNames[];
  /** The numbers are made up: each series gets simulated="true", and the model name says so. */
  readonly simulated: boolean;
  /** dcgm-exporter up to 4.8.2 writes "Hostname", and so do most dashboards; 4.8.3 "hostname". */
  readonly hostnameLabel?: "Hostname" | "hostname";
}

export function renderGpuMetrics(snapshot: GpuSnapshot, options: RenderOptions): string {
  const families = [
    ...(options.names.includes("dcgm") ? dcgmFamilies(snapshot, options) : []),
    ...(options.names.includes("seed") ? seedFamilies(snapshot, options) : []),
  ];
  return families.map(printFamily).join("");
}

type LabelPairs = readonly (readonly [name: string, value: string])[];

interface FamilyHead {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly help: string;
}

interface Family extends FamilyHead {
  readonly series: readonly { readonly labels: LabelPairs; readonly value: string }[];
}

interface Field extends FamilyHead {
  readonly value: (gpu: GpuReading) => number | undefined;
  /** DCGM keeps some fields as doubles, which it prints with six decimals. */
  readonly isDouble?: boolean;
}

/** In the order of DCGM's field ids. */
const DCGM_FIELDS: readonly Field[] = [
  gauge("DCGM_FI_DEV_SM_CLOCK", "SM clock frequency (in MHz).", (gpu) => gpu.smClockMhz),
  gauge("DCGM_FI_DEV_MEM_CLOCK", "Memory clock frequency (in MHz).", (gpu) => gpu.memoryClockMhz),
  gauge(
    "DCGM_FI_DEV_CLOCKS_EVENT_REASONS",
    "Why clocks are below their maximum (bitmask).",
    (gpu) => gpu.clockReasons,
  ),
  gauge(
    "DCGM_FI_DEV_MEMORY_TEMP",
    "Memory temperature (in C).",
    (gpu) => gpu.memoryTemperatureCelsius,
  ),
  gauge("DCGM_FI_DEV_GPU_TEMP", "GPU temperature (in C).", (gpu) => gpu.temperatureCelsius),
  double(gauge("DCGM_FI_DEV_POWER_USAGE", "Power draw (in W).", (gpu) => gpu.powerWatts)),
  counter(
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
    "Total energy consumption since boot (in mJ).",
    (gpu) => gpu.energyMillijoules,
  ),
  gauge("DCGM_FI_DEV_FAN_SPEED", "Fan speed (in %).", (gpu) => gpu.fanPercent),
  counter(
    "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
    "Total number of PCIe retries.",
    (gpu) => gpu.pcieReplayCount,
  ),
  gauge("DCGM_FI_DEV_GPU_UTIL", "GPU utilization (in %).", (gpu) => gpu.utilizationPercent),
  gauge("DCGM_FI_DEV_MEM_COPY_UTIL", "Memory utilization (in %).", (gpu) => gpu.memoryCopyPercent),
  gauge("DCGM_FI_DEV_ENC_UTIL", "Encoder utilization (in %).", (gpu) => gpu.encoderPercent),
  gauge("DCGM_FI_DEV_DEC_UTIL", "Decoder utilization (in %).", (gpu) => gpu.decoderPercent),
  gauge("DCGM_FI_DEV_XID_ERRORS", "Value of the last XID error encountered.", (gpu) => gpu.lastXid),
  counter(
    "DCGM_FI_DEV_THERMAL_VIOLATION",
    "Throttling duration due to thermal constraints (in ns).",
    (gpu) => gpu.thermalViolationNs,
  ),
  gauge("DCGM_FI_DEV_FB_TOTAL", "Framebuffer memory (in MiB).", (gpu) => mebibytes(total(gpu))),
  gauge("DCGM_FI_DEV_FB_FREE", "Framebuffer memory free (in MiB).", (gpu) =>
    mebibytes(gpu.memoryFreeBytes),
  ),
  gauge("DCGM_FI_DEV_FB_USED", "Framebuffer memory used (in MiB).", (gpu) =>
    mebibytes(gpu.memoryUsedBytes),
  ),
  gauge("DCGM_FI_DEV_FB_RESERVED", "Framebuffer memory reserved (in MiB).", (gpu) =>
    mebibytes(gpu.memoryReservedBytes),
  ),
  double(gauge("DCGM_FI_DEV_FB_USED_PERCENT", "Framebuffer memory used, 0 to 1.", usedMemoryRatio)),
  counter(
    "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL",
    "Single-bit memory errors since the driver was loaded.",
    (gpu) => gpu.eccCorrectedCount,
  ),
  counter(
    "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL",
    "Double-bit memory errors since the driver was loaded.",
    (gpu) => gpu.eccUncorrectedCount,
  ),
  double(
    gauge(
      "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
      "Ratio of time the graphics engine is active.",
      (gpu) => gpu.grEngineActiveRatio,
    ),
  ),
  double(
    gauge(
      "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
      "Ratio of cycles the tensor (HMMA) pipe is active.",
      (gpu) => gpu.tensorActiveRatio,
    ),
  ),
  double(
    gauge(
      "DCGM_FI_PROF_DRAM_ACTIVE",
      "Ratio of cycles the device memory interface is active.",
      (gpu) => gpu.dramActiveRatio,
    ),
  ),
  gauge(
    "DCGM_FI_PROF_PCIE_TX_BYTES",
    "Bytes per second sent over PCIe.",
    (gpu) => gpu.pcieSentBytesRate,
  ),
  gauge(
    "DCGM_FI_PROF_PCIE_RX_BYTES",
    "Bytes per second received over PCIe.",
    (gpu) => gpu.pcieReceivedBytesRate,
  ),
];

const SEED_FIELDS: readonly Field[] = [
  gauge("dcgm_sm_utilization", "GPU utilization (in %).", (gpu) => gpu.utilizationPercent),
  gauge("dcgm_fb_used_bytes", "GPU memory used (in bytes).", (gpu) => gpu.memoryUsedBytes),
  gauge("dcgm_fb_free_bytes", "GPU memory free (in bytes).", (gpu) => gpu.memoryFreeBytes),
  // From 0 on, unlike DCGM's, so that increase() sees the first event.
  counter("dcgm_xid_errors_total", "XID errors, of any code.", xidTotal),
];

const XID_TOTAL: FamilyHead = {
  name: "DCGM_EXP_XID_ERRORS_TOTAL",
  type: "counter",
  help: "XID errors since the exporter was started, by code.",
};

function dcgmFamilies({ gpus, ...node }: GpuSnapshot, options: RenderOptions): Family[] {
  const labelled = gpus.map((gpu) => ({ gpu, labels: dcgmLabels(gpu, node, options) }));
  const fields = DCGM_FIELDS.map((field) => ({
    ...field,
    series: labelled.flatMap(({ gpu, labels }) =>
      toSeries(field, gpu, field.name === "DCGM_FI_DEV_XID_ERRORS" ? withXid(labels, gpu) : labels),
    ),
  }));
  const xidSeries = labelled.flatMap(({ gpu, labels }) =>
    [...(gpu.xidCounts ?? [])].map(([xid, count]) => ({
      labels: [...labels, ["xid", String(xid)] as const],
      value: String(count),
    })),
  );
  return [...fields, { ...XID_TOTAL, series: xidSeries }];
}

function seedFamilies({ gpus, nodeName }: GpuSnapshot, { simulated }: RenderOptions): Family[] {
  return SEED_FIELDS.map((field) => ({
    ...field,
    series: gpus.flatMap((gpu) => {
      const labels: LabelPairs = [
        ["gpu", String(gpu.index)],
        ["node", nodeName],
      ];
      return toSeries(field, gpu, simulated ? [...labels, SIMULATED_LABEL] : labels);
    }),
  }));
}

const SIMULATED_LABEL = ["simulated", "true"] as const;

/** dcgm-exporter's order: who the card is, the host, then everything else by name. */
function dcgmLabels(
  gpu: GpuReading,
  { nodeName, driverVersion }: Omit<GpuSnapshot, "gpus">,
  { simulated, hostnameLabel = "Hostname" }: RenderOptions,
): LabelPairs {
  const labels: (readonly [string, string])[] = [
    ["gpu", String(gpu.index)],
    ["UUID", gpu.uuid],
  ];
  if (gpu.pciBusId !== undefined) labels.push(["pci_bus_id", gpu.pciBusId]);
  labels.push(["device", `nvidia${gpu.index}`]);
  labels.push(["modelName", simulated ? `${gpu.name} (simulated)` : gpu.name]);
  labels.push([hostnameLabel, nodeName]);
  if (driverVersion !== undefined) labels.push(["DCGM_FI_DRIVER_VERSION", driverVersion]);
  if (simulated) labels.push(SIMULATED_LABEL);
  return labels;
}

function withXid(labels: LabelPairs, { lastXid }: GpuReading): LabelPairs {
  if (lastXid === undefined) return labels;
  return [...labels, ["err_code", String(lastXid)], ["err_msg", xidMessage(lastXid)]];
}

function toSeries(field: Field, gpu: GpuReading, labels: LabelPairs): Family["series"] {
  const value = field.value(gpu);
  if (value === undefined) return [];
  return [{ labels, value: field.isDouble ? value.toFixed(6) : String(value) }];
}

function printFamily({ name, type, help, series }: Family): string {
  if (series.length === 0) return "";
  const lines = series.map(({ labels, value }) => `${name}{${printLabels(labels)}} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function printLabels(labels: LabelPairs): string {
  return labels.map(([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(",");
}

function escapeLabelValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function total({ memoryUsedBytes, memoryFreeBytes, memoryReservedBytes = 0 }: GpuReading) {
  if (memoryUsedBytes === undefined || memoryFreeBytes === undefined) return undefined;
  return memoryUsedBytes + memoryFreeBytes + memoryReservedBytes;
}

function usedMemoryRatio({ memoryUsedBytes, memoryFreeBytes }: GpuReading): number | undefined {
  if (memoryUsedBytes === undefined || memoryFreeBytes === undefined) return undefined;
  const usableBytes = memoryUsedBytes + memoryFreeBytes;
  return usableBytes === 0 ? undefined : memoryUsedBytes / usableBytes;
}

/** Cut off, not rounded, as DCGM does. */
function mebibytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.floor(bytes / BYTES_PER_MIB);
}

function xidTotal({ xidCounts }: GpuReading): number | undefined {
  if (xidCounts === undefined) return undefined;
  return [...xidCounts.values()].reduce((sum, count) => sum + count, 0);
}

function gauge(name: string, help: string, value: Field["value"]): Field {
  return { name, type: "gauge", help, value };
}

function counter(name: string, help: string, value: Field["value"]): Field {
  return { name, type: "counter", help, value };
}

function double(field: Field): Field {
  return { ...field, isDouble: true };
}
