import { expect, test } from "vitest";
import { checkExposition } from "../exposition/index.ts";
import { VirtualClock } from "../std/index.ts";
import type { RenderOptions } from "./render.ts";
import { renderGpuMetrics } from "./render.ts";
import { createGpuSimulator } from "./simulator/simulator.ts";
import type { GpuReading, GpuSnapshot } from "./snapshot.ts";

const H100: GpuReading = {
  index: 0,
  uuid: "GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52",
  name: "NVIDIA H100 80GB HBM3",
  pciBusId: "00000000:1A:00.0",
  smClockMhz: 1980,
  powerWatts: 631.342,
  energyMillijoules: 55491669881,
  lastXid: 79,
  xidCounts: new Map([[79, 1]]),
  memoryUsedBytes: 3 * 2 ** 30 + 5,
  memoryFreeBytes: 2 ** 30,
  utilizationPercent: 97,
};

function render(gpus: readonly GpuReading[], options: Partial<RenderOptions> = {}): string {
  const snapshot: GpuSnapshot = {
    takenMs: 0,
    nodeName: "node-1",
    driverVersion: "550.54.15",
    gpus,
  };
  return renderGpuMetrics(snapshot, { names: ["dcgm"], simulated: false, ...options });
}

test("families are printed as dcgm-exporter prints them", () => {
  const labels =
    'gpu="0",UUID="GPU-604ac76c-d9cf-fef3-62e9-d92044ab6e52",pci_bus_id="00000000:1A:00.0",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="node-1",DCGM_FI_DRIVER_VERSION="550.54.15"';
  expect(render([H100])).toBe(`# HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).
# TYPE DCGM_FI_DEV_SM_CLOCK gauge
DCGM_FI_DEV_SM_CLOCK{${labels}} 1980
# HELP DCGM_FI_DEV_POWER_USAGE Power draw (in W).
# TYPE DCGM_FI_DEV_POWER_USAGE gauge
DCGM_FI_DEV_POWER_USAGE{${labels}} 631.342000
# HELP DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION Total energy consumption since boot (in mJ).
# TYPE DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION counter
DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{${labels}} 55491669881
# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{${labels}} 97
# HELP DCGM_FI_DEV_XID_ERRORS Value of the last XID error encountered.
# TYPE DCGM_FI_DEV_XID_ERRORS gauge
DCGM_FI_DEV_XID_ERRORS{${labels},err_code="79",err_msg="GPU has fallen off the bus"} 79
# HELP DCGM_FI_DEV_FB_TOTAL Framebuffer memory (in MiB).
# TYPE DCGM_FI_DEV_FB_TOTAL gauge
DCGM_FI_DEV_FB_TOTAL{${labels}} 4096
# HELP DCGM_FI_DEV_FB_FREE Framebuffer memory free (in MiB).
# TYPE DCGM_FI_DEV_FB_FREE gauge
DCGM_FI_DEV_FB_FREE{${labels}} 1024
# HELP DCGM_FI_DEV_FB_USED Framebuffer memory used (in MiB).
# TYPE DCGM_FI_DEV_FB_USED gauge
DCGM_FI_DEV_FB_USED{${labels}} 3072
# HELP DCGM_FI_DEV_FB_USED_PERCENT Framebuffer memory used, 0 to 1.
# TYPE DCGM_FI_DEV_FB_USED_PERCENT gauge
DCGM_FI_DEV_FB_USED_PERCENT{${labels}} 0.750000
# HELP DCGM_EXP_XID_ERRORS_TOTAL XID errors since the exporter was started, by code.
# TYPE DCGM_EXP_XID_ERRORS_TOTAL counter
DCGM_EXP_XID_ERRORS_TOTAL{${labels},xid="79"} 1
`);
});

test("label order is that of a recorded answer of dcgm-exporter 4.8.3", () => {
  const recorded =
    'DCGM_FI_DEV_SM_CLOCK{gpu="1",UUID="GPU-b9f9e81b-bee7-34bc-af17-132ef6592740",pci_bus_id="00000000:40:00.0",device="nvidia1",modelName="NVIDIA H100 80GB HBM3",hostname="node-1",DCGM_FI_DRIVER_VERSION="550.54.15"} 345';
  const second: GpuReading = {
    index: 1,
    uuid: "GPU-b9f9e81b-bee7-34bc-af17-132ef6592740",
    name: "NVIDIA H100 80GB HBM3",
    pciBusId: "00000000:40:00.0",
    smClockMhz: 345,
  };
  expect(render([second], { hostnameLabel: "hostname" })).toContain(`\n${recorded}\n`);
});

test("simulated numbers say so on every series, in both sets of names", () => {
  const text = render([H100], { names: ["dcgm", "seed"], simulated: true });
  const series = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(series.length).toBeGreaterThan(10);
  for (const line of series) expect(line).toContain(',simulated="true"');
  expect(text).toContain('modelName="NVIDIA H100 80GB HBM3 (simulated)"');
});

test("the seed's names have its labels, and bytes; the XID counter starts at 0", () => {
  const quiet = { ...H100, xidCounts: new Map<number, number>() };
  expect(render([quiet], { names: ["seed"] }).replaceAll(/^#.*\n/gm, "")).toBe(
    `dcgm_sm_utilization{gpu="0",node="node-1"} 97
dcgm_fb_used_bytes{gpu="0",node="node-1"} 3221225477
dcgm_fb_free_bytes{gpu="0",node="node-1"} 1073741824
dcgm_xid_errors_total{gpu="0",node="node-1"} 0
`,
  );
});

test("what a source cannot tell has no series", () => {
  const bare: GpuReading = { index: 0, uuid: "GPU-0", name: "X" };
  expect(render([bare], { names: ["dcgm", "seed"] })).toBe("");
});

test("whatever a simulator shows is well-formed text", () => {
  const simulator = createGpuSimulator({
    seed: 1,
    nodeName: 'node "1"',
    gpuCount: 2,
    clock: new VirtualClock(),
  });
  const text = renderGpuMetrics(simulator.snapshot(), { names: ["dcgm", "seed"], simulated: true });
  expect(checkExposition({ name: "gpu", text }, "prometheus")).toEqual([]);
});

test("label values are escaped, and a family comes once whatever the number of GPUs", () => {
  const odd: GpuReading = { index: 1, uuid: "GPU-1", name: 'a"b\\c\nd', utilizationPercent: 1 };
  const text = render([H100, odd]);
  expect(text).toContain('modelName="a\\"b\\\\c\\nd"');
  const heads = text.match(/^# TYPE \S+/gm) ?? [];
  expect(new Set(heads).size).toBe(heads.length);
});
