/** What this room counts of itself, under the names Prometheus gave these things. */
import type { Registry } from "@pyrometer/client";

export type SelfMetrics = ReturnType<typeof createSelfMetrics>;

export function createSelfMetrics(registry: Registry) {
  const labelNames = ["rule_group"] as const;
  return {
    evaluations: registry.counter({
      name: "prometheus_rule_evaluations_total",
      help: "Rules evaluated, by group.",
      labelNames,
    }),
    failures: registry.counter({
      name: "prometheus_rule_evaluation_failures_total",
      help: "Rules whose evaluation failed, by group.",
      labelNames,
    }),
    iterations: registry.counter({
      name: "prometheus_rule_group_iterations_total",
      help: "Evaluations of a group that were due, missed ones included.",
      labelNames,
    }),
    iterationsMissed: registry.counter({
      name: "prometheus_rule_group_iterations_missed_total",
      help: "Evaluations of a group left out because an earlier one took too long.",
      labelNames,
    }),
    interval: registry.gauge({
      name: "prometheus_rule_group_interval_seconds",
      help: "The interval of a group.",
      labelNames,
    }),
    lastDuration: registry.gauge({
      name: "prometheus_rule_group_last_duration_seconds",
      help: "How long the last evaluation of a group took.",
      labelNames,
    }),
    lastEvaluation: registry.gauge({
      name: "prometheus_rule_group_last_evaluation_timestamp_seconds",
      help: "When a group was last evaluated, in Unix seconds.",
      labelNames,
    }),
    lastSamples: registry.gauge({
      name: "prometheus_rule_group_last_evaluation_samples",
      help: "Samples stored by the last evaluation of a group.",
      labelNames,
    }),
    rules: registry.gauge({
      name: "prometheus_rule_group_rules",
      help: "The rules of a group.",
      labelNames,
    }),
    templateFailures: registry.counter({
      name: "pyrometer_rules_template_failures_total",
      help: "Labels and annotations of alerts that could not be filled in, by group.",
      labelNames,
    }),
    rejectedSamples: registry.counter({
      name: "pyrometer_rules_rejected_samples_total",
      help: "Samples of rules that the store would not take, by group.",
      labelNames,
    }),
  };
}

/** Starts every series of a group at 0, so that a first increase is seen. */
export function startSeries(metrics: SelfMetrics, groupKey: string): void {
  for (const metric of Object.values(metrics)) metric.labels({ rule_group: groupKey });
}

export function removeSeries(metrics: SelfMetrics, groupKey: string): void {
  for (const metric of Object.values(metrics)) metric.remove({ rule_group: groupKey });
}
