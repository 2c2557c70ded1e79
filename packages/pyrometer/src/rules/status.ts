/** How rules are doing, for the API and the web. */
import type { Labels } from "../model/index.ts";
import type { AlertStates } from "./alert-states.ts";
import type { RuleRecord } from "./rule-record.ts";

type Texts = Readonly<Record<string, string>>;

export interface RuleGroupStatus {
  readonly name: string;
  readonly file: string;
  readonly intervalMs: number;
  /** 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly RuleStatus[];
  readonly lastEvaluationMs: number | undefined;
  readonly lastDurationMs: number;
}

interface RuleStatusBase {
  readonly name: string;
  readonly query: string;
  readonly labels: Texts;
  readonly health: "ok" | "err" | "unknown";
  /** "" while it is well. */
  readonly lastError: string;
  readonly lastEvaluationMs: number | undefined;
  readonly lastDurationMs: number;
}

export interface RecordingRuleStatus extends RuleStatusBase {
  readonly kind: "recording";
}

export interface AlertingRuleStatus extends RuleStatusBase {
  readonly kind: "alerting";
  /** Of its alerts the most urgent; "unknown" before the first evaluation. */
  readonly state: "inactive" | "pending" | "firing" | "unknown";
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Templates, as written. */
  readonly annotations: Texts;
  readonly alerts: readonly ActiveAlert[];
}

export type RuleStatus = RecordingRuleStatus | AlertingRuleStatus;

export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Texts;
  readonly state: "pending" | "firing";
  readonly activeAtMs: number;
  readonly keepFiringSinceMs: number | undefined;
  readonly value: number;
}

export function groupStatus(
  records: readonly RuleRecord[],
  group: Omit<RuleGroupStatus, "rules">,
): RuleGroupStatus {
  return { ...group, rules: records.map(ruleStatus) };
}

function ruleStatus(record: RuleRecord): RuleStatus {
  const { config } = record.rule;
  const shared = {
    name: config.name,
    query: config.expr,
    labels: config.labels,
    health: record.health,
    lastError: record.lastError,
    lastEvaluationMs: record.lastEvaluationMs,
    lastDurationMs: record.lastDurationMs,
  };
  if (config.kind === "recording") return { ...shared, kind: "recording" };
  const alerts = activeAlerts(record.memory.alerts);
  return {
    ...shared,
    kind: "alerting",
    state: record.lastEvaluationMs === undefined ? "unknown" : mostUrgent(alerts),
    forMs: config.forMs,
    keepFiringForMs: config.keepFiringForMs,
    annotations: config.annotations,
    alerts,
  };
}

function activeAlerts(alerts: AlertStates): ActiveAlert[] {
  const active: ActiveAlert[] = [];
  for (const { labels, annotations, state, value, ...times } of alerts.values()) {
    if (state === "inactive") continue;
    const { activeAtMs, keepFiringSinceMs } = times;
    active.push({ labels, annotations, state, activeAtMs, keepFiringSinceMs, value });
  }
  return active;
}

function mostUrgent(alerts: readonly ActiveAlert[]): "inactive" | "pending" | "firing" {
  if (alerts.some(({ state }) => state === "firing")) return "firing";
  return alerts.length > 0 ? "pending" : "inactive";
}
