/**
 * The local stand-in for Slack and friends: keeps the last notifications that were posted to it,
 * for the inbox page. In memory, bounded; nobody's only copy.
 */
import { INBOX_ENTRIES_MAX } from "./limits.ts";

export interface InboxEntry {
  /** Counts up from 1; the newest has the highest. */
  readonly id: number;
  readonly receivedMs: number;
  readonly receiver: string;
  readonly status: "firing" | "resolved";
  readonly groupKey: string;
  readonly title: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly InboxAlert[];
}

export interface InboxAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339, as they came. */
  readonly startsAt: string;
  readonly endsAt: string;
}

export class Inbox {
  readonly #entries: InboxEntry[] = [];
  readonly #entriesMax: number;
  #nextId = 1;

  constructor(entriesMax = INBOX_ENTRIES_MAX) {
    this.#entriesMax = entriesMax;
  }

  /** Keeps one notification, forgetting the oldest when full. */
  add(entry: Omit<InboxEntry, "id">): InboxEntry {
    const kept = { id: this.#nextId++, ...entry };
    this.#entries.push(kept);
    if (this.#entries.length > this.#entriesMax) this.#entries.shift();
    return kept;
  }

  /** Newest first. */
  list(): readonly InboxEntry[] {
    return this.#entries.toReversed();
  }
}
