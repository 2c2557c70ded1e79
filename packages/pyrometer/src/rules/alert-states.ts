/**
 * The life of alerts: inactive → pending (for `for`) → firing (kept for `keep_firing_for`) →
 * resolved, remembered a while so that word of it gets out. Pure: old alerts in, new alerts out.
 *
 * Source: Prometheus rules/alerting.go, AlertingRule.Eval
 */
import type { FloatHistogram, Labels } from "../model/index.ts";
import { MS_PER_SECOND } from "../std/index.ts";
import { RESEND_DELAY_MS, RESOLVED_RETENTION_MS, VALIDITY_FACTOR } from "./limits.ts";
import type { AlertingRuleConfig } from "./rule-config.ts";

type Texts = Readonly<Record<string, string>>;

/** One series of an alerting rule's result, its labels and annotations filled in. */
export interface AlertResult {
  /** With alertname, without a metric name. Identifies the alert. */
  readonly labels: Labels;
  readonly annotations: Texts;
  readonly value: number;
}

export interface AlertState extends AlertResult {
  readonly state: "pending" | "firing" | "inactive";
  /** Since when its expression gives a result. */
  readonly activeAtMs: number;
  readonly firedAtMs: number | undefined;
  readonly resolvedAtMs: number | undefined;
  readonly keepFiringSinceMs: number | undefined;
  readonly lastSentMs: number | undefined;
}

/** By labels key. */
export type AlertStates = ReadonlyMap<string, AlertState>;

type Timing = Pick<AlertingRuleConfig, "forMs" | "keepFiringForMs">;

/** @param results by labels key */
export function advanceAlerts(
  before: AlertStates,
  results: ReadonlyMap<string, AlertResult>,
  { evalMs, timing }: { readonly evalMs: number; readonly timing: Timing },
): Map<string, AlertState> {
  const after = new Map<string, AlertState>();
  for (const [key, alert] of before) {
    const result = results.get(key);
    const next = result
      ? stillActive(alert, result, evalMs)
      : gone(alert, evalMs, timing.keepFiringForMs);
    if (next) after.set(key, fireWhenDue(next, evalMs, timing.forMs));
  }
  for (const [key, result] of results) {
    if (!before.has(key))
      after.set(key, fireWhenDue(started(result, evalMs), evalMs, timing.forMs));
  }
  return after;
}

function started(result: AlertResult, evalMs: number): AlertState {
  return {
    ...result,
    state: "pending",
    activeAtMs: evalMs,
    firedAtMs: undefined,
    resolvedAtMs: undefined,
    keepFiringSinceMs: undefined,
    lastSentMs: undefined,
  };
}

function stillActive(alert: AlertState, result: AlertResult, evalMs: number): AlertState {
  if (alert.state === "inactive") return started(result, evalMs); // a new life
  const { annotations, value } = result;
  return { ...alert, annotations, value, keepFiringSinceMs: undefined };
}

/** The expression no longer gives this alert. undefined: forget it. */
function gone(alert: AlertState, evalMs: number, keepFiringForMs: number): AlertState | undefined {
  switch (alert.state) {
    case "pending":
      return undefined;
    case "firing": {
      const keepFiringSinceMs =
        keepFiringForMs > 0 ? (alert.keepFiringSinceMs ?? evalMs) : undefined;
      const isKept =
        keepFiringSinceMs !== undefined && evalMs - keepFiringSinceMs < keepFiringForMs;
      if (isKept) return { ...alert, keepFiringSinceMs };
      return { ...alert, state: "inactive", resolvedAtMs: evalMs, keepFiringSinceMs };
    }
    case "inactive":
      return evalMs - (alert.resolvedAtMs ?? evalMs) > RESOLVED_RETENTION_MS ? undefined : alert;
  }
}

function fireWhenDue(alert: AlertState, evalMs: number, forMs: number): AlertState {
  if (alert.state !== "pending" || evalMs - alert.activeAtMs < forMs) return alert;
  return { ...alert, state: "firing", firedAtMs: evalMs };
}

export interface SynthesizedSample {
  readonly labels: Labels;
  readonly value: number;
  /** Written instead of the value when there is one. */
  readonly histogram?: FloatHistogram | undefined;
}

/** The series ALERTS and ALERTS_FOR_STATE of every pending and firing alert. */
export function alertSamples(alerts: AlertStates): SynthesizedSample[] {
  const samples: SynthesizedSample[] = [];
  for (const { labels, state, activeAtMs } of alerts.values()) {
    if (state === "inactive") continue;
    samples.push({ labels: labels.with({ __name__: "ALERTS", alertstate: state }), value: 1 });
    samples.push({
      labels: labels.with({ __name__: "ALERTS_FOR_STATE" }),
      value: Math.floor(activeAtMs / MS_PER_SECOND),
    });
  }
  return samples;
}

export interface DueAlerts {
  /** The same alerts, those due marked as sent now. */
  readonly alerts: Map<string, AlertState>;
  readonly due: readonly AlertState[];
}

/** Firing and resolved alerts that Alertmanager should hear of (again). */
export function takeDueAlerts(alerts: AlertStates, evalMs: number): DueAlerts {
  const marked = new Map(alerts);
  const due: AlertState[] = [];
  for (const [key, alert] of alerts) {
    if (!needsSending(alert, evalMs)) continue;
    const sent = { ...alert, lastSentMs: evalMs };
    marked.set(key, sent);
    due.push(sent);
  }
  return { alerts: marked, due };
}

function needsSending({ state, resolvedAtMs, lastSentMs }: AlertState, evalMs: number): boolean {
  if (state === "pending") return false;
  if (lastSentMs === undefined) return true;
  if (resolvedAtMs !== undefined && resolvedAtMs > lastSentMs) return true;
  return lastSentMs + RESEND_DELAY_MS < evalMs;
}

/** When a sent alert ends by itself if we fall silent: room for some failed sends. */
export function validUntilMs(evalMs: number, intervalMs: number): number {
  return evalMs + VALIDITY_FACTOR * Math.max(intervalMs, RESEND_DELAY_MS);
}
