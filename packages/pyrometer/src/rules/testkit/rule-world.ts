/** A rule manager on a virtual clock with a scripted backend, for timelines in tests. */
import { createRegistry } from "@pyrometer/client";
import { createMatcher, isStale, Labels } from "../../model/index.ts";
import { silentLogger, VirtualClock } from "../../std/index.ts";
import type { InstantQuery, QueryBackend, VectorValue } from "../../storage/index.ts";
import { createSampleBuffer, MemoryStore, QueryError } from "../../storage/index.ts";
import type { OutgoingAlert } from "../alert-sink.ts";
import type { AlertingRuleConfig, RecordingRuleConfig, RuleGroupConfig } from "../rule-config.ts";
import type { RuleManagerOptions } from "../rule-manager.ts";
import { createRuleManager } from "../rule-manager.ts";
import { alignedMs } from "../schedule.ts";

/** What a query gives at a time: label sets and values, or an error. */
export type Answer = (timeMs: number) => readonly (readonly [Record<string, string>, number])[];

export type SampleText = readonly [secondsAfterStart: number, value: number | "stale"];

export const INTERVAL_MS = 10_000;

export class RuleWorld {
  readonly clock: VirtualClock;
  readonly store = new MemoryStore();
  readonly registry = createRegistry();
  /** By query text. One that is not here is a bad query. */
  readonly answers = new Map<string, Answer>();
  readonly queries: { expr: string; timeMs: number }[] = [];
  readonly sent: { atMs: number; alerts: readonly OutgoingAlert[] }[] = [];
  readonly manager;
  /** The first evaluation of group "g" in "f.yml" when applied at the start. */
  readonly startMs: number;

  constructor({ backend, store }: { backend?: QueryBackend; store?: MemoryStore } = {}) {
    const nowMs = Date.UTC(2026, 0, 1);
    this.clock = new VirtualClock(nowMs);
    if (store) this.store = store;
    this.startMs = alignedMs(nowMs, INTERVAL_MS, "f.yml;g") + INTERVAL_MS;
    this.manager = createRuleManager({
      backend: backend ?? { instant: (query) => this.#answer(query), range: () => neverAsked() },
      store: this.store,
      reader: this.store,
      clock: this.clock,
      logger: silentLogger,
      registry: this.registry,
      alertSink: {
        send: (alerts) => this.sent.push({ atMs: this.clock.nowMs(), alerts }),
      },
    });
  }

  apply(groups: readonly RuleGroupConfig[], options: Partial<RuleManagerOptions> = {}): void {
    this.manager.apply([{ path: "f.yml", groups }], {
      evaluationIntervalMs: INTERVAL_MS,
      externalLabels: Labels.from({ cluster: "c1" }),
      externalUrl: "http://pyrometer.example/p/",
      ...options,
    });
  }

  /** Moves to `seconds` after the first evaluation, which is done then. */
  at(seconds: number): Promise<void> {
    return this.clock.advance(this.startMs + seconds * 1000 - this.clock.nowMs());
  }

  /** All samples of the series with this name and these labels, times in seconds after the start. */
  async samples(name: string, labels: Record<string, string> = {}): Promise<SampleText[]> {
    const view = await this.store.open(0, Number.MAX_SAFE_INTEGER);
    const matchers = Object.entries({ ...labels, __name__: name });
    const found = [...view.select(matchers.map(([key, value]) => createMatcher(key, "=", value)))];
    const buffer = createSampleBuffer(1000);
    return found.flatMap((cursor) => {
      const count = cursor.read(-1, Number.MAX_SAFE_INTEGER, buffer);
      return Array.from({ length: count }, (_, i): SampleText => {
        const value = buffer.values[i]!;
        const seconds = (buffer.timesMs[i]! - this.startMs) / 1000;
        return [seconds, isStale(value) ? "stale" : value];
      });
    });
  }

  #answer({ expr, timeMs }: InstantQuery) {
    this.queries.push({ expr, timeMs });
    const answer = this.answers.get(expr);
    if (!answer) return Promise.reject(new QueryError("execution", `no answer to ${expr}`));
    return Promise.resolve({ value: vector(answer(timeMs), timeMs), annotations: [] });
  }
}

function vector(rows: ReturnType<Answer>, timeMs: number): VectorValue {
  return {
    kind: "vector",
    timeMs,
    labels: rows.map(([labels]) => Labels.from(labels)),
    values: Float64Array.from(rows, ([, value]) => value),
  };
}

function neverAsked(): never {
  throw new Error("BUG: rules never ask for a range");
}

export function group(
  rules: RuleGroupConfig["rules"],
  more: Partial<RuleGroupConfig> = {},
): RuleGroupConfig {
  return { name: "g", intervalMs: undefined, queryOffsetMs: 0, limit: 0, rules, ...more };
}

export function recording(
  name: string,
  expr: string,
  labels: Record<string, string> = {},
): RecordingRuleConfig {
  return { kind: "recording", name, expr, labels };
}

export function alerting(
  name: string,
  expr: string,
  more: Partial<AlertingRuleConfig> = {},
): AlertingRuleConfig {
  return {
    kind: "alerting",
    name,
    expr,
    forMs: 0,
    keepFiringForMs: 0,
    labels: {},
    annotations: {},
    ...more,
  };
}
