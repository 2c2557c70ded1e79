import fc from "fast-check";
import { expect, test } from "vitest";
import type { MatchOperator } from "../../model/index.ts";
import { RegexError } from "../../model/index.ts";
import { createAlertMatcher, printAlertMatchers } from "./matcher.ts";
import { parseMatcher, parseMatchers } from "./parse.ts";

const word = fc.string({ unit: "grapheme", minLength: 1 });
const pair = fc.record({
  name: word,
  operator: fc.constantFrom<MatchOperator>("=", "!="),
  value: fc.string({ unit: "grapheme" }),
});

test("what is printed reads as it was, whatever names and values hold", () => {
  const property = fc.property(fc.array(pair, { minLength: 1 }), (pairs) => {
    const matchers = pairs.map(({ name, operator, value }) =>
      createAlertMatcher(name, operator, value),
    );
    const read = parseMatchers(printAlertMatchers(matchers));
    expect(read.map(({ name, operator, value }) => ({ name, operator, value }))).toEqual(pairs);
  });
  fc.assert(property, { numRuns: 300 });
});

test("a dot does not match a newline, as it does in PromQL", () => {
  expect(createAlertMatcher("a", "=~", "x.y").test("x\ny")).toBe(false);
  expect(createAlertMatcher("a", "!~", "x.y").test("x\ny")).toBe(true);
  expect(createAlertMatcher("a", "=~", "x.y").test("x-y")).toBe(true);
  expect(() => createAlertMatcher("a", "=~", "x.(")).toThrow(RegexError);
});

test.each([
  ["{a=b}", "unexpected open or close brace"],
  ["a=b,c=d", "expected 1 matcher, found 2"],
  ["", "bad matcher format"],
])("parseMatcher(%j) takes one matcher without braces only", (text, problem) => {
  expect(() => parseMatcher(text)).toThrow(problem);
});
