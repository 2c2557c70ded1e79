/** Alertmanager's own time interval cases, where they are there to be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { load, parseYaml } from "../../config/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { timeIntervalList } from "../config/intervals.ts";
import type { InclusiveRange, TimeInterval } from "./time-interval.ts";
import { containsTime } from "./time-interval.ts";

interface GoRange {
  readonly Begin: number;
  readonly End: number;
}

interface GoInterval {
  readonly Times?: readonly { readonly StartMinute: number; readonly EndMinute: number }[];
  readonly Weekdays?: readonly (readonly GoRange[])[];
  readonly DaysOfMonth?: readonly (readonly GoRange[])[];
  readonly Months?: readonly (readonly GoRange[])[];
  readonly Years?: readonly (readonly GoRange[])[];
  readonly Location?: readonly { readonly mustLoadLocation: readonly string[] }[];
}

interface Cases {
  readonly contains: readonly {
    readonly timeInterval: GoInterval;
    readonly validTimeStrings: readonly string[];
    readonly invalidTimeStrings: readonly string[];
  }[];
  readonly yaml: readonly {
    readonly in: string;
    readonly contains?: readonly string[];
    readonly excludes?: readonly string[];
    readonly expectError?: boolean;
    readonly err?: string;
  }[];
}

const dir = conformanceDir();
const cases: Cases | undefined = dir
  ? JSON.parse(readFileSync(join(dir, "alertmanager/cases/time-intervals.json"), "utf8"))
  : undefined;

/** Go's RFC 822 with a numeric zone: `02 Jan 06 15:04 +0000`. */
function timeOf(text: string): number {
  const [, day, month, year, clock, zone] =
    /^(\d+) (\w+) (\d+) (\d+:\d+) ([+-]\d{4})$/.exec(text) ?? [];
  return Date.parse(`${day} ${month} 20${year} ${clock}:00 ${zone}`);
}

function fromGo(raw: GoInterval): TimeInterval {
  const ranges = (
    list: readonly (readonly GoRange[])[] | undefined,
  ): InclusiveRange[] | undefined =>
    list?.map(([range]) => ({ begin: range!.Begin, end: range!.End }));
  return {
    times: raw.Times?.map(({ StartMinute, EndMinute }) => ({
      startMinute: StartMinute,
      endMinute: EndMinute,
    })),
    weekdays: ranges(raw.Weekdays),
    daysOfMonth: ranges(raw.DaysOfMonth),
    months: ranges(raw.Months),
    years: ranges(raw.Years),
    location: raw.Location?.[0]?.mustLoadLocation[0],
  };
}

describe.runIf(cases)("time intervals", () => {
  for (const [index, one] of (cases?.contains ?? []).entries()) {
    test(`contains ${index}`, () => {
      const interval = fromGo(one.timeInterval);
      for (const text of one.validTimeStrings) {
        expect(containsTime(interval, timeOf(text)), text).toBe(true);
      }
      for (const text of one.invalidTimeStrings) {
        expect(containsTime(interval, timeOf(text)), text).toBe(false);
      }
    });
  }

  for (const [index, one] of (cases?.yaml ?? []).entries()) {
    test(`in a file ${index}`, () => {
      const file = parseYaml({ name: "a.yml", text: one.in });
      const { value, errors } = load(file, timeIntervalList());
      if (one.expectError) {
        const problems = errors.map(({ message }) => message).join("\n");
        expect(problems).toContain(one.err ?? "a.yml");
        return;
      }
      const holds = (text: string) =>
        value?.some((interval) => containsTime(interval, timeOf(text)));
      for (const text of one.contains ?? []) expect(holds(text), text).toBe(true);
      for (const text of one.excludes ?? []) expect(holds(text), text).toBe(false);
    });
  }
});
