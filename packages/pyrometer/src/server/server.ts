/**
 * The composition root: makes every room's part, connects them, reloads them and ends them. Knows
 * everybody, decides nothing.
 *
 *   scrape ─► store ─► engine ─► rules ─► notifier ─► alertmanager ─► receivers
 *                         └────────── api ──────────────┘
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Registry } from "@pyrometer/client";
import type { FastifyInstance } from "fastify";
import type { Alertmanager, BaseUrls } from "../alertmanager/index.ts";
import { createAlertmanager, createHttpSender } from "../alertmanager/index.ts";
import type { DemoView, ReloadOutcome } from "../api/index.ts";
import { createApi, Inbox } from "../api/index.ts";
import type { Environment } from "../config/index.ts";
import type { QueryFeatures } from "../promql/index.ts";
import { createEngine, queryFeatures } from "../promql/index.ts";
import type { RuleManager } from "../rules/index.ts";
import { createRuleManager } from "../rules/index.ts";
import type { ScrapeConfig, ScrapeManager } from "../scrape/index.ts";
import { createDiscoveryFiles, createHttpFetcher, createScrapeManager } from "../scrape/index.ts";
import type { Clock, Logger } from "../std/index.ts";
import { assert, formatDuration, MS_PER_MINUTE, SourceError } from "../std/index.ts";
import type { QueryBackend, Store } from "../storage/index.ts";
import { MemoryStore } from "../storage/index.ts";
import { loadPrometheusConfig } from "./config-file/index.ts";
import type { Listener } from "./io/listener.ts";
import { listen } from "./io/listener.ts";
import { TRUNCATE_INTERVAL_MS } from "./limits.ts";
import type { Configuration, ConfigurationPaths } from "./load-configuration.ts";
import { loadConfiguration } from "./load-configuration.ts";
import type { Notifier } from "./notifier.ts";
import { createNotifier } from "./notifier.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";
import { registerSelfMetrics } from "./self-metrics.ts";
import { ServerStatus } from "./status.ts";
import type { Watcher } from "./watch.ts";
import { createWatcher } from "./watch.ts";

export interface ServerOptions extends ConfigurationPaths {
  /** Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Called once the address is known and before any file is read: the demo writes its files then. */
  readonly onListening?: ((url: string) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly environment: Environment;
  /** Where people reach us, for links in messages; the listening address when absent. */
  readonly externalUrl?: string | undefined;
  /** Override every interval of the files, for trying out. */
  readonly scrapeIntervalMs?: number | undefined;
  readonly evaluationIntervalMs?: number | undefined;
  /** Scraped beside what prometheus.yml names. */
  readonly extraTargets?: readonly ExtraTarget[];
  readonly retentionMs: number;
  /** What one query may cost; the defaults where undefined. */
  readonly queryLimits?: QueryLimits;
  /** Reload when a file changes. */
  readonly isWatching: boolean;
  /** Present: POST /-/quit calls it. */
  readonly quit?: (() => void) | undefined;
  readonly webDir?: string | undefined;
  /** Where fixed services are reached, for tests and proxies. */
  readonly baseUrls?: BaseUrls | undefined;
  readonly demo?: DemoView | undefined;
  readonly isGpuSimulated?: boolean;
  /** Shown by /api/v1/status/flags. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly version: string;
}

export interface QueryLimits {
  readonly samplesMax?: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly lookbackMs?: number | undefined;
}

export interface ExtraTarget {
  readonly job: string;
  readonly url: URL;
}

export interface Server {
  readonly url: string;
  /** One line per component, for the terminal. */
  components(): readonly string[];
  problems(): readonly Problem[];
  reload(): Promise<ReloadOutcome>;
  /** Ends everything; staleness markers are written, connections closed. Idempotent. */
  stop(): Promise<void>;
}

/** The files do not make a configuration that can run. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ rendered, message }) => rendered ?? message).join("\n"));
    this.problems = problems;
  }
}

/**
 * Starts everything and resolves when it is ready.
 *
 * @throws {ListenError}
 * @throws {ConfigurationError} with every fault of every file
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const server = new RunningServer(options);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class RunningServer implements Server {
  readonly #options: ServerOptions;
  readonly #features: QueryFeatures;
  readonly #backend: QueryBackend;
  #evaluationIntervalMs = MS_PER_MINUTE;
  readonly #registry = new Registry();
  readonly #store: Store = new MemoryStore();
  readonly #inbox = new Inbox();
  readonly #status: ServerStatus;
  readonly #scrape: ScrapeManager;
  readonly #rules: RuleManager;
  readonly #notifier: Notifier;
  readonly #watcher: Watcher | undefined;
  #alertmanager: Alertmanager | undefined;
  #api: FastifyInstance | undefined;
  #listener: Listener | undefined;
  #cancelTruncate: () => void = () => {};
  #stopping: Promise<void> | undefined;
  /** Reloads wait for each other: two at once could mix their files. */
  #reloading: Promise<ReloadOutcome> = Promise.resolve({ ok: true });

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#features = queryFeatures(options.features ?? []);
    const limits = options.queryLimits ?? {};
    this.#backend = createEngine({
      reader: this.#store,
      nowMonotonicMs,
      limits,
      ...this.#features,
    });
    const { clock, logger } = options;
    const registry = this.#registry;
    const store = this.#store;
    this.#status = new ServerStatus(options, store, () => this.#scrape.problems());
    this.#scrape = createScrapeManager({
      store,
      clock,
      logger,
      registry,
      fetcher: createHttpFetcher(),
      files: createDiscoveryFiles(),
      random: Math.random,
    });
    this.#notifier = createNotifier({
      logger,
      registry,
      receive: (alerts) => void this.#alertmanager?.receive(alerts),
    });
    this.#rules = createRuleManager({
      backend: this.#backend,
      store,
      reader: store,
      clock,
      logger,
      registry,
      alertSink: this.#notifier,
    });
    if (options.isWatching) this.#watcher = createWatcher(clock, () => this.#reloadChanged());
    registerSelfMetrics(registry, store, options);
  }

  async start(): Promise<void> {
    const { clock, logger, baseUrls, version, externalUrl } = this.#options;
    this.#listener = await listen(this.#options.listen);
    await this.#options.onListening?.(this.url);
    this.#status.externalUrl = (externalUrl ?? this.url).replace(/\/$/, "");
    this.#alertmanager = createAlertmanager({
      clock,
      logger,
      registry: this.#registry,
      sender: createHttpSender(),
      externalUrl: this.#status.externalUrl,
      random: Math.random,
      newId: randomUUID,
      baseUrls,
      version,
    });
    this.#api = await this.#createApi(this.#alertmanager);
    await this.#api.ready();
    this.#listener.serve(this.#api.routing);
    const outcome = await this.reload();
    if (!outcome.ok) throw new ConfigurationError(this.#status.problems());
    this.#truncateRegularly();
    this.#status.isReady = true;
  }

  get url(): string {
    return this.#listener?.url ?? "";
  }

  components(): readonly string[] {
    return this.#status.components().map(({ name, detail }) => `${name.padEnd(13)} ${detail}`);
  }

  problems(): readonly Problem[] {
    return this.#status.problems();
  }

  reload(): Promise<ReloadOutcome> {
    this.#reloading = this.#reloading.then(() => this.#reloadNow());
    return this.#reloading;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopNow();
    return this.#stopping;
  }

  async #stopNow(): Promise<void> {
    this.#status.isReady = false;
    this.#watcher?.stop();
    this.#cancelTruncate();
    // Upstream first: the last samples and alerts still find their way.
    await this.#scrape.stop();
    await this.#rules.stop();
    await Promise.all([this.#alertmanager?.stop(), this.#notifier.stop()]);
    await this.#listener?.close();
    await this.#api?.close();
    await this.#store.close();
  }

  async #reloadNow(): Promise<ReloadOutcome> {
    const { clock, logger } = this.#options;
    const address = this.url.replace(/^http:\/\//, "");
    const environment = {
      PYROMETER_URL: this.url,
      PYROMETER_ADDRESS: address,
      ...this.#options.environment,
    };
    const { configuration, problems, watched } = loadConfiguration(this.#options, environment);
    this.#watcher?.watch(watched);
    if (!configuration) {
      return this.#refuse(problems.filter(({ severity }) => severity === "error"));
    }
    const clash = this.#clashingJob(configuration);
    if (clash) return this.#refuse([clash]);
    const fault = this.#apply(configuration);
    if (fault) return this.#refuse([problemOf(fault, "error")]);
    this.#status.loaded(configuration, problems, clock.nowMs());
    logger.info("configuration loaded", { problemCount: problems.length });
    return { ok: true };
  }

  #refuse(errors: readonly Problem[]): ReloadOutcome {
    const { clock, logger } = this.#options;
    this.#status.failedReload(errors, clock.nowMs());
    logger.error("configuration not loaded", { errorCount: errors.length });
    return {
      ok: false,
      errors: errors.map(({ message, rendered }) => new Error(rendered ?? message)),
    };
  }

  /** Returns what is wrong with a template, having changed nothing; else all is applied. */
  #apply(configuration: Configuration): SourceError | undefined {
    const { prometheus, ruleFiles, alertmanager, templates } = configuration;
    const { externalLabels, evaluationIntervalMs } = prometheus.global;
    const override = this.#options.evaluationIntervalMs;
    // Downstream first, so that nothing produced by the new configuration meets the old one.
    try {
      this.#alertmanager?.apply(alertmanager, templates);
    } catch (error) {
      if (error instanceof SourceError) return error;
      throw error;
    }
    this.#notifier.apply(prometheus);
    this.#evaluationIntervalMs = override ?? evaluationIntervalMs;
    this.#rules.apply(ruleFiles, {
      evaluationIntervalMs: this.#evaluationIntervalMs,
      externalLabels,
      externalUrl: this.#status.externalUrl,
      ...(override === undefined ? {} : { intervalOverrideMs: override }),
    });
    this.#scrape.apply(this.#scrapeConfigs(configuration), {
      externalLabels,
      externalUrl: this.#status.externalUrl,
    });
    return undefined;
  }

  /** An extra target must not take the name of a job in the file: their series would mix. */
  #clashingJob({ prometheus }: Configuration): Problem | undefined {
    const names = new Set(prometheus.scrapeConfigs.map(({ jobName }) => jobName));
    const clash = this.#options.extraTargets?.find(({ job }) => names.has(job));
    if (!clash) return undefined;
    const message = `Cannot scrape "${clash.url}" as job "${clash.job}": prometheus.yml has a job of that name, choose another`;
    return { severity: "error", code: "server/job-clash", message };
  }

  #scrapeConfigs({ prometheus }: Configuration): ScrapeConfig[] {
    const { scrapeIntervalMs, extraTargets = [] } = this.#options;
    const { global, scrapeConfigs } = prometheus;
    const extra = extraScrapeConfigs(extraTargets, global.scrapeIntervalMs);
    const all = [...scrapeConfigs, ...extra];
    if (scrapeIntervalMs === undefined) return all;
    return all.map((config) => ({
      ...config,
      intervalMs: scrapeIntervalMs,
      timeoutMs: Math.min(config.timeoutMs, scrapeIntervalMs),
    }));
  }

  /** A changed file is read by itself; what is wrong with it stands in the log and on the page. */
  async #reloadChanged(): Promise<void> {
    this.#options.logger.info("a file changed, loading the configuration");
    await this.reload();
  }

  #truncateRegularly(): void {
    const { clock, retentionMs } = this.#options;
    this.#store.truncate(clock.nowMs() - retentionMs);
    this.#cancelTruncate = clock.setTimer(TRUNCATE_INTERVAL_MS, () => this.#truncateRegularly());
  }

  /** By which names a browser may reach us on loopback: what a proxy in front of us is called. */
  #ownNames(): string[] {
    return [new URL(this.#status.externalUrl).hostname, hostname().toLowerCase()];
  }

  #createApi(alertmanager: Alertmanager): Promise<FastifyInstance> {
    const { clock, logger, quit, webDir, demo, listen } = this.#options;
    return createApi({
      clock,
      logger,
      registry: this.#registry,
      backend: this.#backend,
      features: this.#features,
      reader: this.#store,
      store: this.#store,
      scrape: this.#scrape,
      rules: this.#rules,
      alertmanager,
      status: this.#status.view(() => this.#notifier.urls()),
      lifecycle: { reload: () => this.reload(), ...(quit ? { quit } : {}) },
      dashboards: this.#status.dashboards(),
      inbox: this.#inbox,
      allowedHosts: isLoopback(listen.host) ? this.#ownNames() : "any",
      ...(demo ? { demo } : {}),
      ...(webDir === undefined ? {} : { webDir }),
    });
  }
}

/** For measuring how long a query took: the wall clock may be set back. */
function nowMonotonicMs(): number {
  return performance.now();
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** A job of one static target, written as its section would be: the rest is Prometheus' defaults. */
function extraScrapeConfigs(
  targets: readonly ExtraTarget[],
  intervalMs: number,
): readonly ScrapeConfig[] {
  const sections = targets.map(({ job, url }) => ({
    job_name: job,
    scheme: url.protocol.replace(":", ""),
    metrics_path: url.pathname === "/" ? "/metrics" : url.pathname,
    params: Object.fromEntries(
      [...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]),
    ),
    static_configs: [{ targets: [url.host] }],
  }));
  const global = { scrape_interval: formatDuration(intervalMs) };
  // JSON is YAML.
  const text = JSON.stringify({ global, scrape_configs: sections });
  const source = { name: "--scrape-target", text };
  const { value, errors } = loadPrometheusConfig(source, {
    dir: "/",
    glob: () => [],
    readFile: () => "",
  });
  assert(value !== undefined, `BUG: ${errors.map(({ message }) => message).join("; ")}`);
  return value.scrapeConfigs;
}
