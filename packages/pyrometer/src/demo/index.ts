export type { DemoWorkload, DemoWorkloadOptions } from "./demo-workload.ts";
export { DemoError, startDemoWorkload } from "./demo-workload.ts";
export type { DemoFile, DemoFilesOptions } from "./io/demo-files.ts";
export { demoFiles, writeDemoFiles } from "./io/demo-files.ts";
export type { DemoScenario, ScenarioName } from "./scenarios.ts";
export { SCENARIO_NAMES } from "./scenarios.ts";
