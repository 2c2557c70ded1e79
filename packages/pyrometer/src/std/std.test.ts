import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareText,
  formatDuration,
  parseDuration,
  SourceError,
  unquoteGo,
  VirtualClock,
} from "./index.ts";

const MS_MAX = 2 ** 40;

test("formatDuration then parseDuration gives the milliseconds back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MS_MAX }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toEqual({ ms });
    }),
  );
});

test.each([
  ["5mm", 'unknown unit "mm"'],
  ["", "empty"],
  ["10", '"10" has no unit'],
  ["30m1h", "out of order"],
  ["1.5h", "not a valid duration string"],
  ["-1s", "not a valid duration string"],
  ["99999999999y", "out of range"],
])("parseDuration refuses %j: %s", (text, problem) => {
  expect(parseDuration(text)).toEqual({ problem: expect.stringContaining(problem) });
});

test("compareText orders as UTF-8 bytes do", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const bytes = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(Math.sign(compareText(a, b))).toBe(bytes);
    }),
  );
});

test("a SourceError points at line, column and span", () => {
  const source = { name: "a.yml", text: "x: 1\ny: 5mm\n" };
  const error = new SourceError("config/duration", "Cannot parse", {
    source,
    span: { start: 8, end: 11 },
  });
  expect(error.render()).toBe("a.yml:2:4: Cannot parse\n2 | y: 5mm\n       ^^^");
});

test("a virtual clock runs timers in order, also those set on the way", async () => {
  const clock = new VirtualClock(1000);
  const ran: string[] = [];
  clock.setTimer(20, () => ran.push(`b${clock.nowMs()}`));
  clock.setTimer(10, () => {
    ran.push(`a${clock.nowMs()}`);
    clock.setTimer(5, () => ran.push(`c${clock.nowMs()}`));
  });
  clock.setTimer(15, () => ran.push("cancelled"))();
  clock.setTimer(31, () => ran.push("not yet"));
  await clock.advance(30);
  expect(ran).toEqual(["a1010", "c1015", "b1020"]);
  expect(clock.nowMs()).toBe(1030);
});

test.each([
  ['"a\\tb"', { text: "a\tb", isUtf8: true }],
  ["`a\\t`", { text: "a\\t", isUtf8: true }],
  ['"\\xf0\\x9f\\x99\\x82 \\U0001F642 \\101"', { text: "🙂 🙂 A", isUtf8: true }],
  ['"\\xff"', { text: "\uFFFD", isUtf8: false }],
  ["'\\'\"'", { text: "'\"", isUtf8: true }],
  ['"\\\'"', undefined],
  ['"\\q"', undefined],
  ['"\\ud800"', undefined],
  ['"a\nb"', undefined],
])("unquoteGo(%s) is %j", (literal, wanted) => {
  expect(unquoteGo(literal)).toEqual(wanted);
});
