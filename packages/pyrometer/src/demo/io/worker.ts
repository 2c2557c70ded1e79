/** The demo's worker thread: its world, at the server's word. */
import { parentPort, workerData } from "node:worker_threads";
import type { LogFields, Logger } from "../../std/index.ts";
import { assert } from "../../std/index.ts";
import type { FromWorker, LogLevel, ToWorker, WorkerOptions } from "../messages.ts";
import { workerClock } from "./worker-clock.ts";
import { startWorld } from "./world.ts";

assert(parentPort !== null, "BUG: the demo's worker was started as a program");
const port = parentPort;

function tell(message: FromWorker): void {
  port.postMessage(message);
}

function logAt(level: LogLevel) {
  return (message: string, fields?: LogFields) => tell({ kind: "log", level, message, fields });
}

const logger: Logger = {
  debug: logAt("debug"),
  info: logAt("info"),
  warn: logAt("warn"),
  error: logAt("error"),
};

try {
  const options = workerData as WorkerOptions;
  const world = await startWorld({ ...options, clock: workerClock, logger });
  port.on("message", async (message: ToWorker) => {
    if (message.kind === "scenario") return world.setScenario(message.name, message.isActive);
    await world.stop();
    port.close();
  });
  tell({ kind: "started", facts: world.facts });
} catch (error) {
  tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
}
