/** The faults that the demo can start. Each changes the world, never a metric. */

export const SCENARIO_NAMES = [
  "drift",
  "slow",
  "errors",
  "gpu-thermal",
  "gpu-memory",
  "xid",
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export interface DemoScenario {
  readonly name: ScenarioName;
  readonly title: string;
  /** What is done to the world, and what will be seen. */
  readonly description: string;
  /** The alert that it leads to. */
  readonly expects: string;
  readonly active: boolean;
  /** Unix milliseconds; present while active. */
  readonly startedMs?: number;
}

type ScenarioText = Omit<DemoScenario, "name" | "active" | "startedMs">;

export const SCENARIO_TEXTS: Readonly<Record<ScenarioName, ScenarioText>> = {
  drift: {
    title: "Input drift",
    description:
      "The camera slips by 40 degrees and its picture gets noisy. Latency and errors stay as they " +
      "are; only the validation job sees that the model now misreads most digits.",
    expects: "ModelAccuracyDegraded",
  },
  slow: {
    title: "Slow inference",
    description:
      "Every batch takes four times as long. The queue fills faster than it empties, and p99 " +
      "latency passes its limit.",
    expects: "InferenceLatencyHigh",
  },
  errors: {
    title: "Broken uploads",
    description:
      "One upload in four breaks off half way. The service refuses what is not an image, and the " +
      "error ratio rises.",
    expects: "PredictionErrorsHigh",
  },
  "gpu-thermal": {
    title: "GPU overheating",
    description:
      "Cooling fails (simulated). The cards throttle, batches take longer and latency rises with " +
      "the heat. One message arrives, not two: throttling inhibits the latency alert.",
    expects: "GPUThermalThrottle",
  },
  "gpu-memory": {
    title: "GPU memory leak",
    description: "A leak fills the memory of one GPU (simulated) within some ten seconds.",
    expects: "GPUMemoryHigh",
  },
  xid: {
    title: "GPU hardware error",
    description:
      "The driver of one GPU reports XID 48, an uncorrectable memory error, every ten seconds " +
      "(simulated).",
    expects: "GPUXidError",
  },
};
