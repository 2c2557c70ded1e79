/**
 * All rule groups, and what a reload does to them: an unchanged group runs on undisturbed, a
 * changed one starts anew with the alerts and series of its old self, a removed one has its series
 * marked as ended.
 */
import type { Registry } from "@pyrometer/client";
import { Labels } from "../model/index.ts";
import type { CancelTimer, Clock, Logger } from "../std/index.ts";
import type { Appendable, QueryBackend, Reader } from "../storage/index.ts";
import { StorageError } from "../storage/index.ts";
import type { AlertSink } from "./alert-sink.ts";
import type { GroupDeps } from "./group-runner.ts";
import { GroupRunner } from "./group-runner.ts";
import type { RuleGroupConfig } from "./rule-config.ts";
import { createSampleWriter } from "./sample-writer.ts";
import { createSelfMetrics, removeSeries } from "./self-metrics.ts";
import type { ActiveAlert, RuleGroupStatus } from "./status.ts";

export interface RuleManagerDeps {
  readonly backend: QueryBackend;
  readonly store: Appendable;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly alertSink: AlertSink;
  readonly registry: Registry;
}

export interface RuleFileGroups {
  readonly path: string;
  readonly groups: readonly RuleGroupConfig[];
}

export interface RuleManagerOptions {
  /** For groups that set no interval of their own. */
  readonly evaluationIntervalMs: number;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** Overrides every interval, also those in the files. */
  readonly intervalOverrideMs?: number;
}

export interface RuleManager {
  /** Takes over a whole new set of rules. */
  apply(files: readonly RuleFileGroups[], options: RuleManagerOptions): void;
  groups(): readonly RuleGroupStatus[];
  /** Pending and firing. */
  alerts(): readonly ActiveAlert[];
  /** Ends all evaluations. Series get no end: a restart goes on with them. Idempotent. */
  stop(): Promise<void>;
}

export function createRuleManager(deps: RuleManagerDeps): RuleManager {
  return new Manager(deps);
}

/** A removed group's series end only after this many intervals: a renamed group may go on with them. */
const INTERVALS_BEFORE_END = 2;

class Manager implements RuleManager {
  readonly #deps: GroupDeps;
  #settings = { externalLabels: Labels.EMPTY, externalUrl: "" };
  #runners = new Map<string, GroupRunner>();
  /** Groups on their way out; stop() waits for them. */
  readonly #changing = new Set<Promise<void>>();
  readonly #endings = new Set<CancelTimer>();
  #isFirst = true;
  #isStopped = false;

  constructor({ store, registry, ...deps }: RuleManagerDeps) {
    this.#deps = {
      ...deps,
      writer: createSampleWriter(store),
      metrics: createSelfMetrics(registry),
      settings: () => this.#settings,
    };
  }

  apply(files: readonly RuleFileGroups[], options: RuleManagerOptions): void {
    if (this.#isStopped) return;
    const { externalLabels, externalUrl } = options;
    this.#settings = { externalLabels, externalUrl };
    const previous = this.#runners;
    this.#runners = new Map();
    for (const { path, groups } of files) {
      for (const config of groups) this.#applyGroup(config, path, { options, previous });
    }
    for (const [key, runner] of previous) if (!this.#runners.has(key)) this.#remove(runner);
    this.#isFirst = false;
  }

  groups(): readonly RuleGroupStatus[] {
    return [...this.#runners.values()].map((runner) => runner.status());
  }

  alerts(): readonly ActiveAlert[] {
    return this.groups()
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => (rule.kind === "alerting" ? rule.alerts : []));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const cancel of this.#endings) cancel();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    await Promise.all(this.#changing);
  }

  #applyGroup(
    config: RuleGroupConfig,
    file: string,
    { options, previous }: { options: RuleManagerOptions; previous: Map<string, GroupRunner> },
  ): void {
    const { intervalOverrideMs, evaluationIntervalMs } = options;
    const intervalMs = intervalOverrideMs ?? config.intervalMs ?? evaluationIntervalMs;
    const old = previous.get(`${file};${config.name}`);
    if (old && isUnchanged(old, config, intervalMs)) {
      this.#runners.set(old.key, old);
      return;
    }
    const restores = this.#isFirst;
    const runner = new GroupRunner({ config, file, intervalMs, restores }, this.#deps);
    this.#runners.set(runner.key, runner);
    if (old) runner.startAfter(old);
    else runner.start();
  }

  #remove(runner: GroupRunner): void {
    const removedMs = this.#deps.clock.nowMs();
    removeSeries(this.#deps.metrics, runner.key);
    this.#track(runner.stop());
    const cancel = this.#deps.clock.setTimer(runner.intervalMs * INTERVALS_BEFORE_END, () => {
      this.#endings.delete(cancel);
      this.#track(this.#endSeries(runner, removedMs));
    });
    this.#endings.add(cancel);
  }

  /** Dated back to the removal, so that it does not end what a renamed group has written since. */
  async #endSeries(runner: GroupRunner, removedMs: number): Promise<void> {
    const { writer, logger } = this.#deps;
    try {
      await writer.write({ timeMs: removedMs, samples: [], ended: runner.outputs() });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      logger.warn("could not mark the series of a removed group as ended", {
        group: runner.key,
        error: error.message,
      });
    }
  }

  #track(change: Promise<void>): void {
    const tracked = change.finally(() => this.#changing.delete(tracked));
    this.#changing.add(tracked);
  }
}

function isUnchanged(old: GroupRunner, config: RuleGroupConfig, intervalMs: number): boolean {
  return old.intervalMs === intervalMs && JSON.stringify(old.config) === JSON.stringify(config);
}
