/** How far a fault has come on its way to a receiver: what the demo bar tells beside its switch. */
import type { InboxEntry, RuleGroup, Scenario } from "../api/types.ts";

export type Progress = "inactive" | "pending" | "firing" | "delivered";

export const PROGRESS_STEPS: readonly Progress[] = ["inactive", "pending", "firing", "delivered"];

export function progressOf(
  scenario: Scenario,
  groups: readonly RuleGroup[],
  inbox: readonly InboxEntry[],
): Progress {
  const states = groups
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.type === "alerting" && rule.name === scenario.expects)
    .map(({ state }) => state);
  if (states.includes("firing")) {
    return isDelivered(scenario, inbox) ? "delivered" : "firing";
  }
  return states.includes("pending") ? "pending" : "inactive";
}

/** The newest word of the alert at the inbox is that it fires, and came after the fault began. */
function isDelivered({ expects, startedMs = 0 }: Scenario, inbox: readonly InboxEntry[]): boolean {
  const newest = inbox.find(({ alerts }) =>
    alerts.some((alert) => alert.labels.alertname === expects),
  );
  if (!newest || newest.receivedMs < startedMs) return false;
  return newest.alerts.some(
    (alert) => alert.labels.alertname === expects && alert.status === "firing",
  );
}
