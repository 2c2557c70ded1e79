import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import { SCENARIO_NAMES, startDemoWorkload, writeDemoFiles } from "../demo/index.ts";
import { createLogger, systemClock } from "../server/index.ts";
import { integerFlag } from "./flags.ts";
import type { ServeFlags } from "./up.ts";
import { addServeFlags, serve } from "./up.ts";

interface DemoFlags extends ServeFlags {
  readonly scenario?: string;
  readonly seed: number;
  readonly simulateGpus?: boolean;
}

export function registerDemo(program: Command): void {
  const command = program
    .command("demo")
    .description("a real small model under load, its GPUs, and faults to switch on")
    .addOption(new Option("--scenario <name>", "a fault to start with").choices(SCENARIO_NAMES))
    .option("--seed <number>", "of the load and the simulated GPUs", integerFlag, 1)
    .option("--simulate-gpus", "simulated GPUs even where there are real ones");
  addServeFlags(command).action(runDemo);
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const logger = createLogger({ level: flags["log.level"], format: flags["log.format"] });
  const { seed, scenario, simulateGpus } = flags;
  const workload = await startDemoWorkload({
    clock: systemClock,
    logger,
    seed,
    gpus: simulateGpus ? "simulate" : "detect",
  });
  if (scenario !== undefined) workload.setScenario(scenario, true);
  const dir = mkdtempSync(join(tmpdir(), "pyrometer-demo-"));
  const { metricsTargets, isGpuSimulated } = workload;
  await serve(flags, {
    dir,
    logger,
    isGpuSimulated,
    demo: { scenarios: workload.scenarios, setActive: workload.setScenario },
    components: workload.describe(),
    onListening: (serverUrl) => writeDemoFiles(dir, { metricsTargets, serverUrl, isGpuSimulated }),
    async onStopped() {
      await workload.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
