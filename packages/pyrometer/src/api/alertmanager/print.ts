/** Alerts, groups and silences in the words of Alertmanager's API. */
import type { AlertGroup, GettableAlert, Silence } from "../../alertmanager/index.ts";
import { formatRfc3339 } from "../time.ts";

export function printAlert(alert: GettableAlert) {
  return {
    annotations: alert.annotations,
    endsAt: formatRfc3339(alert.endsAtMs),
    fingerprint: alert.fingerprint,
    receivers: alert.receivers.map((name) => ({ name })),
    startsAt: formatRfc3339(alert.startsAtMs),
    status: alert.status,
    updatedAt: formatRfc3339(alert.updatedAtMs),
    generatorURL: alert.generatorUrl,
    labels: alert.labels,
  };
}

export function printGroup({ alerts, labels, receiver }: AlertGroup) {
  return { alerts: alerts.map(printAlert), labels, receiver: { name: receiver } };
}

export function printSilence(silence: Silence) {
  return {
    id: silence.id,
    status: { state: silence.state },
    updatedAt: formatRfc3339(silence.updatedAtMs),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: formatRfc3339(silence.endsAtMs),
    matchers: silence.matchers,
    startsAt: formatRfc3339(silence.startsAtMs),
  };
}
