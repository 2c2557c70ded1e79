/**
 * One rule group at work: evaluated on its interval, rules in file order, each seeing what the one
 * above it just wrote. A failing rule does not stop the next.
 *
 * Source: Prometheus rules/group.go
 */

import type { Labels } from "../model/index.ts";
import type { CancelTimer, Clock, Logger } from "../std/index.ts";
import { formatDuration, MS_PER_SECOND } from "../std/index.ts";
import type { QueryBackend, QueryValue, Reader } from "../storage/index.ts";
import { escapeQuery } from "../template/index.ts";
import type { AlertSink, OutgoingAlert } from "./alert-sink.ts";
import type { AlertState } from "./alert-states.ts";
import { validUntilMs } from "./alert-states.ts";
import type { Rule } from "./compile-rule.ts";
import { compileRule } from "./compile-rule.ts";
import type { RuleReport } from "./evaluate-rule.ts";
import { evaluateRule } from "./evaluate-rule.ts";
import { QUERY_TIMEOUT_MS } from "./limits.ts";
import { restoreAlerts } from "./restore.ts";
import type { RuleGroupConfig } from "./rule-config.ts";
import type { RuleRecord } from "./rule-record.ts";
import { isSameRule, newRecord } from "./rule-record.ts";
import type { SampleWriter } from "./sample-writer.ts";
import { alignedMs, nextEvaluation } from "./schedule.ts";
import type { SelfMetrics } from "./self-metrics.ts";
import { startSeries } from "./self-metrics.ts";
import type { RuleGroupStatus } from "./status.ts";
import { groupStatus } from "./status.ts";

export interface GroupDeps {
  readonly backend: QueryBackend;
  readonly writer: SampleWriter;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly alertSink: AlertSink;
  readonly metrics: SelfMetrics;
  /** May change with a reload while the group runs on. */
  settings(): { readonly externalLabels: Labels; readonly externalUrl: string };
}

export interface GroupOptions {
  readonly config: RuleGroupConfig;
  readonly file: string;
  readonly intervalMs: number;
  /** Started with the server: pending alerts of before may be in the store. */
  readonly restores: boolean;
}

/** Evaluations after which pending alerts are restored: until then data may be too young. */
const EVALUATIONS_BEFORE_RESTORE = 2;

export class GroupRunner {
  readonly key: string;
  readonly config: RuleGroupConfig;
  readonly file: string;
  readonly intervalMs: number;
  readonly records: readonly RuleRecord[];
  readonly #deps: GroupDeps;
  readonly #stopping = new AbortController();
  /** Series of rules that a reload took away, to be marked as ended with the next evaluation. */
  #orphans: Labels[] = [];
  #cancelTimer: CancelTimer = () => {};
  #running: Promise<void> = Promise.resolve();
  #evaluationCount = 0;
  #lastEvaluationMs: number | undefined;
  #lastDurationMs = 0;

  constructor({ config, file, intervalMs, restores }: GroupOptions, deps: GroupDeps) {
    this.key = `${file};${config.name}`;
    this.config = config;
    this.file = file;
    this.intervalMs = intervalMs;
    this.#deps = deps;
    this.records = config.rules.map((rule) => newRecord(compileRule(rule), restores));
    startSeries(deps.metrics, this.key);
    deps.metrics.rules.labels({ rule_group: this.key }).set(this.records.length);
    deps.metrics.interval.labels({ rule_group: this.key }).set(intervalMs / MS_PER_SECOND);
  }

  /** Waits for its first time slot, at most one interval away. */
  start(): void {
    const nowMs = this.#deps.clock.nowMs();
    const evalMs = alignedMs(nowMs, this.intervalMs, this.key) + this.intervalMs;
    this.#schedule(evalMs, evalMs - nowMs);
  }

  /** Goes on where `old`, the same group before a reload, stops. */
  startAfter(old: GroupRunner): void {
    // Through #running, so that a stop() in between waits for the state to have changed hands.
    this.#running = old.stop().then(() => {
      this.#takeOver(old);
      this.start();
    });
  }

  /** Resolves when nothing of it runs any more. Writes no end to its series: see outputs(). */
  stop(): Promise<void> {
    this.#cancelTimer();
    this.#stopping.abort();
    return this.#running;
  }

  /** What its rules wrote last. */
  outputs(): Labels[] {
    const written = this.records.flatMap(({ memory }) => [...memory.output.values()]);
    return [...written, ...this.#orphans];
  }

  #takeOver(old: GroupRunner): void {
    const unclaimed = [...old.records];
    for (const record of this.records) {
      const index = unclaimed.findIndex((other) => isSameRule(record.rule, other.rule));
      const [other] = index === -1 ? [] : unclaimed.splice(index, 1);
      if (!other) continue;
      const { rule: _rule, ...state } = other;
      Object.assign(record, state);
    }
    const left = unclaimed.flatMap(({ memory }) => [...memory.output.values()]);
    this.#orphans = [...old.#orphans, ...left];
    this.#evaluationCount = old.#evaluationCount;
    this.#lastEvaluationMs = old.#lastEvaluationMs;
    this.#lastDurationMs = old.#lastDurationMs;
  }

  status(): RuleGroupStatus {
    const { name, limit } = this.config;
    return groupStatus(this.records, {
      name,
      file: this.file,
      limit,
      intervalMs: this.intervalMs,
      lastEvaluationMs: this.#lastEvaluationMs,
      lastDurationMs: this.#lastDurationMs,
    });
  }

  #schedule(evalMs: number, delayMs: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#cancelTimer = this.#deps.clock.setTimer(delayMs, () => {
      this.#running = this.#iterate(evalMs);
    });
  }

  async #iterate(evalMs: number): Promise<void> {
    const { clock, logger, metrics } = this.#deps;
    try {
      await this.evaluate(evalMs);
    } catch (error) {
      // Ours to fix. The other groups, and this one's next try, go on.
      logger.error("a rule group failed", { group: this.key, error });
    }
    const next = nextEvaluation(evalMs, clock.nowMs(), {
      intervalMs: this.intervalMs,
      groupKey: this.key,
    });
    metrics.iterations.labels({ rule_group: this.key }).inc(1 + next.missedCount);
    metrics.iterationsMissed.labels({ rule_group: this.key }).inc(next.missedCount);
    this.#schedule(next.evalMs, next.delayMs);
  }

  /** Every rule once, in file order. For callers that keep time themselves: start() does otherwise. */
  async evaluate(evalMs: number): Promise<void> {
    const { clock, metrics } = this.#deps;
    const startMs = clock.nowMs();
    let storedCount = 0;
    for (const record of this.records) {
      storedCount += await this.#evaluateRecord(record, evalMs);
      if (this.#stopping.signal.aborted) return;
    }
    await this.#endOrphans(evalMs);
    this.#evaluationCount += 1;
    if (this.#evaluationCount >= EVALUATIONS_BEFORE_RESTORE) await this.#restore();
    this.#lastEvaluationMs = evalMs;
    this.#lastDurationMs = clock.nowMs() - startMs;
    const labels = { rule_group: this.key };
    metrics.lastEvaluation.labels(labels).set(evalMs / MS_PER_SECOND);
    metrics.lastDuration.labels(labels).set(this.#lastDurationMs / MS_PER_SECOND);
    metrics.lastSamples.labels(labels).set(storedCount);
  }

  /** @returns how many samples it stored */
  async #evaluateRecord(record: RuleRecord, evalMs: number): Promise<number> {
    const { clock, metrics, writer } = this.#deps;
    const { externalLabels, externalUrl } = this.#deps.settings();
    const startMs = clock.nowMs();
    const report = await evaluateRule(record.rule, {
      evalMs,
      queryOffsetMs: this.config.queryOffsetMs,
      limit: this.config.limit,
      before: record.memory,
      deps: {
        externalLabels,
        externalUrl,
        writer,
        query: (expr, timeMs) => this.#query(expr, timeMs),
      },
    });
    if (this.#stopping.signal.aborted) return 0; // cut short: what it found is no news
    const labels = { rule_group: this.key };
    metrics.evaluations.labels(labels).inc();
    metrics.rejectedSamples.labels(labels).inc(report.written.rejectedCount);
    metrics.templateFailures.labels(labels).inc(report.templateErrors.length);
    if (report.error) metrics.failures.labels(labels).inc();
    this.#note(record, report, { evalMs, durationMs: clock.nowMs() - startMs });
    this.#send(record.rule, report.due, evalMs);
    return report.written.storedCount;
  }

  async #query(expr: string, timeMs: number): Promise<QueryValue> {
    const { signal } = this.#stopping;
    const query = { expr, timeMs, signal, timeoutMs: QUERY_TIMEOUT_MS };
    return (await this.#deps.backend.instant(query)).value;
  }

  #note(
    record: RuleRecord,
    { output, alerts, error, templateErrors }: RuleReport,
    { evalMs, durationMs }: { readonly evalMs: number; readonly durationMs: number },
  ): void {
    const lastError = error?.message ?? "";
    if (error && lastError !== record.lastError) {
      const rule = record.rule.config.name;
      this.#deps.logger.warn("a rule failed", { group: this.key, rule, error: lastError });
    }
    for (const { message } of templateErrors) {
      const rule = record.rule.config.name;
      this.#deps.logger.debug("a template failed", { group: this.key, rule, error: message });
    }
    record.memory = { ...record.memory, output, alerts };
    record.health = error ? "err" : "ok";
    record.lastError = lastError;
    record.lastEvaluationMs = evalMs;
    record.lastDurationMs = durationMs;
  }

  #send({ config }: Rule, due: readonly AlertState[], evalMs: number): void {
    if (due.length === 0) return;
    const base = this.#deps.settings().externalUrl.replace(/\/+$/, "");
    const generatorUrl = `${base}/graph?g0.expr=${escapeQuery(config.expr)}&g0.tab=1`;
    const validMs = validUntilMs(evalMs, this.intervalMs);
    const outgoing = due.map(
      ({ labels, annotations, firedAtMs, activeAtMs, resolvedAtMs }): OutgoingAlert => ({
        labels,
        annotations,
        startsAtMs: firedAtMs ?? activeAtMs,
        endsAtMs: resolvedAtMs ?? validMs,
        generatorUrl,
      }),
    );
    this.#deps.alertSink.send(outgoing);
  }

  async #endOrphans(evalMs: number): Promise<void> {
    if (this.#orphans.length === 0) return;
    const current = new Set(this.records.flatMap(({ memory }) => [...memory.output.keys()]));
    const ended = this.#orphans.filter(({ key }) => !current.has(key));
    this.#orphans = [];
    const timeMs = evalMs - this.config.queryOffsetMs;
    await this.#deps.writer.write({ timeMs, samples: [], ended });
  }

  async #restore(): Promise<void> {
    const { reader, clock, logger } = this.#deps;
    for (const record of this.records) {
      if (record.memory.isRestored || record.rule.kind !== "alerting") continue;
      const { config } = record.rule;
      const { memory } = record;
      const alerts = await restoreAlerts(memory.alerts, config, { reader, nowMs: clock.nowMs() });
      record.memory = { ...memory, alerts, isRestored: true };
      const forText = formatDuration(config.forMs);
      logger.debug("alerts restored", { rule: config.name, for: forText, count: alerts.size });
    }
  }
}
