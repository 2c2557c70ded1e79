/** What the demo's worker and the server's thread tell each other: plain data only. */
import type { LogFields } from "../std/index.ts";
import type { WorldFacts } from "./io/world.ts";
import type { ScenarioName } from "./scenarios.ts";

export interface WorkerOptions {
  readonly seed: number;
  readonly gpuCount: number;
  readonly gpus: "detect" | "simulate";
}

export type ToWorker =
  | { readonly kind: "scenario"; readonly name: ScenarioName; readonly isActive: boolean }
  | { readonly kind: "stop" };

export type LogLevel = "debug" | "info" | "warn" | "error";

export type FromWorker =
  | { readonly kind: "started"; readonly facts: WorldFacts }
  | { readonly kind: "failed"; readonly reason: string }
  | {
      readonly kind: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly fields?: LogFields | undefined;
    };
