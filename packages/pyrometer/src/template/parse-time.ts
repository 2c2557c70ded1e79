/** Go's time.Parse: reads a time by example layout. Enough of it for dates people write. */
import { GoTime, LAYOUT_PARTS, MONTHS, WEEKDAYS } from "./go-time.ts";

type Parsed = { readonly time: GoTime } | { readonly problem: string };

interface Reading {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanos: number;
  offsetMinutes: number;
  isAfternoon: boolean | undefined;
}

export function parseTime(layout: string, text: string): Parsed {
  const reading: Reading = {
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanos: 0,
    offsetMinutes: 0,
    isAfternoon: undefined,
  };
  const refuse = (rest: string, part: string): Parsed => ({
    problem: `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`,
  });
  let rest = text;
  let from = 0;
  for (const match of layout.matchAll(LAYOUT_PARTS)) {
    const literal = layout.slice(from, match.index);
    if (!rest.startsWith(literal)) return refuse(rest, literal);
    rest = rest.slice(literal.length);
    const found = readPart(match[0], rest, reading);
    if (found === undefined) return refuse(rest, match[0]);
    rest = rest.slice(found);
    from = match.index + match[0].length;
  }
  const tail = layout.slice(from);
  if (!rest.startsWith(tail)) return refuse(rest, tail);
  if (rest.length > tail.length) {
    const extra = JSON.stringify(rest.slice(tail.length));
    return { problem: `parsing time ${JSON.stringify(text)}: extra text: ${extra}` };
  }
  return { time: toTime(reading) };
}

function toTime(reading: Reading): GoTime {
  const { year, month, day, minute, second, isAfternoon } = reading;
  const hour =
    isAfternoon === undefined ? reading.hour : (reading.hour % 12) + (isAfternoon ? 12 : 0);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - reading.offsetMinutes, second);
  return new GoTime(BigInt(date.getTime()) * 1_000_000n + BigInt(reading.nanos));
}

type Field = "year" | "month" | "day" | "hour" | "minute" | "second";

const NUMBERS: Readonly<Record<string, readonly [Field, RegExp]>> = {
  "2006": ["year", /^\d{4}/],
  "01": ["month", /^(0[1-9]|1[0-2])/],
  "1": ["month", /^(1[0-2]|[1-9])/],
  "02": ["day", /^(0[1-9]|[12]\d|3[01])/],
  _2: ["day", /^( ?[1-9]|[12]\d|3[01])/],
  "2": ["day", /^([12]\d|3[01]|[1-9])/],
  "15": ["hour", /^([01]\d|2[0-3])/],
  "03": ["hour", /^(0\d|1[0-2])/],
  "3": ["hour", /^(1[0-2]|\d)/],
  "04": ["minute", /^[0-5]\d/],
  "4": ["minute", /^([1-5]\d|\d)/],
  "05": ["second", /^[0-5]\d/],
  "5": ["second", /^([1-5]\d|\d)/],
};

/** How many characters the part took; undefined when it does not fit. */
function readPart(part: string, rest: string, into: Reading): number | undefined {
  const number = Object.hasOwn(NUMBERS, part) ? NUMBERS[part] : undefined;
  if (number) {
    const found = number[1].exec(rest)?.[0];
    if (found !== undefined) into[number[0]] = Number(found);
    return found?.length;
  }
  if (/^[.,]/.test(part)) {
    const found = /^[.,](\d{1,9})/.exec(rest);
    if (found) into.nanos = Number(found[1]!.padEnd(9, "0"));
    return found?.[0].length ?? (part[1] === "9" ? 0 : undefined);
  }
  if (/^[-Z]07/.test(part)) return readOffset(part, rest, into);
  switch (part) {
    case "January":
    case "Jan":
      return readMonth(part, rest, into);
    case "Monday":
    case "Mon":
      return findName(WEEKDAYS, part, rest)?.length;
    case "PM":
    case "pm": {
      const found = /^[AaPp][Mm]/.exec(rest)?.[0];
      if (found !== undefined) into.isAfternoon = found[0]!.toLowerCase() === "p";
      return found?.length;
    }
    case "MST":
      return /^[A-Z]{3,4}/.exec(rest)?.[0].length;
    default:
      return undefined;
  }
}

function readOffset(part: string, rest: string, into: Reading): number | undefined {
  if (part.startsWith("Z") && rest.startsWith("Z")) return 1;
  const [found, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?/.exec(rest) ?? [];
  if (found === undefined) return undefined;
  into.offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return found.length;
}

function readMonth(part: string, rest: string, into: Reading): number | undefined {
  const found = findName(MONTHS, part, rest);
  if (found) into.month = found.index + 1;
  return found?.length;
}

/** `part` is the first name, or its first three letters when those are wanted. */
function findName(
  names: readonly string[],
  part: string,
  rest: string,
): { index: number; length: number } | undefined {
  const texts = part.length === 3 ? names.map((name) => name.slice(0, 3)) : names;
  const index = texts.findIndex((name) => rest.toLowerCase().startsWith(name.toLowerCase()));
  return index === -1 ? undefined : { index, length: texts[index]!.length };
}
