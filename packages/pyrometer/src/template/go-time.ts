/**
 * Go's time.Time: an instant with nanoseconds and the zone it is shown in; and its printing by
 * example ("2006-01-02 15:04:05"). Time zones are the JavaScript engine's own (Intl).
 */
const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const MS_PER_MINUTE = 60_000;

/** Year 1, where Go's zero time is. */
const ZERO_MS = -62_135_596_800_000;

export class GoTime {
  readonly nanos: bigint;
  /** An IANA name, or "UTC". */
  readonly zone: string;

  constructor(nanos: bigint, zone = "UTC") {
    this.nanos = nanos;
    this.zone = zone;
  }

  static readonly ZERO = new GoTime(BigInt(ZERO_MS) * NANOS_PER_MS);

  static fromMs(timeMs: number, zone = "UTC"): GoTime {
    return new GoTime(BigInt(Math.trunc(timeMs)) * NANOS_PER_MS, zone);
  }

  get isZero(): boolean {
    return this.nanos === GoTime.ZERO.nanos;
  }

  get ms(): number {
    return Number(floorDiv(this.nanos, NANOS_PER_MS));
  }

  get seconds(): bigint {
    return floorDiv(this.nanos, NANOS_PER_SECOND);
  }

  /** @returns undefined when the engine knows no such zone */
  in(zone: string): GoTime | undefined {
    if (zone === "" || zone === "UTC") return new GoTime(this.nanos, "UTC");
    try {
      new Intl.DateTimeFormat("en-US", { timeZone: zone });
    } catch {
      return undefined;
    }
    return new GoTime(this.nanos, zone);
  }

  /** Calendar fields, as shown in the time's zone. */
  fields(): TimeFields {
    const offsetMinutes = offsetMinutesOf(this);
    const shown = new Date(this.ms + offsetMinutes * MS_PER_MINUTE);
    return {
      year: shown.getUTCFullYear(),
      month: shown.getUTCMonth() + 1,
      day: shown.getUTCDate(),
      weekday: shown.getUTCDay(),
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      second: shown.getUTCSeconds(),
      nanos: Number(this.nanos - this.seconds * NANOS_PER_SECOND),
      offsetMinutes,
      zoneName: zoneNameOf(this),
    };
  }

  format(layout: string): string {
    const fields = this.fields();
    return layout.replace(LAYOUT_PARTS, (part) => printPart(part, fields));
  }

  /** As Go's %v prints it: `2015-06-23 13:19:44.128 +0000 UTC`. */
  toString(): string {
    return this.format("2006-01-02 15:04:05.999999999 -0700 MST");
  }
}

export interface TimeFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
  readonly offsetMinutes: number;
  readonly zoneName: string;
}

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;

/** The pieces of Go's reference time, longest first where one begins another. */
export const LAYOUT_PARTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|-07:00:00|-070000|-07:00|-0700|-07|Z07:00|Z0700|Z07|[.,]0+(?![0-9])|[.,]9+(?![0-9])|002|01|02|03|04|05|06|15|PM|pm|_2(?!006)|[1-5]/g;

function printPart(part: string, fields: TimeFields): string {
  const { year, month, day, hour, minute, second } = fields;
  if (/^[.,][09]+$/.test(part)) return printFraction(part, fields.nanos);
  if (/^[-Z]07/.test(part)) return printOffset(part, fields.offsetMinutes);
  switch (part) {
    case "2006":
      return String(year).padStart(4, "0");
    case "06":
      return pad(year % 100);
    case "January":
      return MONTHS[month - 1]!;
    case "Jan":
      return MONTHS[month - 1]!.slice(0, 3);
    case "01":
      return pad(month);
    case "1":
      return String(month);
    case "Monday":
      return WEEKDAYS[fields.weekday]!;
    case "Mon":
      return WEEKDAYS[fields.weekday]!.slice(0, 3);
    case "02":
      return pad(day);
    case "_2":
      return String(day).padStart(2, " ");
    case "2":
      return String(day);
    case "002":
      return String(dayOfYear(fields)).padStart(3, "0");
    case "15":
      return pad(hour);
    case "03":
      return pad(hour % 12 || 12);
    case "3":
      return String(hour % 12 || 12);
    case "04":
      return pad(minute);
    case "4":
      return String(minute);
    case "05":
      return pad(second);
    case "5":
      return String(second);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    default:
      return fields.zoneName;
  }
}

function dayOfYear({ year, month, day }: TimeFields): number {
  return Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
}

function printFraction(part: string, nanos: number): string {
  const digits = String(nanos)
    .padStart(9, "0")
    .slice(0, part.length - 1);
  if (part[1] === "0") return part[0] + digits.padEnd(part.length - 1, "0");
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : part[0] + trimmed;
}

function printOffset(part: string, offsetMinutes: number): string {
  if (part.startsWith("Z") && offsetMinutes === 0) return "Z";
  const minutes = Math.abs(offsetMinutes);
  const hours = `${offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}`;
  const form = part.slice(1);
  if (form === "07") return hours;
  const colon = form.includes(":") ? ":" : "";
  const seconds = form.length > 5 ? `${colon}00` : "";
  return `${hours}${colon}${pad(minutes % 60)}${seconds}`;
}

function offsetMinutesOf(time: GoTime): number {
  if (time.zone === "UTC") return 0;
  const name = zonePart(time, "longOffset"); // "GMT+01:00", or "GMT"
  const [, sign, hours = "0", minutes = "0"] = /GMT([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * The abbreviation tzdata has, as far as Intl knows it: American English abbreviates American
 * zones, British English European ones; for the rest Go, too, shows the offset.
 */
function zoneNameOf(time: GoTime): string {
  if (time.zone === "UTC") return "UTC";
  for (const locale of ["en-US", "en-GB", "en-AU", "en-IN", "en-ZA"]) {
    const name = zonePart(time, "short", locale);
    if (!/^(GMT|UTC)[+-]/.test(name)) return name;
  }
  const known = ABBREVIATIONS[time.zone];
  if (known !== undefined) return known;
  return printOffset(offsetMinutesOf(time) % 60 === 0 ? "-07" : "-0700", offsetMinutesOf(time));
}

/** Zones without summer time that tzdata abbreviates and Intl does not. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "Asia/Hong_Kong": "HKT",
  "Asia/Jakarta": "WIB",
  "Asia/Karachi": "PKT",
  "Asia/Manila": "PST",
  "Asia/Seoul": "KST",
  "Asia/Shanghai": "CST",
  "Asia/Taipei": "CST",
  "Asia/Tokyo": "JST",
  "Europe/Moscow": "MSK",
};

function zonePart(time: GoTime, timeZoneName: "short" | "longOffset", locale = "en-US"): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: time.zone, timeZoneName });
  const parts = format.formatToParts(new Date(time.ms));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
