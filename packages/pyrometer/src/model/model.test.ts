import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileCapture,
  compileSearch,
  compileTest,
  createMatcher,
  formatValue,
  isStale,
  Labels,
  matchesAll,
  RegexError,
  writeStale,
} from "./index.ts";

const pairs = fc.dictionary(fc.stringMatching(/^[a-c]{1,2}$/), fc.stringMatching(/^[xy]{0,2}$/));

test("Labels: equal keys exactly when the non-empty pairs are equal", () => {
  fc.assert(
    fc.property(pairs, pairs, (a, b) => {
      const solid = (record: Record<string, string>) =>
        JSON.stringify(
          Object.entries(record)
            .filter(([, value]) => value !== "")
            .sort(),
        );
      expect(Labels.from(a).key === Labels.from(b).key).toBe(solid(a) === solid(b));
      expect(Labels.from(a).compare(Labels.from(b)) === 0).toBe(solid(a) === solid(b));
    }),
  );
});

test.each([
  [{ __name__: "up", job: "api" }, 'up{job="api"}'],
  [{ __name__: "up" }, "up"],
  [{}, "{}"],
  [{ a: 'say "hi"\n' }, '{a="say \\"hi\\"\\n"}'],
  [{ __name__: "my.metric", "x.y": "1" }, '{"my.metric", "x.y"="1"}'],
])("Labels %j print as %s", (record, text) => {
  expect(Labels.from(record as Record<string, string>).toString()).toBe(text);
});

test("with an empty value removes, without and only keep the order", () => {
  const labels = Labels.from({ b: "2", a: "1", c: "3" });
  expect([...labels.with({ b: "", d: "4" })].flat()).toEqual(["a", "1", "c", "3", "d", "4"]);
  expect(labels.only(["c", "a"]).toRecord()).toEqual({ a: "1", c: "3" });
  expect(labels.without(["c"]).toRecord()).toEqual({ a: "1", b: "2" });
});

test.each([
  ["a|b", "a", true],
  ["a|b", "ab", false],
  ["fo.*", "foo\nbar", true],
  ["o+", "foo", false],
  ["", "", true],
  ["(?i)FOO", "foo", true],
  [".+", "", false],
])("compileTest(%j) on %j is %s: anchored, dot matches newline", (pattern, text, wanted) => {
  expect(compileTest(pattern)(text)).toBe(wanted);
});

test("compileTest refuses what RE2 refuses", () => {
  expect(() => compileTest("a(")).toThrow(RegexError);
  expect(() => compileTest("(?=a)")).toThrow(RegexError);
});

test.each([
  ["(.*):(\\d+)", "host:80", "$2-${1}", "80-host"],
  ["(?P<name>.*)", "x", "${name}$$", "x$"],
  ["(.*)", "x", "$1y", ""],
  ["a", "b", "$1", undefined],
])("compileCapture(%j).expand(%j, %j) is %j", (pattern, text, template, wanted) => {
  expect(compileCapture(pattern).expand(text, template)).toBe(wanted);
});

test("an absent label is an empty one to a matcher", () => {
  const labels = Labels.from({ job: "api" });
  expect(
    matchesAll([createMatcher("env", "=", ""), createMatcher("job", "!~", "b.*")], labels),
  ).toBe(true);
  expect(matchesAll([createMatcher("env", "=~", ".+")], labels)).toBe(false);
});

test("the staleness marker survives a Float64Array and is no other NaN", () => {
  const values = new Float64Array([1, 2, NaN]);
  writeStale(values, 1);
  expect([...values.keys()].map((i) => isStale(values[i]!))).toEqual([false, true, false]);
});

test("formatValue parses back to the same number and never shows an exponent", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatValue(value);
      expect(text).not.toMatch(/e/);
      expect(Object.is(Number(text), value)).toBe(true);
    }),
  );
  expect([Infinity, -Infinity, NaN, 1e21].map(formatValue)).toEqual([
    "+Inf",
    "-Inf",
    "NaN",
    "1000000000000000000000",
  ]);
});

test.each([
  ["(a)b", "x$1", "ab-ab", "xa-xa"],
  ["a", "$$${0}", "bab", "b$ab"],
  ["", "-", "abc", "-a-b-c-"],
  ["b*", "X", "abbc", "XaXcX"],
  ["(?P<first>.)(.)", "${first}", "abcd", "ac"],
  ["^a", "", "aab", "ab"],
  [".", "x", "a\nb", "x\nx"],
])(
  "compileSearch(%j) replaces by %j as Go's ReplaceAllString does",
  (pattern, by, text, wanted) => {
    expect(compileSearch(pattern).replaceAll(text, by)).toBe(wanted);
  },
);

test("compileSearch matches anywhere", () => {
  expect(compileSearch("b").test("abc")).toBe(true);
  expect(compileSearch("^b").test("abc")).toBe(false);
  expect(() => compileSearch("(")).toThrow(RegexError);
});
