/** Texts of axis ticks: as short as they can be while no two are alike. */
import { printUnit } from "../model.ts";

const DECIMALS_MAX = 6;

/** Prints the ticks of a value axis, adding decimals until neighbours differ. */
export function formatTicks(
  values: readonly number[],
  unit: string,
  decimals: number | undefined,
): string[] {
  const short = values.map((value) => trimZeros(printUnit(value, unit, decimals)));
  if (decimals !== undefined || areDistinct(short)) return short;
  for (let more = 1; more <= DECIMALS_MAX; more++) {
    const texts = values.map((value) => trimZeros(printUnit(value, unit, more)));
    if (areDistinct(texts)) return texts;
  }
  return short;
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

/** "1.50 K" → "1.5 K", "0.200" → "0.2": on an axis trailing zeros are noise. */
function trimZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?=\D|$)/, (_, kept: string) => (kept === "." ? "" : kept));
}

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

/**
 * Prints the ticks of a time axis in local time: seconds only when ticks are that close, the day
 * where it changes, days alone when a tick is one.
 */
export function formatTimeTicks(timesMs: readonly number[], gapMs: number): string[] {
  return timesMs.map((timeMs, index) => {
    const date = new Date(timeMs);
    const day = `${MONTHS[date.getMonth()]} ${date.getDate()}`;
    if (gapMs >= MS_PER_DAY) return day;
    const before = timesMs[index - 1];
    const isNewDay = before !== undefined && new Date(before).getDate() !== date.getDate();
    if (isNewDay && date.getHours() === 0) return day;
    return clockText(date, gapMs < MS_PER_MINUTE);
  });
}

/** "14:05" or "14:05:30", local. */
export function clockText(date: Date, hasSeconds: boolean): string {
  const parts = [date.getHours(), date.getMinutes(), ...(hasSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** "Nov 22, 14:05:30", local. */
export function momentText(timeMs: number): string {
  const date = new Date(timeMs);
  return `${MONTHS[date.getMonth()]} ${date.getDate()}, ${clockText(date, true)}`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "12 s ago", "3 min ago": how long before `nowMs`; "" for what never was. */
export function agoText(timeMs: number, nowMs: number): string {
  if (!Number.isFinite(timeMs) || timeMs <= 0) return "";
  const seconds = Math.max(0, (nowMs - timeMs) / 1000);
  if (seconds < 1) return "just now";
  return `${trimZeros(printUnit(seconds, "s", seconds < 60 ? 0 : 1))} ago`;
}
