/** time_intervals: ranges of days, months and hours as people write them. */
import type { z } from "zod";
import { listOf, section, text } from "../../config/index.ts";
import type { InclusiveRange, TimeInterval } from "../times/time-interval.ts";
import { isTimeZone } from "../times/time-interval.ts";
import { checked, isGiven } from "./checks.ts";

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];

const MINUTES_PER_HOUR = 60;

/** HH:MM, up to 24:00; becomes minutes of the day. */
const minuteOfDay = () =>
  text().transform((value, context) => {
    if (/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(value)) {
      const [hours = 0, minutes = 0] = value.split(":").map(Number);
      return hours * MINUTES_PER_HOUR + minutes;
    }
    const message = `couldn't parse timestamp ${value}, invalid format, expected HH:MM`;
    context.addIssue({ code: "custom", message });
    return 0;
  });

const timeRange = checked(
  section("timeinterval.yamlTimeRange", {
    start_time: minuteOfDay().optional(),
    end_time: minuteOfDay().optional(),
  }),
  ({ start_time: start, end_time: end }, fail) => {
    if (start === undefined || end === undefined) {
      fail("both start and end times must be provided");
    } else if (start >= end) {
      fail("start time cannot be equal or greater than end time");
    }
  },
);

interface RangeOptions {
  readonly read: (word: string) => number | string;
  readonly problemOf: (range: InclusiveRange, text: string) => string | undefined;
}

/** `a:b` or `a`; words in any case. */
const range = ({ read, problemOf }: RangeOptions) =>
  text().transform((value, context): InclusiveRange => {
    const words = value.toLowerCase().split(":");
    const [begin = "", end = begin] = words.map(read);
    const problem =
      words.length > 2
        ? `couldn't parse range ${value}, invalid format`
        : typeof begin === "string"
          ? begin
          : typeof end === "string"
            ? end
            : problemOf({ begin, end }, value);
    if (problem === undefined) return { begin: begin as number, end: end as number };
    context.addIssue({ code: "custom", message: problem });
    return { begin: 0, end: 0 };
  });

const readInteger = (what: string) => (word: string) =>
  /^[-+]?\d+$/.test(word) ? Number(word) : `${word} is not a valid ${what}`;

const weekdays = range({
  read: (word) => {
    const index = WEEKDAYS.indexOf(word);
    return index === -1 ? `${word} is not a valid weekday` : index;
  },
  problemOf: ({ begin, end }) => (begin > end ? "start day cannot be before end day" : undefined),
});

const daysOfMonth = range({ read: readInteger("day of the month"), problemOf: dayProblem });

/** Months differ in length: only what can never hold is refused, 28 days being the shortest. */
function dayProblem({ begin, end }: InclusiveRange): string | undefined {
  for (const day of [begin, end]) {
    if (day === 0 || day < -31 || day > 31) {
      return `${day} is not a valid day of the month: out of range`;
    }
  }
  if (begin < 0 && end > 0) return "end day must be negative if start day is negative";
  const inShortest = (day: number) => (day < 0 ? 28 + day : day);
  if (inShortest(begin) <= inShortest(end)) return undefined;
  return `end day ${end} is always before start day ${begin}`;
}

const months = range({
  read: (word) => {
    const index = MONTHS.indexOf(word);
    return index === -1 ? readInteger("month")(word) : index + 1;
  },
  problemOf: ({ begin, end }, written) => {
    if (begin < 1 || end > MONTHS.length) return `${written} is not a valid month: out of range`;
    if (begin <= end) return undefined;
    return `end month ${MONTHS[end - 1]} is before start month ${MONTHS[begin - 1]}`;
  },
});

const years = range({
  read: readInteger("year"),
  problemOf: ({ begin, end }) =>
    begin > end ? `end year ${end} is before start year ${begin}` : undefined,
});

const location = () =>
  text().check((context) => {
    const { value } = context;
    if (value === "" || isTimeZone(value)) return;
    const message = `unknown time zone ${value}`;
    context.issues.push({ code: "custom", input: value, message });
  });

const intervalSchema = section("timeinterval.TimeInterval", {
  times: listOf(timeRange).optional(),
  weekdays: listOf(weekdays).optional(),
  days_of_month: listOf(daysOfMonth).optional(),
  months: listOf(months).optional(),
  years: listOf(years).optional(),
  location: location().optional(),
});

/** One of the list under a name; exported for the cases that read it alone. */
export const timeIntervalList = () =>
  listOf(intervalSchema).transform((list) => list.map(toInterval));

function toInterval(raw: z.output<typeof intervalSchema>): TimeInterval {
  return {
    times: raw.times?.map(({ start_time = 0, end_time = 0 }) => ({
      startMinute: start_time,
      endMinute: end_time,
    })),
    weekdays: raw.weekdays,
    daysOfMonth: raw.days_of_month,
    months: raw.months,
    years: raw.years,
    location: isGiven(raw.location) ? raw.location : undefined,
  };
}

export const namedIntervalsSchema = (what: "time interval" | "mute time interval") =>
  checked(
    section("config.plain", {
      name: text().optional(),
      time_intervals: timeIntervalList().optional(),
    }),
    ({ name }, fail) => {
      if (!isGiven(name)) fail(`missing name in ${what}`);
    },
  );
