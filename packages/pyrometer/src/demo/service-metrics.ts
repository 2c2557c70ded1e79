/** The instruments of the inference service; names and buckets are the article's. */
import type { Counter, Gauge, Histogram, Registry } from "@pyrometer/client";
import { BATCH_SIZE_MAX } from "./limits.ts";

export const MODEL_NAME = "digit_classifier";
export const MODEL_VERSION = "v1";

/** Why a request got no prediction. */
const ERROR_TYPES = ["bad_input", "queue_full", "internal"] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

export interface ServiceMetrics {
  readonly inferences: Counter<"model_name" | "endpoint">;
  readonly latency: Histogram<"model_name">;
  readonly queueDepth: Gauge;
  readonly batchSize: Histogram<"model_name">;
  readonly errors: Counter<"model_name" | "error_type">;
  readonly accuracy: Gauge<"model_name" | "version">;
}

/** Series that count errors are there from the start: a rise from 0 is seen, a birth at 1 is not. */
export function createServiceMetrics(registry: Registry): ServiceMetrics {
  const metrics: ServiceMetrics = {
    inferences: registry.counter({
      name: "ml_inferences_total",
      help: "Predictions made.",
      labelNames: ["model_name", "endpoint"],
    }),
    latency: registry.histogram({
      name: "ml_inference_latency_seconds",
      help: "From the arrival of a request to its answer, failures included.",
      labelNames: ["model_name"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    }),
    queueDepth: registry.gauge({
      name: "ml_batch_queue_depth",
      help: "Images that wait for a GPU.",
    }),
    batchSize: registry.histogram({
      name: "ml_batch_size",
      help: "Images that went to a GPU together.",
      labelNames: ["model_name"],
      buckets: Array.from({ length: BATCH_SIZE_MAX }, (_, index) => index + 1),
    }),
    errors: registry.counter({
      name: "ml_prediction_errors_total",
      help: "Requests that got no prediction, by reason.",
      labelNames: ["model_name", "error_type"],
    }),
    accuracy: registry.gauge({
      name: "ml_model_accuracy",
      help: "Part of the latest held-out images that the service read right, 0 to 1.",
      labelNames: ["model_name", "version"],
    }),
  };
  metrics.latency.labels({ model_name: MODEL_NAME });
  for (const error_type of ERROR_TYPES) {
    metrics.errors.labels({ model_name: MODEL_NAME, error_type });
  }
  return metrics;
}
