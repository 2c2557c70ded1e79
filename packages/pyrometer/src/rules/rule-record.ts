import type { Rule } from "./compile-rule.ts";
import type { RuleMemory } from "./evaluate-rule.ts";
import { FOR_GRACE_MS } from "./limits.ts";

/** A rule and how it has been doing. */
export interface RuleRecord {
  readonly rule: Rule;
  memory: RuleMemory;
  health: "ok" | "err" | "unknown";
  lastError: string;
  lastEvaluationMs: number | undefined;
  lastDurationMs: number;
}

/** @param restores whether pending alerts of before a restart may be in the store */
export function newRecord(rule: Rule, restores: boolean): RuleRecord {
  const isWorthRestoring =
    restores && rule.kind === "alerting" && rule.config.forMs >= FOR_GRACE_MS;
  return {
    rule,
    memory: { output: new Map(), alerts: new Map(), isRestored: !isWorthRestoring },
    health: "unknown",
    lastError: "",
    lastEvaluationMs: undefined,
    lastDurationMs: 0,
  };
}

/** Whether a rule of before a reload is this one: its name and labels say so, as in Prometheus. */
export function isSameRule({ config: a }: Rule, { config: b }: Rule): boolean {
  const identity = ({ kind, name, labels }: Rule["config"]) =>
    JSON.stringify([kind, name, Object.entries(labels).sort()]);
  return identity(a) === identity(b);
}
