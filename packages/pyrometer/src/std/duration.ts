import { MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "./units.ts";

/** Largest first: a duration names each unit once, in this order ("1h30m", never "30m1h"). */
const UNITS = [
  ["y", 365 * MS_PER_DAY],
  ["w", 7 * MS_PER_DAY],
  ["d", MS_PER_DAY],
  ["h", MS_PER_HOUR],
  ["m", MS_PER_MINUTE],
  ["s", MS_PER_SECOND],
  ["ms", 1],
] as const;

const SHAPE = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Parses a Prometheus duration ("15s", "1h30m", "0") into milliseconds.
 *
 * Returns what is wrong as text, for the caller to give a place: the text is a user's.
 * Source: prometheus/common model.ParseDuration
 */
export function parseDuration(
  text: string,
): { readonly ms: number } | { readonly problem: string } {
  if (text === "0") return { ms: 0 };
  const match = SHAPE.exec(text);
  if (text === "" || match === null) return { problem: explain(text) };
  let ms = 0;
  for (const [index, [, unitMs]] of UNITS.entries()) ms += Number(match[index + 1] ?? 0) * unitMs;
  // Go keeps durations in int64 nanoseconds.
  if (ms > 2 ** 63 / 1e6) return { problem: `Cannot parse duration "${text}": out of range` };
  return { ms };
}

function explain(text: string): string {
  const refusal = `Cannot parse duration "${text}": `;
  if (text === "") return `${refusal}empty, expected a number and a unit, like 30s`;
  const parts = [...text.matchAll(/(\d+)([a-zA-Zµ]*)/g)];
  if (parts.map((part) => part[0]).join("") !== text) {
    return `${refusal}not a valid duration string, expected numbers and units, like 1h30m`;
  }
  for (const [, digits, unit] of parts) {
    if (unit === "") return `${refusal}"${digits}" has no unit, expected ms, s, m, h, d, w or y`;
    if (!UNITS.some(([name]) => name === unit)) {
      return `${refusal}unknown unit "${unit}", expected ms, s, m, h, d, w or y`;
    }
  }
  return `${refusal}units out of order or twice, expected y, w, d, h, m, s, ms, each at most once`;
}

/** Prints as Prometheus does: largest units first, weeks and years only when nothing is left. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  let text = ms < 0 ? "-" : "";
  let restMs = Math.abs(ms);
  for (const [unit, unitMs] of UNITS) {
    const mustDivide = unit === "y" || unit === "w";
    if (restMs < unitMs || (mustDivide && restMs % unitMs !== 0)) continue;
    text += `${Math.floor(restMs / unitMs)}${unit}`;
    restMs %= unitMs;
  }
  return text;
}
