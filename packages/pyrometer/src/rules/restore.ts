/**
 * Pending alerts survive a restart: ALERTS_FOR_STATE holds since when each was active.
 *
 * An alert that was firing fires again at once. One that was pending goes on where it stood, the
 * time away not counted, and waits at least FOR_GRACE_MS: nobody knows what happened meanwhile.
 * Source: Prometheus rules/group.go, RestoreForState
 */
import { createMatcher, isStale, METRIC_NAME } from "../model/index.ts";
import { MS_PER_SECOND } from "../std/index.ts";
import type { Reader, SeriesCursor } from "../storage/index.ts";
import { createSampleBuffer } from "../storage/index.ts";
import type { AlertState, AlertStates } from "./alert-states.ts";
import { FOR_GRACE_MS, OUTAGE_TOLERANCE_MS } from "./limits.ts";
import type { AlertingRuleConfig } from "./rule-config.ts";

interface LastSample {
  readonly timeMs: number;
  readonly value: number;
}

/** @throws {StorageError} */
export async function restoreAlerts(
  alerts: AlertStates,
  { name, forMs }: AlertingRuleConfig,
  { reader, nowMs }: { readonly reader: Reader; readonly nowMs: number },
): Promise<AlertStates> {
  if (alerts.size === 0) return alerts;
  const lastByKey = await readLastSamples(reader, name, nowMs);
  const restored = new Map<string, AlertState>();
  for (const [key, alert] of alerts) {
    const last = lastByKey.get(key);
    restored.set(key, last ? restoreAlert(alert, last, { forMs, nowMs }) : alert);
  }
  return restored;
}

/** By the key of the alert's labels. Series that ended properly are left out. */
async function readLastSamples(
  reader: Reader,
  alertName: string,
  nowMs: number,
): Promise<Map<string, LastSample>> {
  const found = new Map<string, LastSample>();
  const view = await reader.open(nowMs - OUTAGE_TOLERANCE_MS, nowMs);
  try {
    const matchers = [
      createMatcher(METRIC_NAME, "=", "ALERTS_FOR_STATE"),
      createMatcher("alertname", "=", alertName),
    ];
    for (const cursor of view.select(matchers)) {
      const last = readLast(cursor, nowMs);
      if (last) found.set(cursor.labels.without([METRIC_NAME]).key, last);
    }
  } finally {
    view.close();
  }
  return found;
}

const READ_LENGTH = 256;

function readLast(cursor: SeriesCursor, nowMs: number): LastSample | undefined {
  const buffer = createSampleBuffer(READ_LENGTH);
  let fromMs = nowMs - OUTAGE_TOLERANCE_MS - 1;
  let last: LastSample | undefined;
  for (;;) {
    const count = cursor.read(fromMs, nowMs, buffer);
    if (count > 0) {
      last = { timeMs: buffer.timesMs[count - 1]!, value: buffer.values[count - 1]! };
      fromMs = last.timeMs;
    }
    if (count < READ_LENGTH) return last && !isStale(last.value) ? last : undefined;
  }
}

function restoreAlert(
  alert: AlertState,
  last: LastSample,
  { forMs, nowMs }: { readonly forMs: number; readonly nowMs: number },
): AlertState {
  const activeAtMs = last.value * MS_PER_SECOND;
  const remainingMs = forMs - (last.timeMs - activeAtMs);
  if (remainingMs <= 0) return { ...alert, activeAtMs };
  if (remainingMs < FOR_GRACE_MS) return { ...alert, activeAtMs: nowMs + FOR_GRACE_MS - forMs };
  return { ...alert, activeAtMs: activeAtMs + (nowMs - last.timeMs) };
}
