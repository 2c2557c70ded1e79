/**
 * Times as other people's APIs write them. Inside they are Unix milliseconds; this is an edge.
 */
import { MS_PER_SECOND, parseDuration } from "../std/index.ts";

/** What a time may be, in Unix milliseconds: what a Date holds. Both ends inclusive. */
export const TIME_MS_MIN = -8_640_000_000_000_000;
export const TIME_MS_MAX = 8_640_000_000_000_000;

/** Go's zero time, which stands for "never". */
const ZERO_TIME = "0001-01-01T00:00:00Z";

/** Prometheus' own first and last times, which its clients send for "everything". */
const BOUNDARIES: Readonly<Record<string, number>> = {
  "-292273086-05-16T16:47:06Z": TIME_MS_MIN,
  "292277025-08-18T07:12:54.999999999Z": TIME_MS_MAX,
};

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Unix seconds with a fraction, or RFC 3339; undefined for anything else. Cut to the millisecond. */
export function parseTimeMs(text: string): number | undefined {
  const seconds = readFloat(text);
  if (seconds !== undefined) return clamp(Math.round(seconds * MS_PER_SECOND));
  return BOUNDARIES[text] ?? parseRfc3339Ms(text);
}

/** RFC 3339 only, as Alertmanager's API takes it; undefined for anything else. */
export function parseRfc3339Ms(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, dateTime = "", fraction = "", zone = ""] = match;
  const timeMs = Date.parse(`${dateTime}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** RFC 3339 in UTC; Go's zero time for undefined. */
export function formatRfc3339(timeMs: number | undefined): string {
  return timeMs === undefined ? ZERO_TIME : new Date(clamp(timeMs)).toISOString();
}

function clamp(timeMs: number): number {
  return Math.min(Math.max(timeMs, TIME_MS_MIN), TIME_MS_MAX);
}

/** Seconds as a number, or Prometheus' notation; what is wrong, in its words, otherwise. */
export function readDurationMs(
  text: string,
): { readonly ms: number } | { readonly problem: string } {
  const quoted = JSON.stringify(text);
  const seconds = readFloat(text);
  if (seconds !== undefined) {
    // Go keeps durations in int64 nanoseconds.
    const isInRange = Math.abs(seconds) * 1e9 <= 2 ** 63;
    if (isInRange) return { ms: Math.trunc(seconds * 1000) };
    return { problem: `cannot parse ${quoted} to a valid duration. It overflows int64` };
  }
  const parsed = parseDuration(text);
  return "ms" in parsed ? parsed : { problem: `cannot parse ${quoted} to a valid duration` };
}

/** A decimal number; undefined for anything else, "" too, which Number() would take as 0. */
function readFloat(text: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
