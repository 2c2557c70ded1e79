/**
 * The room put together. Alerts, silences and what was sent live as long as the process; routes,
 * groups, rules of inhibition and templates come anew with every configuration.
 */
import type { CancelTimer, Source } from "../std/index.ts";
import { assert } from "../std/index.ts";
import type { Alert, PostableAlert } from "./alert.ts";
import { isResolvedAt, readPosted } from "./alert.ts";
import { AlertStore } from "./alert-store.ts";
import type { AlertmanagerConfig } from "./config/types.ts";
import { Dispatcher } from "./grouping/dispatcher.ts";
import type { Flush } from "./grouping/group.ts";
import { Inhibitor } from "./inhibit/inhibitor.ts";
import { MAINTENANCE_INTERVAL_MS } from "./limits.ts";
import type { Listing } from "./listing.ts";
import { listAlerts, listGroups } from "./listing.ts";
import type { Metrics } from "./metrics.ts";
import { createMetrics } from "./metrics.ts";
import { AttemptLog } from "./pipeline/attempts.ts";
import { createIntegration } from "./pipeline/integration.ts";
import { NotificationLog } from "./pipeline/notification-log.ts";
import { notifyGroup } from "./pipeline/notify.ts";
import type { Route } from "./routing/route.ts";
import { createRoute } from "./routing/route.ts";
import { SilenceStore } from "./silence/silences.ts";
import type { Renderer } from "./templates/renderer.ts";
import { createRenderer } from "./templates/renderer.ts";
import type { AlertFilter, Alertmanager, AlertmanagerDeps } from "./types.ts";

/** Before the first apply() alerts are kept, and nobody is told. */
export function createAlertmanager(deps: AlertmanagerDeps): Alertmanager {
  return new Running(deps);
}

/** What a configuration brings, replaced as a whole. */
interface Applied {
  readonly config: AlertmanagerConfig;
  readonly root: Route;
  readonly inhibitor: Inhibitor;
  readonly dispatcher: Dispatcher;
}

/** Alertmanager's default, for alerts that come before a configuration does. */
const RESOLVE_TIMEOUT_MS = 5 * 60 * 1000;

class Running implements Alertmanager {
  readonly silences: SilenceStore;
  readonly #deps: AlertmanagerDeps;
  readonly #startedMs: number;
  readonly #store = new AlertStore();
  readonly #log = new NotificationLog();
  readonly #attempts = new AttemptLog();
  readonly #metrics: Metrics;
  #applied: Applied | undefined;
  #cancelMaintenance: CancelTimer = () => {};

  constructor(deps: AlertmanagerDeps) {
    this.#deps = deps;
    this.#startedMs = deps.clock.nowMs();
    this.silences = new SilenceStore(deps);
    this.#metrics = createMetrics(deps.registry, () => ({
      alerts: this.#countAlerts(),
      silences: this.silences.countByState(),
      groupCount: this.#applied?.dispatcher.groupCount ?? 0,
      isConfigured: this.#applied !== undefined,
    }));
    this.#scheduleMaintenance();
  }

  apply(config: AlertmanagerConfig, templates: readonly Source[]): void {
    const { clock, logger } = this.#deps;
    const { renderer, errors } = createRenderer({ nowMs: () => clock.nowMs(), templates });
    const [error] = errors;
    if (error) throw error;
    assert(renderer !== undefined, "BUG: neither templates nor errors");
    this.#applied?.dispatcher.stop();
    const inhibitor = new Inhibitor(config.inhibitRules, this.#store.all());
    const root = createRoute(config.route);
    const dispatcher = new Dispatcher({
      clock,
      root,
      flush: this.#createFlush(config, renderer, inhibitor),
      onFull: (alert) => {
        this.#metrics.limited("groups");
        logger.error("no room for another group", { alert: alert.labels.toString() });
      },
    });
    this.#applied = { config, root, inhibitor, dispatcher };
    // The ended ones too: whoever was told that they fire is still to be told that they do not.
    for (const alert of this.#store.all()) dispatcher.insert(alert);
  }

  receive(posted: readonly PostableAlert[]): readonly string[] {
    const nowMs = this.#deps.clock.nowMs();
    const resolveTimeoutMs = this.#applied?.config.resolveTimeoutMs ?? RESOLVE_TIMEOUT_MS;
    const problems: string[] = [];
    for (const one of posted) {
      const read = readPosted(one, { nowMs, resolveTimeoutMs });
      if ("problem" in read) problems.push(read.problem);
      else this.#put(read.alert, nowMs);
    }
    this.#metrics.invalid(problems.length);
    return problems;
  }

  alerts(filter: AlertFilter = {}) {
    return listAlerts(this.#listing(), filter);
  }

  groups(filter: AlertFilter = {}) {
    const groups = this.#applied?.dispatcher.groups() ?? [];
    return listGroups(groups, this.#listing(), filter);
  }

  receivers(): readonly string[] {
    return this.#applied?.config.receivers.map(({ name }) => name) ?? [];
  }

  status() {
    const { original = "", disabledReceivers = [] } = this.#applied?.config ?? {};
    const version = this.#deps.version ?? "0.0.0";
    const clusterStatus = "disabled" as const;
    return {
      startedMs: this.#startedMs,
      configOriginal: original,
      disabledReceivers,
      version,
      clusterStatus,
    };
  }

  attempts() {
    return this.#attempts.newestFirst();
  }

  async stop(): Promise<void> {
    this.#cancelMaintenance();
    this.#applied?.dispatcher.stop();
    await this.#deps.sender.close();
  }

  #put(report: Alert, nowMs: number): void {
    const alert = this.#store.put(report, nowMs);
    if (alert === undefined) return this.#metrics.limited("alerts");
    this.#metrics.received(isResolvedAt(alert, nowMs) ? "resolved" : "firing", 1);
    this.#applied?.inhibitor.put(alert);
    this.#applied?.dispatcher.insert(alert);
  }

  #createFlush(config: AlertmanagerConfig, renderer: Renderer, inhibitor: Inhibitor): Flush {
    const { baseUrls = {} } = this.#deps;
    const integrations = new Map(
      config.receivers.map((receiver) => [
        receiver.name,
        receiver.integrations.map((integration) => createIntegration(integration, baseUrls)),
      ]),
    );
    const deps = {
      ...this.#deps,
      metrics: this.#metrics,
      silences: this.silences,
      log: this.#log,
      attempts: this.#attempts,
      inhibitor,
      renderer,
      config,
      integrations,
    };
    return async (group, alerts, context) => {
      try {
        return await notifyGroup(group, { alerts, context }, deps);
      } catch (error) {
        // A bug of ours ends this flush, loudly; the next tries again, and other groups go on.
        deps.logger.error("notification failed unexpectedly", { group: group.key, error });
        this.#metrics.broke();
        return { isComplete: false, held: [] };
      }
    };
  }

  #listing(): Listing {
    const { clock } = this.#deps;
    return {
      nowMs: clock.nowMs(),
      alerts: this.#store.all(),
      silences: this.silences,
      inhibitor: this.#applied?.inhibitor,
      root: this.#applied?.root,
      timeIntervals: this.#applied?.config.timeIntervals ?? new Map(),
    };
  }

  #countAlerts(): Record<"active" | "suppressed", number> {
    const counts = { active: 0, suppressed: 0 };
    for (const { status } of this.alerts()) {
      counts[status.state === "suppressed" ? "suppressed" : "active"] += 1;
    }
    return counts;
  }

  #scheduleMaintenance(): void {
    this.#cancelMaintenance = this.#deps.clock.setTimer(MAINTENANCE_INTERVAL_MS, () => {
      const nowMs = this.#deps.clock.nowMs();
      for (const alert of this.#store.collect(nowMs)) this.#applied?.inhibitor.drop(alert);
      this.#log.collect(nowMs);
      this.silences.collect(nowMs);
      this.#scheduleMaintenance();
    });
  }
}
