/** All scrape jobs: what the server starts, reloads, asks and stops. */
import type { Registry } from "@pyrometer/client";
import { Labels } from "../model/index.ts";
import type { Clock, Logger } from "../std/index.ts";
import type { Appendable } from "../storage/index.ts";
import type { ScrapeConfig } from "./config/types.ts";
import type { DiscoveryFiles } from "./discovery/discovery.ts";
import type { ScrapeFetcher } from "./fetcher.ts";
import { PROBLEMS_PER_JOB_MAX } from "./limits.ts";
import type { ScrapeLoop } from "./loop/scrape-loop.ts";
import { phaseOf } from "./phase.ts";
import type { ScrapeProblem } from "./problem.ts";
import type { PoolDeps } from "./scrape-pool.ts";
import { ScrapePool } from "./scrape-pool.ts";
import { createSelfMetrics } from "./self-metrics.ts";

export interface ScrapeManagerDeps {
  readonly store: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Closed by stop(). */
  readonly fetcher: ScrapeFetcher;
  readonly files: DiscoveryFiles;
  readonly registry: Registry;
  /** Uniform in [0, 1). Moves this server's scrapes against those of its twins. */
  readonly random: () => number;
}

export interface ApplyOptions {
  readonly externalLabels: Labels;
  /** How others reach this server; its host replaces "localhost" in a target's globalUrl. */
  readonly externalUrl?: string;
}

export interface ScrapeManager {
  /**
   * Makes `configs` the jobs. A job that did not change keeps its loops, what they know of their
   * series, and its discoveries; any other ends with staleness markers and starts anew.
   */
  apply(configs: readonly ScrapeConfig[], options: ApplyOptions): void;
  /** Ordered by job, then labels. */
  targets(): {
    readonly active: readonly ActiveTarget[];
    readonly dropped: readonly DroppedTarget[];
  };
  metadata(): readonly MetricMetadata[];
  /** What keeps targets from being scraped as meant; empty when all is well. */
  problems(): readonly ScrapeProblem[];
  /** Breaks off running scrapes and ends all series with staleness markers. Idempotent. */
  stop(): Promise<void>;
}

export interface ActiveTarget {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  /** As scrapeUrl, with a host that others can use where it names this machine. */
  readonly globalUrl: string;
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly health: "up" | "down" | "unknown";
  /** Of the last scrape; "" when it went well. */
  readonly lastError: string;
  /** Unix milliseconds; undefined before the first scrape. */
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export interface DroppedTarget {
  readonly scrapePool: string;
  readonly discoveredLabels: Labels;
}

export interface MetricMetadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
  /** Labels of the target that told it. */
  readonly target: Labels;
}

export function createScrapeManager(deps: ScrapeManagerDeps): ScrapeManager {
  return new Manager(deps);
}

interface Job {
  readonly pool: ScrapePool;
  /** The job's settings but for its discoveries, which may change under a running pool. */
  readonly key: string;
}

class Manager implements ScrapeManager {
  readonly #deps: PoolDeps;
  readonly #jobs = new Map<string, Job>();
  readonly #ending = new Set<Promise<void>>();
  readonly #seed: number;
  #options: ApplyOptions = { externalLabels: Labels.EMPTY };

  constructor({ registry, random, ...deps }: ScrapeManagerDeps) {
    this.#seed = random();
    this.#deps = {
      ...deps,
      metrics: createSelfMetrics(registry),
      phaseOf: (target) =>
        phaseOf(`${this.#seed} ${this.#options.externalLabels.key} ${target.id}`),
    };
  }

  apply(configs: readonly ScrapeConfig[], options: ApplyOptions): void {
    this.#options = options;
    const keys = new Map(configs.map((config) => [config.jobName, keyOf(config)]));
    for (const [name, { pool, key }] of this.#jobs) {
      if (keys.get(name) !== key) this.#end(name, pool);
    }
    for (const config of configs) {
      const { jobName, discoveries } = config;
      const job = this.#jobs.get(jobName) ?? {
        pool: new ScrapePool(config, this.#deps),
        key: keyOf(config),
      };
      this.#jobs.set(jobName, job);
      job.pool.setDiscoveries(discoveries);
    }
  }

  targets() {
    const pools = this.#pools();
    return {
      active: pools.flatMap((pool) =>
        pool.loops().map((loop) => toActiveTarget(pool.jobName, loop, this.#options.externalUrl)),
      ),
      dropped: pools.flatMap((pool) =>
        pool.dropped().map((discoveredLabels) => ({ scrapePool: pool.jobName, discoveredLabels })),
      ),
    };
  }

  metadata(): MetricMetadata[] {
    return this.#pools()
      .flatMap((pool) => pool.loops())
      .flatMap((loop) =>
        loop.metadata().map((entry) => ({ ...entry, target: loop.target.labels })),
      );
  }

  problems(): ScrapeProblem[] {
    const pools = this.#pools();
    return [...pools.flatMap((pool) => pool.problems()), ...sharedLabelProblems(pools)];
  }

  async stop(): Promise<void> {
    for (const [name, { pool }] of this.#jobs) this.#end(name, pool);
    await Promise.all(this.#ending);
    await this.#deps.fetcher.close?.();
  }

  #pools(): ScrapePool[] {
    return [...this.#jobs.values()]
      .map(({ pool }) => pool)
      .sort((a, b) => (a.jobName < b.jobName ? -1 : 1));
  }

  #end(name: string, pool: ScrapePool): void {
    this.#jobs.delete(name);
    const ending = pool.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

function keyOf(config: ScrapeConfig): string {
  return JSON.stringify({ ...config, discoveries: undefined });
}

/** Targets of different jobs that carry the same labels write the same series, one over the other. */
function sharedLabelProblems(pools: readonly ScrapePool[]): ScrapeProblem[] {
  const ownerByLabels = new Map<string, string>();
  const problems: ScrapeProblem[] = [];
  for (const pool of pools) {
    for (const { target } of pool.loops()) {
      const owner = ownerByLabels.get(target.labels.key);
      ownerByLabels.set(target.labels.key, owner ?? target.url);
      if (owner === undefined || problems.length === PROBLEMS_PER_JOB_MAX) continue;
      problems.push({
        severity: "warning",
        code: "scrape/duplicate-target",
        job: pool.jobName,
        message: `Cannot tell ${target.url} from ${owner}: both have the labels ${target.labels}, expected labels that differ`,
      });
    }
  }
  return problems;
}

function toActiveTarget(
  scrapePool: string,
  loop: ScrapeLoop,
  externalUrl: string | undefined,
): ActiveTarget {
  const { url, labels, discoveredLabels, intervalMs, timeoutMs } = loop.target;
  return {
    scrapePool,
    scrapeUrl: url,
    globalUrl: globalUrlOf(url, externalUrl),
    labels,
    discoveredLabels,
    intervalMs,
    timeoutMs,
    ...loop.status(),
  };
}

function globalUrlOf(url: string, externalUrl: string | undefined): string {
  if (externalUrl === undefined || !URL.canParse(externalUrl)) return url;
  const [, before = "", host = "", after = ""] =
    /^(\w+:\/\/)(localhost|127\.0\.0\.1|\[::1\])(.*)$/s.exec(url) ?? [];
  return host === "" ? url : before + new URL(externalUrl).hostname + after;
}
