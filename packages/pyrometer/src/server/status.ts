/** What the server says of itself: components, problems, the last reload. */
import type { ComponentReport, DashboardsView, StatusReport, StatusView } from "../api/index.ts";
import { parseYaml, redactedYaml } from "../config/index.ts";
import { Labels } from "../model/index.ts";
import type { ScrapeProblem } from "../scrape/index.ts";
import { assert, formatDuration } from "../std/index.ts";
import type { Store } from "../storage/index.ts";
import type { Configuration, LoadedDashboard } from "./load-configuration.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";
import type { ServerOptions } from "./server.ts";

const STORE_NOTE = "in memory: history is lost on restart; the disk store is still to come";

export class ServerStatus {
  isReady = false;
  externalUrl = "";
  readonly #options: ServerOptions;
  readonly #store: Store;
  readonly #startedMs: number;
  #configuration: Configuration | undefined;
  /** Of the running configuration, and then of a newer one that was refused. */
  #loadedProblems: readonly Problem[] = [];
  #refused: readonly Problem[] = [];
  #lastReload: StatusReport["lastReload"];

  readonly #scrapeProblems: () => readonly ScrapeProblem[];

  constructor(
    options: ServerOptions,
    store: Store,
    scrapeProblems: () => readonly ScrapeProblem[],
  ) {
    this.#options = options;
    this.#store = store;
    this.#scrapeProblems = scrapeProblems;
    this.#startedMs = options.clock.nowMs();
    this.#lastReload = { ok: true, atMs: this.#startedMs };
  }

  loaded(configuration: Configuration, problems: readonly Problem[], atMs: number): void {
    this.#configuration = configuration;
    this.#loadedProblems = problems;
    this.#refused = [];
    this.#lastReload = { ok: true, atMs };
  }

  failedReload(errors: readonly Problem[], atMs: number): void {
    this.#refused = errors;
    const error = errors.map(({ message }) => message).join("\n");
    this.#lastReload = { ok: false, atMs, error };
  }

  problems(): readonly Problem[] {
    const scrape = this.#scrapeProblems().map(({ severity, code, message, sourceError }) =>
      sourceError ? problemOf(sourceError, severity) : { severity, code, message },
    );
    return [...this.#refused, ...this.#loadedProblems, ...scrape];
  }

  components(): readonly ComponentReport[] {
    const configuration = this.#configuration;
    if (!configuration) return [];
    const { prometheus, ruleFiles, alertmanager, dashboards } = configuration;
    const rules = ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    const alertCount = rules.filter(({ kind }) => kind === "alerting").length;
    const jobs = prometheus.scrapeConfigs.map(({ jobName }) => jobName);
    const extra = (this.#options.extraTargets ?? []).map(({ job }) => job);
    const disabled = alertmanager.disabledReceivers;
    return [
      ok("scrape", count(jobs.length + extra.length, "job", [...jobs, ...extra].join(", "))),
      ok("store", `${STORE_NOTE}; keeps ${formatDuration(this.#options.retentionMs)}`),
      ok(
        "rules",
        `${rules.length - alertCount} recording, ${alertCount} alerting, ${count(ruleFiles.length, "file")}`,
      ),
      {
        name: "alertmanager",
        state: disabled.length > 0 ? "degraded" : "ok",
        detail: [
          count(
            alertmanager.receivers.length,
            "receiver",
            alertmanager.receivers.map(({ name }) => name).join(", "),
          ),
          ...disabled.map(
            ({ receiver, integration, reason }) => `${receiver}/${integration} is off: ${reason}`,
          ),
        ].join("; "),
      },
      ok(
        "dashboards",
        count(
          dashboards.length,
          "dashboard",
          dashboards.map(({ dashboard }) => dashboard.title).join(", "),
        ),
      ),
    ];
  }

  view(alertmanagerUrls: () => readonly string[]): StatusView {
    return {
      isReady: () => this.isReady,
      report: () => this.#report(),
      configYaml: () => {
        const source = this.#configuration?.prometheusSource;
        return source ? redactedYaml(parseYaml(source)) : "";
      },
      flags: () => this.#options.flags ?? {},
      buildInfo: () => ({ version: this.#options.version, revision: "" }),
      externalLabels: () => this.#configuration?.prometheus.global.externalLabels ?? Labels.EMPTY,
      alertmanagerUrls: () => [`${this.externalUrl}/api/v2/alerts`, ...alertmanagerUrls()],
    };
  }

  dashboards(): DashboardsView {
    const all = (): readonly LoadedDashboard[] => this.#configuration?.dashboards ?? [];
    return {
      list: () =>
        all().map(({ dashboard, panels }) => ({
          uid: dashboard.uid,
          title: dashboard.title,
          tags: dashboard.tags,
          folder: "",
          panelCount: panels.length,
        })),
      get: (uid) => all().find(({ dashboard }) => dashboard.uid === uid),
    };
  }

  #report(): StatusReport {
    const { seriesCount, sampleCount } = this.#store.stats();
    return {
      version: this.#options.version,
      startedMs: this.#startedMs,
      externalUrl: this.externalUrl,
      store: { kind: "memory", note: STORE_NOTE, seriesCount, sampleCount },
      components: this.components(),
      problems: this.problems(),
      demo: this.#options.demo !== undefined,
      simulatedGpu: this.#options.isGpuSimulated ?? false,
      lastReload: this.#lastReload,
    };
  }
}

function ok(name: string, detail: string): ComponentReport {
  return { name, state: "ok", detail };
}

function count(itemCount: number, noun: string, names = ""): string {
  assert(itemCount >= 0, "BUG: a negative count");
  const plural = itemCount === 1 ? noun : `${noun}s`;
  return names === "" ? `${itemCount} ${plural}` : `${itemCount} ${plural}: ${names}`;
}
