/**
 * The way of a notification as a list of stages. Each passes on what is still to be sent; what it
 * holds back stays visible, with the reason.
 */
import type { NotifiedAlert } from "../alert.ts";

export type HoldReason =
  | "inhibited"
  | "silenced"
  | "outside-active-time"
  | "muted"
  | "already-sent";

export interface Held {
  readonly alert: NotifiedAlert;
  readonly reason: HoldReason;
  /** Who holds it: fingerprints, silence ids or names of time intervals. */
  readonly by: readonly string[];
}

/** Alerts on their way to one receiver. Those held back stay visible, with their reason. */
export interface Batch {
  readonly alerts: readonly NotifiedAlert[];
  readonly held: readonly Held[];
}

export interface StageContext {
  readonly nowMs: number;
  /** When sending gives up; the next flush tries again. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export type Stage = (batch: Batch, context: StageContext) => Batch | Promise<Batch>;

/** Runs `stages` in order until nothing is left to send. A throwing stage ends the run. */
export function pipeline(...stages: readonly Stage[]): Stage {
  return async (batch, context) => {
    let current = batch;
    for (const stage of stages) {
      if (current.alerts.length === 0) break;
      current = await stage(current, context);
    }
    return current;
  };
}

/** A stage that holds back the alerts for which `heldBy` names someone. */
export function holdBack(
  reason: HoldReason,
  heldBy: (alert: NotifiedAlert, nowMs: number) => readonly string[],
): Stage {
  return (batch, { nowMs }) => {
    const alerts: NotifiedAlert[] = [];
    const held: Held[] = [...batch.held];
    for (const alert of batch.alerts) {
      const by = heldBy(alert, nowMs);
      if (by.length > 0) held.push({ alert, reason, by });
      else alerts.push(alert);
    }
    return { alerts, held };
  };
}
