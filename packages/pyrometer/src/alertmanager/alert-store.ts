/**
 * Every alert that is firing, or has ended a short while ago. One instance outlives reloads.
 */
import type { Alert } from "./alert.ts";
import { isResolvedAt, mergeAlerts } from "./alert.ts";
import { ALERTS_MAX } from "./limits.ts";

export class AlertStore {
  readonly #alerts = new Map<string, Alert>();

  /**
   * Adds a report, merged with what is known when their times overlap. Returns the alert as it
   * now stands, or undefined when there is no room for another.
   */
  put(report: Alert, nowMs: number): Alert | undefined {
    const known = this.#alerts.get(report.fingerprint);
    if (known === undefined && this.#alerts.size >= ALERTS_MAX) return undefined;
    const alert = known && overlaps(known, report) ? mergeAlerts(known, report, nowMs) : report;
    this.#alerts.set(alert.fingerprint, alert);
    return alert;
  }

  all(): IterableIterator<Alert> {
    return this.#alerts.values();
  }

  /** Drops what has ended, and returns it. Groups that still have to say so keep their own. */
  collect(nowMs: number): Alert[] {
    const ended = [...this.#alerts.values()].filter((alert) => isResolvedAt(alert, nowMs));
    for (const { fingerprint } of ended) this.#alerts.delete(fingerprint);
    return ended;
  }
}

function overlaps(known: Alert, report: Alert): boolean {
  const isWithin = (timeMs: number) => known.startsAtMs < timeMs && timeMs < known.endsAtMs;
  return isWithin(report.endsAtMs) || isWithin(report.startsAtMs);
}
