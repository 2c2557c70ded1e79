/** Times as Go prints and reads them. Expected texts are what Go 1.26 gave. */
import { expect, test } from "vitest";
import { GoDuration } from "./go-duration.ts";
import { GoTime } from "./go-time.ts";
import { parseTemplates, prometheusFunctions } from "./index.ts";
import { parseTime } from "./parse-time.ts";

const MS = 1_435_065_584_128;

test.each([
  ["2006-01-02 15:04:05.999999999 -0700 MST", "UTC", "2015-06-23 13:19:44.128 +0000 UTC"],
  ["2006-01-02T15:04:05Z07:00", "UTC", "2015-06-23T13:19:44Z"],
  ["2006-01-02T15:04:05.000Z07:00", "Asia/Kolkata", "2015-06-23T18:49:44.128+05:30"],
  ["Mon, 02 Jan 2006 15:04:05 MST", "America/New_York", "Tue, 23 Jun 2015 09:19:44 EDT"],
  ["3:04PM", "UTC", "1:19PM"],
  ["Jan _2 15:04:05.000", "Europe/Paris", "Jun 23 15:19:44.128"],
  ["Monday, 02-Jan-06 15:04:05 MST", "Asia/Tokyo", "Tuesday, 23-Jun-15 22:19:44 JST"],
  ["Jan 2, 2006 at 3:04pm (MST)", "Europe/Berlin", "Jun 23, 2015 at 3:19pm (CEST)"],
  ["02 January 2006", "Australia/Sydney", "23 June 2015"],
  ["3:4:5 PM", "America/Sao_Paulo", "10:19:44 AM"],
  ["002 06 1 2", "UTC", "174 15 6 23"],
])("%s in %s", (layout, zone, wanted) => {
  expect(GoTime.fromMs(MS).in(zone)?.format(layout)).toBe(wanted);
});

test("a zone that nobody knows is none", () => {
  expect(GoTime.fromMs(MS).in("Mars/Olympus")).toBeUndefined();
});

test("Go's zero time is the year 1", () => {
  expect(GoTime.ZERO.toString()).toBe("0001-01-01 00:00:00 +0000 UTC");
  expect(GoTime.ZERO.isZero).toBe(true);
});

test.each([
  [0n, "0s"],
  [1n, "1ns"],
  [1_500n, "1.5µs"],
  [2_000_000n, "2ms"],
  [1_500_000_000n, "1.5s"],
  [90_000_000_000n, "1m30s"],
  [-3_600_000_000_000n, "-1h0m0s"],
  [90_061_000_000_001n, "25h1m1.000000001s"],
])("a duration of %d ns is %s", (nanos, wanted) => {
  expect(new GoDuration(nanos).toString()).toBe(wanted);
});

test.each([
  ["2006-01-02", "2024-02-29", "2024-02-29 00:00:00 +0000 UTC"],
  ["2006-01-02T15:04:05Z07:00", "2024-03-15T10:00:00+02:00", "2024-03-15 08:00:00 +0000 UTC"],
  ["Jan _2 2006 3:04PM", "Mar  5 2024 1:07AM", "2024-03-05 01:07:00 +0000 UTC"],
  ["15:04:05.000", "01:02:03.250", "0000-01-01 01:02:03.25 +0000 UTC"],
])("%s reads %s", (layout, text, wanted) => {
  const parsed = parseTime(layout, text);
  expect("time" in parsed ? parsed.time.toString() : parsed.problem).toBe(wanted);
});

test.each([
  ["2006-01-02", "2024-13-01", 'cannot parse "13-01" as "01"'],
  ["2006-01-02", "2024-01-01x", 'extra text: "x"'],
  ["15:04", "25:00", 'cannot parse "25:00" as "15"'],
])("%s does not read %s", (layout, text, problem) => {
  const parsed = parseTime(layout, text);
  expect("problem" in parsed && parsed.problem).toContain(problem);
});

test("methods of times and durations", async () => {
  const text = `{{ with 1435065584 | toTime }}{{ .Year }} {{ .Month }} {{ .Weekday }} {{ .Unix }} \
{{ (.Add (60 | toDuration)).Minute }} {{ (.Sub .UTC).Seconds }} {{ .Before . }} {{ .IsZero }}{{ end }} \
{{ (5400 | toDuration).Hours }} {{ ((90.4 | toDuration).Round (1 | toDuration)).String }}`;
  const options = { functions: prometheusFunctions };
  const { templates, errors } = parseTemplates([{ name: "t", text }], options);
  expect(errors).toEqual([]);
  expect(await templates!.execute("t", null)).toBe(
    "2015 June Tuesday 1435065584 20 0 false false 1.5 1m30s",
  );
});
