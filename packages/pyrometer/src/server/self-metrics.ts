import type { Registry } from "@pyrometer/client";
import { MS_PER_SECOND } from "../std/index.ts";
import type { Store } from "../storage/index.ts";

/** Gauges about the process and the store, read when somebody asks for /metrics. */
export function registerSelfMetrics(
  registry: Registry,
  store: Store,
  { version }: { readonly version: string },
): void {
  const build = registry.gauge({
    name: "pyrometer_build_info",
    help: "1, with the version as a label.",
    labelNames: ["version", "node_version"] as const,
  });
  build.labels({ version, node_version: process.version }).set(1);
  const series = registry.gauge({ name: "pyrometer_store_series", help: "Series in the store." });
  const samples = registry.gauge({
    name: "pyrometer_store_samples",
    help: "Samples in the store.",
  });
  const memory = registry.gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory size in bytes.",
  });
  const started = registry.gauge({
    name: "process_start_time_seconds",
    help: "Start time of the process since the Unix epoch, in seconds.",
  });
  const cpu = registry.counter({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time spent, in seconds.",
  });
  started.set(Date.now() / MS_PER_SECOND - process.uptime());
  let countedCpuS = 0;
  registry.collect(() => {
    const { seriesCount, sampleCount } = store.stats();
    series.set(seriesCount);
    samples.set(sampleCount);
    memory.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    const cpuS = (user + system) / 1e6;
    cpu.inc(cpuS - countedCpuS);
    countedCpuS = cpuS;
  });
}
