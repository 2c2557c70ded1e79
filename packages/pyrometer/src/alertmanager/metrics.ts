/** What the room counts, under the names Alertmanager has for it. */
import type { Registry } from "@pyrometer/client";
import type { HoldReason } from "./pipeline/stage.ts";
import type { FailureReason } from "./types.ts";

export interface Metrics {
  readonly received: (status: "firing" | "resolved", count: number) => void;
  readonly invalid: (count: number) => void;
  readonly notified: (integration: string) => void;
  readonly failed: (integration: string, reason: FailureReason) => void;
  readonly requested: (integration: string, durationMs: number, isFailed: boolean) => void;
  readonly suppressed: (reason: HoldReason, count: number) => void;
  readonly limited: (what: "alerts" | "groups") => void;
  /** A flush ended in a bug. */
  readonly broke: () => void;
}

/** Read when metrics are asked for. */
export interface Counts {
  readonly alerts: Readonly<Record<"active" | "suppressed", number>>;
  readonly silences: Readonly<Record<"active" | "pending" | "expired", number>>;
  readonly groupCount: number;
  readonly isConfigured: boolean;
}

const SUPPRESSED_WORDS: Readonly<Record<Exclude<HoldReason, "already-sent">, string>> = {
  inhibited: "inhibition",
  silenced: "silence",
  muted: "mute_time_interval",
  "outside-active-time": "active_time_interval",
};

export function createMetrics(registry: Registry, counts: () => Counts): Metrics {
  collectGauges(registry, counts);
  const received = registry.counter({
    name: "alertmanager_alerts_received_total",
    help: "Alerts received, by status.",
    labelNames: ["status"],
  });
  const invalid = registry.counter({
    name: "alertmanager_alerts_invalid_total",
    help: "Alerts refused as invalid.",
  });
  const limited = registry.counter({
    name: "pyrometer_alertmanager_limited_total",
    help: "Alerts for which there was no room, by what was full.",
    labelNames: ["limit"],
  });
  const broken = registry.counter({
    name: "pyrometer_alertmanager_flush_bugs_total",
    help: "Flushes that ended in a fault of our own.",
  });
  const suppressed = registry.counter({
    name: "alertmanager_notifications_suppressed_total",
    help: "Alerts held back from notifications, by reason.",
    labelNames: ["reason"],
  });
  return {
    received: (status, count) => received.labels({ status }).inc(count),
    invalid: (count) => invalid.inc(count),
    broke: () => broken.inc(),
    limited: (limit) => limited.labels({ limit }).inc(),
    suppressed: (reason, count) => {
      if (reason === "already-sent") return; // not a suppression: the receiver knows it already
      suppressed.labels({ reason: SUPPRESSED_WORDS[reason] }).inc(count);
    },
    ...createDeliveryMetrics(registry),
  };
}

function createDeliveryMetrics(
  registry: Registry,
): Pick<Metrics, "notified" | "failed" | "requested"> {
  const notified = registry.counter({
    name: "alertmanager_notifications_total",
    help: "Notifications attempted, by integration.",
    labelNames: ["integration"],
  });
  const failed = registry.counter({
    name: "alertmanager_notifications_failed_total",
    help: "Notifications that did not arrive, by integration and reason.",
    labelNames: ["integration", "reason"],
  });
  const requests = registry.counter({
    name: "alertmanager_notification_requests_total",
    help: "Requests to receivers, retries included, by integration.",
    labelNames: ["integration"],
  });
  const requestsFailed = registry.counter({
    name: "alertmanager_notification_requests_failed_total",
    help: "Requests to receivers that failed, by integration.",
    labelNames: ["integration"],
  });
  const latency = registry.histogram({
    name: "alertmanager_notification_latency_seconds",
    help: "Time a receiver took to reply.",
    labelNames: ["integration"],
    buckets: [1, 5, 10, 15, 20],
  });
  return {
    notified: (integration) => notified.labels({ integration }).inc(),
    failed: (integration, reason) => failed.labels({ integration, reason }).inc(),
    requested(integration, durationMs, isFailed) {
      requests.labels({ integration }).inc();
      if (isFailed) requestsFailed.labels({ integration }).inc();
      latency.labels({ integration }).observe(durationMs / 1000);
    },
  };
}

function collectGauges(registry: Registry, counts: () => Counts): void {
  const alerts = registry.gauge({
    name: "alertmanager_alerts",
    help: "Alerts by state.",
    labelNames: ["state"],
  });
  const silences = registry.gauge({
    name: "alertmanager_silences",
    help: "Silences by state.",
    labelNames: ["state"],
  });
  const groups = registry.gauge({
    name: "alertmanager_dispatcher_aggregation_groups",
    help: "Aggregation groups there are.",
  });
  const isConfigured = registry.gauge({
    name: "alertmanager_config_last_reload_successful",
    help: "Whether a configuration is in force.",
  });
  registry.collect(() => {
    const now = counts();
    for (const state of ["active", "suppressed"] as const) {
      alerts.labels({ state }).set(now.alerts[state]);
    }
    for (const state of ["active", "pending", "expired"] as const) {
      silences.labels({ state }).set(now.silences[state]);
    }
    groups.set(now.groupCount);
    isConfigured.set(now.isConfigured ? 1 : 0);
  });
}
