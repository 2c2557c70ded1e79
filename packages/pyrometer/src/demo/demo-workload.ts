/**
 * The demo's handle: runs the world in a worker thread, so that training and traffic never hold up
 * the server, and so that nothing is left behind when the process ends, however it ends.
 */
import { Worker } from "node:worker_threads";
import type { Clock, Logger } from "../std/index.ts";
import { sleep, unreachable } from "../std/index.ts";
import type { WorldFacts } from "./io/world.ts";
import { WORKER_STOP_MS } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import type { DemoScenario, ScenarioName } from "./scenarios.ts";
import { SCENARIO_TEXTS } from "./scenarios.ts";

export interface DemoWorkloadOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly seed: number;
  /** Simulated GPUs, 4 unless said. */
  readonly gpuCount?: number;
  /** "detect", the default, takes this machine's GPUs if nvidia-smi shows any. */
  readonly gpus?: "detect" | "simulate";
}

export interface DemoWorkload {
  readonly metricsTargets: readonly { readonly job: string; readonly url: string }[];
  readonly isGpuSimulated: boolean;
  scenarios(): readonly DemoScenario[];
  /** False when there is no such scenario here. */
  setScenario(name: string, isActive: boolean): boolean;
  /** One line for each part, for start-up. */
  describe(): readonly string[];
  /** Ends the worker, in a second at most. Idempotent. */
  stop(): Promise<void>;
}

/** The demo's world could not be started: no ports, or files of the package are missing. */
export class DemoError extends Error {
  override readonly name = "DemoError";
  readonly code = "demo/start";

  constructor(reason: string, options: { readonly cause?: unknown }) {
    super(`Cannot start the demo's workload: ${reason}`, options);
  }
}

/**
 * Resolves once the model is trained and all parts answer.
 *
 * @throws {DemoError} when one of them could not start
 */
export async function startDemoWorkload(options: DemoWorkloadOptions): Promise<DemoWorkload> {
  const { seed, gpuCount = 4, gpus = "detect" } = options;
  const workerData: WorkerOptions = { seed, gpuCount, gpus };
  const worker = new Worker(new URL("./io/worker.js", import.meta.url), { workerData });
  const facts = await untilStarted(worker, options.logger);
  // A server that could not start must not leave a process that lives for the demo alone.
  worker.unref();
  return createHandle(worker, facts, options.clock);
}

function untilStarted(worker: Worker, logger: Logger): Promise<WorldFacts> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) => reject(new DemoError(reason, { cause }));
    worker.on("message", (message: FromWorker) => {
      switch (message.kind) {
        case "started":
          return resolve(message.facts);
        case "failed":
          return fail(message.reason);
        case "log":
          return logger[message.level](message.message, message.fields);
        default:
          return unreachable(message);
      }
    });
    // After the start these change nothing here, but it must not pass in silence.
    worker.on("error", (error) => {
      logger.error("the demo's workload failed; its targets will be down", { error });
      fail(error.message, error);
    });
    worker.on("exit", () => fail("its worker ended"));
  });
}

/** The part of a worker thread that a handle needs. */
export type WorkerControl = Pick<Worker, "postMessage" | "ref" | "once" | "terminate">;

/** What the server holds of a world that runs in `worker`. */
export function createHandle(worker: WorkerControl, facts: WorldFacts, clock: Clock): DemoWorkload {
  const startedMs = new Map<ScenarioName, number>();
  const tell = (message: ToWorker) => worker.postMessage(message);
  return {
    metricsTargets: facts.metricsTargets,
    isGpuSimulated: facts.isGpuSimulated,
    describe: () => facts.description,
    scenarios: () => facts.scenarios.map((name) => toScenario(name, startedMs.get(name))),
    setScenario(name, isActive) {
      const known = facts.scenarios.find((scenario) => scenario === name);
      if (known === undefined) return false;
      if (isActive && !startedMs.has(known)) startedMs.set(known, clock.nowMs());
      if (!isActive) startedMs.delete(known);
      tell({ kind: "scenario", name: known, isActive });
      return true;
    },
    async stop() {
      worker.ref();
      const ended = new AbortController();
      worker.once("exit", () => ended.abort());
      tell({ kind: "stop" });
      await sleep(clock, WORKER_STOP_MS, ended.signal);
      await worker.terminate();
    },
  };
}

function toScenario(name: ScenarioName, startedMs: number | undefined): DemoScenario {
  const text = { name, ...SCENARIO_TEXTS[name] };
  if (startedMs === undefined) return { ...text, active: false };
  return { ...text, active: true, startedMs };
}
