/**
 * Named hours in which a route is muted, or the only ones in which it is active.
 *
 * All parts that are given must hold; within one part any range will do. Local time is asked of
 * Intl, whose rules the runtime carries.
 * Source: alertmanager timeinterval
 */

/** Both ends inclusive. */
export interface InclusiveRange {
  readonly begin: number;
  readonly end: number;
}

/** Minutes of the day: [startMinute, endMinute). */
export interface MinuteRange {
  readonly startMinute: number;
  readonly endMinute: number;
}

export interface TimeInterval {
  readonly times?: readonly MinuteRange[] | undefined;
  /** 0 is Sunday. */
  readonly weekdays?: readonly InclusiveRange[] | undefined;
  /** 1 to 31; negative counts from the end, -1 is the last day. */
  readonly daysOfMonth?: readonly InclusiveRange[] | undefined;
  /** 1 is January. */
  readonly months?: readonly InclusiveRange[] | undefined;
  readonly years?: readonly InclusiveRange[] | undefined;
  /** An IANA name; UTC when there is none. */
  readonly location?: string | undefined;
}

export function containsTime(interval: TimeInterval, timeMs: number): boolean {
  const local = localTimeOf(timeMs, interval.location);
  const { times, weekdays, daysOfMonth, months, years } = interval;
  const minute = local.hour * 60 + local.minute;
  if (times && !times.some((range) => range.startMinute <= minute && minute < range.endMinute)) {
    return false;
  }
  if (daysOfMonth && !daysOfMonth.some((range) => isDayWithin(range, local))) return false;
  if (months && !isWithinAny(months, local.month)) return false;
  if (weekdays && !isWithinAny(weekdays, local.weekday)) return false;
  return !years || isWithinAny(years, local.year);
}

/** The names among `names` that hold `timeMs`. */
export function intervalsHolding(
  names: readonly string[],
  timeMs: number,
  intervals: ReadonlyMap<string, readonly TimeInterval[]>,
): string[] {
  return names.filter((name) =>
    intervals.get(name)?.some((interval) => containsTime(interval, timeMs)),
  );
}

/** Whether the runtime knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatterFor(name);
    return true;
  } catch {
    return false; // Intl throws RangeError for a zone it does not know: an answer, not a fault
  }
}

interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

function localTimeOf(timeMs: number, zone: string | undefined): LocalTime {
  const local = zone === undefined ? timeMs : toWallClockMs(timeMs, zone);
  const date = new Date(local);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** The wall clock of `zone`, read as if it were UTC. */
function toWallClockMs(timeMs: number, zone: string): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatterFor(zone).formatToParts(timeMs)) {
    parts.set(type, Number(value));
  }
  const part = (type: string) => parts.get(type) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
}

/** Building one costs far more than using it; there are as many as zones in the file. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone: zone === "Local" ? undefined : zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formatters.set(zone, formatter);
  return formatter;
}

function isDayWithin({ begin, end }: InclusiveRange, { year, month, day }: LocalTime): boolean {
  const dayCount = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const fromStart = (edge: number) => (edge < 0 ? dayCount + edge + 1 : edge);
  const first = fromStart(begin);
  if (first > dayCount) return false;
  return Math.max(first, -dayCount) <= day && day <= Math.min(fromStart(end), dayCount);
}

function isWithinAny(ranges: readonly InclusiveRange[], value: number): boolean {
  return ranges.some(({ begin, end }) => begin <= value && value <= end);
}
