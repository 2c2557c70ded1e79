/** What this room counts of itself. */
import type { Registry } from "@pyrometer/client";

/** Why a scrape brought nothing. The words are values of the label `reason`: few, and stable. */
export type FailureReason =
  | "timeout"
  | "connection"
  | "tls"
  | "redirect"
  | "credentials"
  | "canceled"
  | "status"
  | "body-limit"
  | "parse"
  | "invalid-sample"
  | "sample-limit"
  | "bucket-limit"
  | "label-limit"
  | "target-limit"
  | "storage";

export type SelfMetrics = ReturnType<typeof createSelfMetrics>;

export function createSelfMetrics(registry: Registry) {
  return {
    scrapes: registry.counter({
      name: "pyrometer_scrape_scrapes_total",
      help: "Scrapes that ended, whether well or not.",
    }),
    failures: registry.counter({
      name: "pyrometer_scrape_failures_total",
      help: "Scrapes that brought nothing, by reason.",
      labelNames: ["reason"] as const,
    }),
    skippedTicks: registry.counter({
      name: "pyrometer_scrape_skipped_ticks_total",
      help: "Scrapes left out because the one before, or this process, was late.",
    }),
    samples: registry.counter({
      name: "pyrometer_scrape_samples_total",
      help: "Samples stored by scrapes, staleness markers and scrape_* series included.",
    }),
    rejectedSamples: registry.counter({
      name: "pyrometer_scrape_rejected_samples_total",
      help: "Samples of good scrapes that were not stored, by reason.",
      labelNames: ["reason"] as const,
    }),
    discoveryFailures: registry.counter({
      name: "pyrometer_scrape_discovery_failures_total",
      help: "Discovery answers that could not be had or read, by kind of discovery.",
      labelNames: ["kind"] as const,
    }),
    targets: registry.gauge({
      name: "pyrometer_scrape_targets",
      help: "Targets being scraped, by job.",
      labelNames: ["job"] as const,
    }),
  };
}
