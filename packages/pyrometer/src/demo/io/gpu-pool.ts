/** The GPUs of the demo: this machine's, or simulated ones where there are none. */
import type { GpuSimulator, GpuSource } from "../../gpu/index.ts";
import { createGpuSimulator, detectGpuSource } from "../../gpu/index.ts";
import type { Clock } from "../../std/index.ts";

const NODE_NAME = "demo-node-1";

export interface GpuPoolOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** Simulated ones; how many real ones there are is the machine's business. */
  readonly gpuCount: number;
  /** "simulate" leaves alone a GPU that is there. */
  readonly gpus: "detect" | "simulate";
}

export interface GpuPool {
  readonly source: GpuSource;
  /** Absent when the GPUs are real: their clock and load are not ours to set. */
  readonly simulator?: GpuSimulator;
  readonly count: number;
  /** For people: "4 × NVIDIA H100 80GB HBM3, simulated". */
  readonly summary: string;
}

export async function findGpus(options: GpuPoolOptions): Promise<GpuPool> {
  const { clock, seed, gpuCount } = options;
  const real = options.gpus === "detect" ? await detectGpuSource({ clock }) : undefined;
  if (real) {
    const { gpus } = await real.read();
    return { source: real, count: gpus.length, summary: `${gpus.length} × ${gpus[0]?.name}` };
  }
  const simulator = createGpuSimulator({ clock, seed, gpuCount, nodeName: NODE_NAME });
  const name = simulator.snapshot().gpus[0]?.name;
  const summary = `${gpuCount} × ${name}, simulated`;
  return { source: simulator, simulator, count: gpuCount, summary };
}
