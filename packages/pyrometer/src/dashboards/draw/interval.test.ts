import { expect, test } from "vitest";
import {
  builtInVariables,
  durationTextMs,
  niceStepMs,
  printInterval,
  resolveTimeMs,
  stepMsOf,
} from "./interval.ts";

const NOW_MS = Date.UTC(2026, 0, 10, 12, 30, 15);

test.each([
  ["now", NOW_MS],
  ["now-5m", NOW_MS - 300_000],
  ["now-1h30m", NOW_MS - 5_400_000],
  ["now+1d", NOW_MS + 86_400_000],
  ["now/h", Date.UTC(2026, 0, 10, 12)],
  ["now-1d/d", Date.UTC(2026, 0, 9)],
  ["1767225600000", 1_767_225_600_000],
  ["2026-01-01T00:00:00Z", 1_767_225_600_000],
  ["yesterday", undefined],
])("the time %s is resolved", (text, wantedMs) => {
  expect(resolveTimeMs(text, NOW_MS)).toBe(wantedMs);
});

test.each([
  ["15s", 15_000],
  ["1h30m", 5_400_000],
  [">10s", 10_000],
  ["", undefined],
  ["$interval", undefined],
  ["5", undefined],
])("the duration %j is read", (text, wantedMs) => {
  expect(durationTextMs(text)).toBe(wantedMs);
});

test("steps are nice, and never shorter than a scrape", () => {
  expect(niceStepMs(11_000)).toBe(15_000);
  expect(niceStepMs(100 * 3_600_000)).toBe(5 * 86_400_000);
  expect(stepMsOf({ rangeMs: 3_600_000, pointsMax: 300, stepMinMs: 5000 })).toBe(15_000);
  expect(stepMsOf({ rangeMs: 300_000, pointsMax: 300, stepMinMs: 15_000 })).toBe(15_000);
});

test("$__rate_interval spans four scrapes, or the step and one more", () => {
  const at = (stepMs: number) =>
    builtInVariables({ stepMs, rangeMs: 3_600_000, scrapeIntervalMs: 15_000, fromMs: 0, toMs: 1 });
  expect(at(15_000)).toMatchObject({
    __rate_interval: "1m",
    __interval: "15s",
    __range: "1h",
    __range_s: "3600",
  });
  expect(at(300_000).__rate_interval).toBe("315s");
});

test.each([
  [90_000, "90s"],
  [3_600_000, "1h"],
  [86_400_000, "1d"],
  [250, "250ms"],
])("%d ms are printed as %s", (ms, wanted) => {
  expect(printInterval(ms)).toBe(wanted);
});
