/**
 * Inhibition: while a source alert fires, its targets stay quiet.
 *
 * Each rule keeps its source alerts by the values of the `equal` labels, so that asking is one
 * look-up and not a walk over every alert.
 * Source: alertmanager inhibit.Inhibitor. It keeps one source per set of values and may overlook a
 * second; we keep all.
 */
import type { Labels } from "../../model/index.ts";
import type { Alert } from "../alert.ts";
import { isResolvedAt } from "../alert.ts";
import type { InhibitRule } from "../config/types.ts";
import { matchesLabels } from "../matchers/matcher.ts";

interface RuleState {
  readonly rule: InhibitRule;
  /** Source alerts by fingerprint, by the values of the `equal` labels. */
  readonly sources: Map<string, Map<string, Alert>>;
}

export class Inhibitor {
  readonly #rules: readonly RuleState[];

  constructor(rules: readonly InhibitRule[], alerts: Iterable<Alert>) {
    this.#rules = rules.map((rule) => ({ rule, sources: new Map() }));
    for (const alert of alerts) this.put(alert);
  }

  /** Takes an alert as it now stands; it may be a source. */
  put(alert: Alert): void {
    for (const { rule, sources } of this.#rules) {
      if (!matchesLabels(rule.sourceMatchers, alert.labels)) continue;
      const key = equalKey(rule, alert.labels);
      const known = sources.get(key) ?? new Map<string, Alert>();
      known.set(alert.fingerprint, alert);
      sources.set(key, known);
    }
  }

  /** Forgets an alert that is over. */
  drop(alert: Alert): void {
    for (const { rule, sources } of this.#rules) {
      const key = equalKey(rule, alert.labels);
      const known = sources.get(key);
      known?.delete(alert.fingerprint);
      if (known?.size === 0) sources.delete(key);
    }
  }

  /** The fingerprint of the first alert that holds `labels` back, or nothing. */
  inhibitedBy(labels: Labels, nowMs: number): string[] {
    for (const { rule, sources } of this.#rules) {
      if (!matchesLabels(rule.targetMatchers, labels)) continue;
      // One that matches both sides would inhibit itself, or two of them each other.
      const isTwoSided = matchesLabels(rule.sourceMatchers, labels);
      for (const source of sources.get(equalKey(rule, labels))?.values() ?? []) {
        if (isResolvedAt(source, nowMs)) continue;
        if (isTwoSided && matchesLabels(rule.targetMatchers, source.labels)) continue;
        return [source.fingerprint];
      }
    }
    return [];
  }
}

/** An absent label and an empty one are equal. */
function equalKey({ equal }: InhibitRule, labels: Labels): string {
  return JSON.stringify(equal.map((name) => labels.get(name)));
}
