import type { Labels } from "../model/index.ts";

/** Where alerts go: the server connects a notifier. */
export interface AlertSink {
  /** Takes firing and resolved alerts; also those sent before, every minute. Must not throw. */
  send(alerts: readonly OutgoingAlert[]): void;
}

export interface OutgoingAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  /** When it began to fire. */
  readonly startsAtMs: number;
  /** When it ended; of a firing alert, when it is to be taken as ended if nothing more is heard. */
  readonly endsAtMs: number | undefined;
  /** Where its expression can be looked at. */
  readonly generatorUrl: string;
}
