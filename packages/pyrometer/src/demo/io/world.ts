/**
 * Everything that the demo observes, wired up: a trained model behind HTTP, its GPUs, its
 * customers, the job that validates it.
 *
 *   load generator ─┐                                ┌─► ml_*
 *                   ├─► camera ─► service ─► GPUs ───┴─► DCGM_*, dcgm_*
 *   validation job ─┘
 */
import { Registry, startHttpServer } from "@pyrometer/client";
import { startGpuExporter } from "../../gpu/index.ts";
import type { Logger } from "../../std/index.ts";
import { Prng, unreachable } from "../../std/index.ts";
import type { Camera } from "../camera.ts";
import { createCamera } from "../camera.ts";
import type { Devices } from "../devices.ts";
import { capacityOf, createDevices } from "../devices.ts";
import type { Lesson } from "../lesson.ts";
import { teach } from "../lesson.ts";
import type { LoadGenerator } from "../load-generator.ts";
import { startLoadGenerator } from "../load-generator.ts";
import type { ScenarioName } from "../scenarios.ts";
import { SCENARIO_NAMES } from "../scenarios.ts";
import { createServiceMetrics, MODEL_NAME, MODEL_VERSION } from "../service-metrics.ts";
import type { Validation } from "../validation.ts";
import { startValidation } from "../validation.ts";
import { readDigitImages } from "./digit-files.ts";
import type { GpuPool, GpuPoolOptions } from "./gpu-pool.ts";
import { findGpus } from "./gpu-pool.ts";
import { createInferenceClient } from "./inference-client.ts";
import { PREDICT_PATH, startInferenceService } from "./inference-service.ts";

const HOST = "127.0.0.1";

/** Of what the GPUs manage. Together with validation they are then busy two thirds of the time. */
const TRAFFIC_RATIO = 0.52;

export interface WorldOptions extends GpuPoolOptions {
  readonly logger: Logger;
}

/** What can be told about a world from outside, in plain data: it crosses a thread. */
export interface WorldFacts {
  readonly metricsTargets: readonly { readonly job: string; readonly url: string }[];
  readonly isGpuSimulated: boolean;
  /** One line for each part. */
  readonly description: readonly string[];
  /** Faults that can be started: those of GPUs need simulated ones. */
  readonly scenarios: readonly ScenarioName[];
}

export interface World {
  readonly facts: WorldFacts;
  setScenario(name: ScenarioName, isActive: boolean): void;
  stop(): Promise<void>;
}

/** Trains the model, which takes about a second, and starts all parts on free ports. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const lesson = teach({ ...options, readImages: readDigitImages });
  const pool = await findGpus(options);
  const serving = await startServing(options, lesson, pool);
  const exporter = await startGpuExporter({ ...options, source: pool.source, port: 0, host: HOST });
  const customers = startCustomers(options, lesson.split, serving);
  return {
    facts: {
      metricsTargets: [
        { job: "ml-inference", url: serving.metricsUrl },
        { job: "dcgm-exporter", url: `${exporter.url}/metrics` },
      ],
      isGpuSimulated: pool.source.simulated,
      description: [
        describe("model", lesson.summary),
        describe("inference", `${serving.url}${PREDICT_PATH}, metrics ${serving.metricsUrl}`),
        describe("load", `${Math.round(serving.meanRate)} requests a second, seed ${options.seed}`),
        describe(
          "validation",
          `${lesson.split.holdOut.length} digits, through the service, in turn`,
        ),
        describe("gpus", `${pool.summary}, metrics ${exporter.url}/metrics`),
      ],
      scenarios: pool.simulator ? SCENARIO_NAMES : ["drift", "slow", "errors"],
    },
    setScenario: (name, isActive) => change({ name, isActive }, { ...customers, ...serving, pool }),
    async stop() {
      await customers.stop();
      await Promise.all([serving.stop(), exporter.close()]);
    },
  };
}

/** Names in a column as wide as the server's own. */
function describe(part: string, text: string): string {
  return `${part.padEnd(14)}${text}`;
}

interface Serving {
  readonly url: string;
  readonly metricsUrl: string;
  readonly registry: Registry;
  readonly metrics: ReturnType<typeof createServiceMetrics>;
  readonly devices: Devices;
  /** Requests a second that suit these GPUs. */
  readonly meanRate: number;
  stop(): Promise<void>;
}

async function startServing(
  options: WorldOptions,
  { classifier }: Lesson,
  pool: GpuPool,
): Promise<Serving> {
  const { clock } = options;
  const devices = createDevices({
    clock,
    prng: prngFor("devices", options),
    count: pool.count,
    speed: pool.simulator,
  });
  const registry = new Registry();
  const metrics = createServiceMetrics(registry);
  const prng = prngFor("service", options);
  const parts = { clock, prng, classifier, devices, registry, metrics, host: HOST };
  const service = await startInferenceService(parts);
  const metricsServer = await startHttpServer({ port: 0, host: HOST, registry });
  return {
    url: service.url,
    metricsUrl: metricsServer.url,
    registry,
    metrics,
    devices,
    meanRate: TRAFFIC_RATIO * capacityOf(pool.count),
    async stop() {
      devices.stop();
      await Promise.all([service.close(), metricsServer.close()]);
    },
  };
}

interface Customers {
  readonly camera: Camera;
  readonly load: LoadGenerator;
  readonly validation: Validation;
  stop(): Promise<void>;
}

function startCustomers(
  options: WorldOptions,
  split: Lesson["split"],
  { url, registry, metrics, meanRate }: Serving,
): Customers {
  const { clock } = options;
  const camera = createCamera(clock, prngFor("camera", options));
  const { predict, close } = createInferenceClient(url);
  const load = startLoadGenerator({
    clock,
    prng: prngFor("load", options),
    camera,
    images: split.traffic,
    meanRate,
    registry,
    predict,
  });
  const model = { model_name: MODEL_NAME, version: MODEL_VERSION };
  const validation = startValidation({
    clock,
    camera,
    images: split.holdOut,
    report: (accuracy) => metrics.accuracy.labels(model).set(accuracy),
    predict,
  });
  return {
    camera,
    load,
    validation,
    stop() {
      load.stop();
      validation.stop();
      return close();
    },
  };
}

interface Changeable {
  readonly camera: Camera;
  readonly load: LoadGenerator;
  readonly devices: Devices;
  readonly pool: GpuPool;
}

function change(
  { name, isActive }: { readonly name: ScenarioName; readonly isActive: boolean },
  { camera, load, devices, pool }: Changeable,
): void {
  switch (name) {
    case "drift":
      return camera.setDrift(isActive);
    case "slow":
      return devices.setSlow(isActive);
    case "errors":
      return load.setBroken(isActive);
    case "gpu-thermal":
    case "gpu-memory":
    case "xid":
      return isActive ? pool.simulator?.start(name) : pool.simulator?.stop(name);
    default:
      return unreachable(name);
  }
}

/** A generator for each part, so that one that draws more changes nothing for the others. */
function prngFor(part: "devices" | "service" | "camera" | "load", { seed }: WorldOptions): Prng {
  const number = { devices: 1, service: 2, camera: 3, load: 4 }[part];
  return new Prng(seed * 31 + number);
}
