/**
 * Brings alerts from the rules to Alertmanagers: ours, and those that prometheus.yml names. Each
 * outside one has a queue of its own, so that a dead one costs nobody else a moment.
 *
 * The way of Prometheus' notifier: external labels, then alert_relabel_configs, then batches as
 * POST /api/v2/alerts. A failed batch is not tried again: the rules resend firing alerts anyway.
 */
import type { Registry } from "@pyrometer/client";
import { Agent, request } from "undici";
import { Labels } from "../model/index.ts";
import type { AlertSink, OutgoingAlert } from "../rules/index.ts";
import type { CompiledRelabelRule } from "../scrape/index.ts";
import { compileRelabel, relabel } from "../scrape/index.ts";
import type { Logger } from "../std/index.ts";
import type { AlertmanagerEndpointConfig, PrometheusConfig } from "./config-file/index.ts";
import { NOTIFIER_BATCH_LENGTH_MAX, NOTIFIER_QUEUE_LENGTH_MAX } from "./limits.ts";

export interface NotifierDeps {
  readonly logger: Logger;
  readonly registry: Registry;
  /** The built-in Alertmanager. */
  receive(alerts: readonly OutgoingAlert[]): void;
}

export interface Notifier extends AlertSink {
  apply(config: PrometheusConfig): void;
  /** Where alerts go, besides the built-in Alertmanager. */
  urls(): string[];
  stop(): Promise<void>;
}

export function createNotifier(deps: NotifierDeps): Notifier {
  const { registry } = deps;
  const metrics = {
    sent: registry.counter({
      name: "prometheus_notifications_sent_total",
      help: "Alerts sent to an outside Alertmanager.",
      labelNames: ["alertmanager"] as const,
    }),
    errors: registry.counter({
      name: "prometheus_notifications_errors_total",
      help: "Alerts that an outside Alertmanager did not take.",
      labelNames: ["alertmanager"] as const,
    }),
    dropped: registry.counter({
      name: "prometheus_notifications_dropped_total",
      help: "Alerts dropped because a queue was full or sending failed.",
    }),
  };
  let externalLabels = Labels.EMPTY;
  let rules: readonly CompiledRelabelRule[] = [];
  let queues = new Map<string, OutsideQueue>();

  return {
    apply(config) {
      externalLabels = config.global.externalLabels;
      rules = compileRelabel(config.alerting.alertRelabel);
      const next = new Map<string, OutsideQueue>();
      for (const endpoint of config.alerting.alertmanagers) {
        for (const url of endpointUrls(endpoint)) {
          const queue = queues.get(url) ?? new OutsideQueue(url, { ...deps, metrics });
          queue.configure(endpoint.timeoutMs, compileRelabel(endpoint.alertRelabel));
          next.set(url, queue);
        }
      }
      for (const [url, queue] of queues) if (!next.has(url)) void queue.stop();
      queues = next;
    },

    send(alerts) {
      // The rule's own labels win over external ones, as in Prometheus.
      const labelled = alerts.map((alert) => ({
        ...alert,
        labels: externalLabels.with(alert.labels.toRecord()),
      }));
      const outgoing = relabelAlerts(labelled, rules);
      if (outgoing.length === 0) return;
      deps.receive(outgoing);
      for (const queue of queues.values()) queue.push(outgoing);
    },

    urls: () => [...queues.keys()],

    async stop() {
      await Promise.all([...queues.values()].map((queue) => queue.stop()));
    },
  };
}

function relabelAlerts(
  alerts: readonly OutgoingAlert[],
  rules: readonly CompiledRelabelRule[],
): OutgoingAlert[] {
  return alerts.flatMap((alert) => {
    const labels = relabel(alert.labels, rules);
    return labels ? [{ ...alert, labels }] : [];
  });
}

/** Static targets after relabelling; discovered ones come with the discovery issue. */
function endpointUrls(endpoint: AlertmanagerEndpointConfig): string[] {
  const relabelRules = compileRelabel(endpoint.relabel);
  const path = `${endpoint.pathPrefix.replace(/\/$/, "")}/api/v2/alerts`;
  const groups = endpoint.discoveries.flatMap((found) =>
    found.kind === "static" ? found.groups : [],
  );
  return groups.flatMap((group) =>
    group.targets.flatMap((target) => {
      const labels = Labels.from({
        __scheme__: endpoint.scheme,
        __alerts_path__: path,
        ...group.labels,
        ...target,
      });
      const kept = relabel(labels, relabelRules);
      if (!kept) return [];
      return [
        `${kept.get("__scheme__")}://${kept.get("__address__")}${kept.get("__alerts_path__")}`,
      ];
    }),
  );
}

interface QueueMetrics {
  readonly sent: { labels(labels: { alertmanager: string }): { inc(amount?: number): void } };
  readonly errors: { labels(labels: { alertmanager: string }): { inc(amount?: number): void } };
  readonly dropped: { inc(amount?: number): void };
}

class OutsideQueue {
  readonly #url: string;
  #timeoutMs = 10_000;
  #rules: readonly CompiledRelabelRule[] = [];
  readonly #logger: Logger;
  readonly #metrics: QueueMetrics;
  readonly #agent = new Agent({ keepAliveTimeout: 60_000 });
  #waiting: OutgoingAlert[] = [];
  #isSending = false;

  constructor(url: string, deps: { logger: Logger; metrics: QueueMetrics }) {
    this.#url = url;
    this.#logger = deps.logger;
    this.#metrics = deps.metrics;
  }

  configure(timeoutMs: number, rules: readonly CompiledRelabelRule[]): void {
    this.#timeoutMs = timeoutMs;
    this.#rules = rules;
  }

  push(alerts: readonly OutgoingAlert[]): void {
    this.#waiting.push(...relabelAlerts(alerts, this.#rules));
    const excessCount = this.#waiting.length - NOTIFIER_QUEUE_LENGTH_MAX;
    if (excessCount > 0) {
      this.#waiting.splice(0, excessCount);
      this.#metrics.dropped.inc(excessCount);
    }
    if (!this.#isSending) void this.#drain();
  }

  async stop(): Promise<void> {
    this.#waiting = [];
    await this.#agent.destroy();
  }

  async #drain(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      await this.#sendBatch(this.#waiting.splice(0, NOTIFIER_BATCH_LENGTH_MAX));
    }
    this.#isSending = false;
  }

  async #sendBatch(batch: readonly OutgoingAlert[]): Promise<void> {
    const alertmanager = this.#url;
    try {
      const { statusCode, body } = await request(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(batch.map(toPosted)),
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await body.dump();
      if (statusCode >= 300) throw new Error(`it answered ${statusCode}`);
      this.#metrics.sent.labels({ alertmanager }).inc(batch.length);
    } catch (error) {
      this.#metrics.errors.labels({ alertmanager }).inc(batch.length);
      this.#metrics.dropped.inc(batch.length);
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn("cannot send alerts to an outside Alertmanager", { alertmanager, reason });
    }
  }
}

function toPosted({
  labels,
  annotations,
  startsAtMs,
  endsAtMs,
  generatorUrl,
}: OutgoingAlert): object {
  return {
    labels: labels.toRecord(),
    annotations,
    startsAt: new Date(startsAtMs).toISOString(),
    ...(endsAtMs === undefined ? {} : { endsAt: new Date(endsAtMs).toISOString() }),
    generatorURL: generatorUrl,
  };
}
