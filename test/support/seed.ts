/** The user's own files, and stand-ins for what they scrape: a model on port 8000 and GPUs. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Registry, startHttpServer } from "@pyrometer/client";

/** undefined, said out loud, where the files are not. They belong to the user and are not copied here. */
export function seedDir(): string | undefined {
  const dir =
    process.env.PYROMETER_SEED ?? fileURLToPath(new URL("../../../shared/seed", import.meta.url));
  if (existsSync(dir)) return dir;
  process.stderr.write(`NOT RUN: no seed files at ${dir}; set PYROMETER_SEED\n`);
  return undefined;
}

/** The seed's scrape_configs name this port. */
const MODEL_PORT = 8000;

export interface ModelStandIn {
  setAccuracy(accuracy: number): void;
  close(): Promise<void>;
}

/** The article's model, slow: each moment one inference of 0.9 s, so that p99 lies over 0.5 s. */
export async function startModel(): Promise<ModelStandIn> {
  const registry = new Registry();
  const inferences = registry.counter({
    name: "ml_inferences_total",
    help: "Total number of inferences",
    labelNames: ["model_name", "endpoint"] as const,
  });
  const latency = registry.histogram({
    name: "ml_inference_latency_seconds",
    help: "Inference latency in seconds",
    labelNames: ["model_name"] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
  });
  const accuracy = registry.gauge({
    name: "ml_model_accuracy",
    help: "Current model accuracy on validation set",
    labelNames: ["model_name", "version"] as const,
  });
  const model = { model_name: "fraud_detector" };
  const timer = setInterval(() => {
    inferences.labels({ ...model, endpoint: "v1_predict" }).inc();
    latency.labels(model).observe(0.9);
  }, 20);
  const server = await startHttpServer({ port: MODEL_PORT, host: "127.0.0.1", registry });
  const setAccuracy = (value: number) =>
    accuracy.labels({ ...model, version: "v2.3.1" }).set(value);
  setAccuracy(0.945);
  return {
    setAccuracy,
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}

export interface GpuStandIn {
  /** Where to scrape it. */
  readonly url: string;
  setMemoryUsed(share: number): void;
  close(): Promise<void>;
}

/** Two GPUs under the names and labels that the article's rules read. */
export async function startGpus(): Promise<GpuStandIn> {
  const registry = new Registry();
  const gauge = (name: string) =>
    registry.gauge({ name, help: name, labelNames: ["gpu", "node"] as const });
  const utilization = gauge("dcgm_sm_utilization");
  const used = gauge("dcgm_fb_used_bytes");
  const free = gauge("dcgm_fb_free_bytes");
  const xid = registry.counter({
    name: "dcgm_xid_errors_total",
    help: "XID errors",
    labelNames: ["gpu", "node"] as const,
  });
  const totalBytes = 80e9;
  const setMemoryUsed = (share: number) => {
    for (const gpu of ["0", "1"]) {
      used.labels({ gpu, node: "node-a" }).set(totalBytes * share);
      free.labels({ gpu, node: "node-a" }).set(totalBytes * (1 - share));
    }
  };
  let utilizationPercent = 50;
  const timer = setInterval(() => {
    utilizationPercent = 50 + ((utilizationPercent + 7) % 45);
    for (const gpu of ["0", "1"]) {
      utilization.labels({ gpu, node: "node-a" }).set(utilizationPercent - Number(gpu) * 10);
      xid.labels({ gpu, node: "node-a" }).inc(0);
    }
  }, 100);
  setMemoryUsed(0.5);
  const server = await startHttpServer({ port: 0, host: "127.0.0.1", registry });
  return {
    url: `http://127.0.0.1:${server.port}/metrics`,
    setMemoryUsed,
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}
