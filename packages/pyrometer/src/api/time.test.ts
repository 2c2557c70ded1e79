import { expect, test } from "vitest";
import { formatRfc3339, parseTimeMs, readDurationMs, TIME_MS_MAX, TIME_MS_MIN } from "./time.ts";

test.each([
  ["0", 0],
  ["1435781451.781", 1_435_781_451_781],
  ["-1.5", -1500],
  ["1e3", 1_000_000],
  ["2015-07-01T20:10:51.781Z", 1_435_781_451_781],
  ["2015-07-01T20:10:51.781999999Z", 1_435_781_451_781],
  ["2015-07-01T22:10:51+02:00", 1_435_781_451_000],
  ["2015-07-01T20:10:51.7Z", 1_435_781_451_700],
  ["-292273086-05-16T16:47:06Z", TIME_MS_MIN],
  ["292277025-08-18T07:12:54.999999999Z", TIME_MS_MAX],
  ["1e300", TIME_MS_MAX],
  ["", undefined],
  [" ", undefined],
  ["now", undefined],
  ["2015-07-01", undefined],
  ["2015-07-01T20:10:51", undefined],
  ["2015-13-01T20:10:51Z", undefined],
  ["0x10", undefined],
])("parseTimeMs(%j) is %s", (text, wanted) => {
  expect(parseTimeMs(text)).toBe(wanted);
});

test.each([
  ["15", { ms: 15_000 }],
  ["0.5", { ms: 500 }],
  ["1h30m", { ms: 5_400_000 }],
  ["-1", { ms: -1000 }],
  ["", { problem: 'cannot parse "" to a valid duration' }],
  ["1 h", { problem: 'cannot parse "1 h" to a valid duration' }],
  ["1e20", { problem: 'cannot parse "1e20" to a valid duration. It overflows int64' }],
])("readDurationMs(%j) is %j", (text, wanted) => {
  expect(readDurationMs(text)).toEqual(wanted);
});

test("a time that never was is Go's zero time", () => {
  expect(formatRfc3339(undefined)).toBe("0001-01-01T00:00:00Z");
  expect(formatRfc3339(1_435_781_451_781)).toBe("2015-07-01T20:10:51.781Z");
});
