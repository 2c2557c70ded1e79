/**
 * What each receiver was last told about each group: the memory that keeps us from telling twice.
 *
 * In memory for now; it outlives reloads, not restarts.
 * Source: alertmanager notify.DedupStage, nflog
 */
import type { NotifiedAlert } from "../alert.ts";
import { LOG_ENTRIES_MAX } from "../limits.ts";

/** Why a notification goes out, in Alertmanager's words for `.NotificationReason`. */
export type NotifyReason =
  | "first notification"
  | "new alerts in group"
  | "all alerts resolved"
  | "new resolved alerts"
  | "repeat interval elapsed";

export interface LogQuery {
  /** Group and integration together. */
  readonly key: string;
  readonly sendResolved: boolean;
  readonly repeatIntervalMs: number;
  readonly nowMs: number;
}

interface Entry {
  readonly sentMs: number;
  readonly expiresMs: number;
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
}

export class NotificationLog {
  readonly #entries = new Map<string, Entry>();

  /** Why the group must be told now; undefined when the receiver knows all of it. */
  reasonToNotify(alerts: readonly NotifiedAlert[], query: LogQuery): NotifyReason | undefined {
    const { firing, resolved } = partition(alerts);
    const entry = this.#entries.get(query.key);
    if (entry === undefined) return firing.size > 0 ? "first notification" : undefined;
    if (!isSubset(firing, entry.firing)) {
      return entry.firing.size === 0 ? "first notification" : "new alerts in group";
    }
    // Whatever send_resolved says: what was firing must leave the log.
    if (firing.size === 0) return entry.firing.size > 0 ? "all alerts resolved" : undefined;
    if (query.sendResolved && !isSubset(resolved, entry.resolved)) return "new resolved alerts";
    const isRepeatDue = entry.sentMs < query.nowMs - query.repeatIntervalMs;
    return isRepeatDue ? "repeat interval elapsed" : undefined;
  }

  /** Notes that the receiver now knows this. */
  record(alerts: readonly NotifiedAlert[], { key, repeatIntervalMs, nowMs }: LogQuery): void {
    const expiresMs = nowMs + 2 * repeatIntervalMs;
    this.#entries.delete(key); // so that the map's order is that of the telling
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= LOG_ENTRIES_MAX && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, { sentMs: nowMs, expiresMs, ...partition(alerts) });
  }

  collect(nowMs: number): void {
    for (const [key, { expiresMs }] of this.#entries) {
      if (expiresMs < nowMs) this.#entries.delete(key);
    }
  }
}

function partition(alerts: readonly NotifiedAlert[]): {
  readonly firing: ReadonlySet<string>;
  readonly resolved: ReadonlySet<string>;
} {
  const firing = new Set<string>();
  const resolved = new Set<string>();
  for (const { fingerprint, endsAtMs } of alerts) {
    (endsAtMs === undefined ? firing : resolved).add(fingerprint);
  }
  return { firing, resolved };
}

function isSubset(small: ReadonlySet<string>, large: ReadonlySet<string>): boolean {
  for (const item of small) if (!large.has(item)) return false;
  return true;
}
