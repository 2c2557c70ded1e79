/**
 * One alert as the room keeps it, and how two reports of it become one.
 *
 * Immutable: a group that is being sent keeps what it saw, and "has it changed meanwhile?" is
 * whether the object is still the same.
 */
import { Labels } from "../model/index.ts";
import { compareText } from "../std/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

export type Annotations = Readonly<Record<string, string>>;

export interface Alert {
  /** 16 hexadecimal digits. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly startsAtMs: number;
  /** When it ended, or will count as ended unless it is reported again. */
  readonly endsAtMs: number;
  /** `endsAtMs` is our guess (resolve_timeout), not what the sender said. */
  readonly isTimeout: boolean;
  readonly updatedAtMs: number;
  readonly generatorUrl: string;
}

/** What a client posts. A missing time is "not set": it starts now, it ends after resolve_timeout. */
export interface PostableAlert {
  readonly labels: Labels | Readonly<Record<string, string>>;
  readonly annotations?: Annotations | undefined;
  readonly startsAtMs?: number | undefined;
  readonly endsAtMs?: number | undefined;
  readonly generatorUrl?: string | undefined;
}

/** An alert as one notification tells it: `endsAtMs` only when it has ended by then. */
export interface NotifiedAlert {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly startsAtMs: number;
  /** undefined while firing. */
  readonly endsAtMs: number | undefined;
  readonly generatorUrl: string;
  /** The stored alert this was made from. */
  readonly stored: Alert;
}

export function isResolvedAt(alert: Alert, nowMs: number): boolean {
  return alert.endsAtMs <= nowMs;
}

/** Freezes an alert at the moment of a flush: time moving on does not resolve it half-way. */
export function notifiedAt(alert: Alert, nowMs: number): NotifiedAlert {
  const { fingerprint, labels, annotations, startsAtMs, generatorUrl } = alert;
  const endsAtMs = isResolvedAt(alert, nowMs) ? alert.endsAtMs : undefined;
  return { fingerprint, labels, annotations, startsAtMs, endsAtMs, generatorUrl, stored: alert };
}

/** Makes an alert of what was posted, or says what is wrong with it. */
export function readPosted(
  posted: PostableAlert,
  { nowMs, resolveTimeoutMs }: { readonly nowMs: number; readonly resolveTimeoutMs: number },
): { readonly alert: Alert } | { readonly problem: string } {
  const labels = posted.labels instanceof Labels ? posted.labels : Labels.from(posted.labels);
  const endsAtMs = posted.endsAtMs ?? nowMs + resolveTimeoutMs;
  const startsAtMs = posted.startsAtMs ?? posted.endsAtMs ?? nowMs;
  const problem = problemOf(labels, startsAtMs, endsAtMs);
  if (problem !== undefined) return { problem };
  return {
    alert: {
      fingerprint: fingerprintOf(labels),
      labels,
      annotations: posted.annotations ?? {},
      startsAtMs,
      endsAtMs,
      isTimeout: posted.endsAtMs === undefined,
      updatedAtMs: nowMs,
      generatorUrl: posted.generatorUrl ?? "",
    },
  };
}

function problemOf(labels: Labels, startsAtMs: number, endsAtMs: number): string | undefined {
  const refusal = "Cannot take an alert:";
  if (labels.size === 0) return `${refusal} at least one label pair required`;
  if (endsAtMs < startsAtMs) {
    return `${refusal} start time must be before end time, in ${labels.toString()}`;
  }
  return undefined;
}

/**
 * One alert out of two reports whose times overlap: the earliest start, the newest annotations,
 * and of the ends the newest one, but a guessed end never outlives a said one.
 * Source: alertmanager alert.Merge
 */
export function mergeAlerts(older: Alert, newer: Alert, nowMs: number): Alert {
  const startsAtMs = Math.min(older.startsAtMs, newer.startsAtMs);
  const keepsOlderEnd = isResolvedAt(newer, nowMs) ? isResolvedAt(older, nowMs) : !older.isTimeout;
  const endsAtMs =
    keepsOlderEnd && older.endsAtMs > newer.endsAtMs ? older.endsAtMs : newer.endsAtMs;
  return { ...newer, startsAtMs, endsAtMs };
}

/** By job, then instance, then all labels; an alert without the label comes after. */
export function compareAlerts(
  a: { readonly labels: Labels },
  b: { readonly labels: Labels },
): number {
  for (const name of ["job", "instance"]) {
    const valueA = a.labels.get(name);
    const valueB = b.labels.get(name);
    if (valueA === valueB) continue;
    if (valueA === "") return 1;
    if (valueB === "") return -1;
    return compareText(valueA, valueB);
  }
  return a.labels.compare(b.labels);
}
