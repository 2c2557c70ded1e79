import { expect, test } from "vitest";
import { queryFeatures } from "../features.ts";
import { parseQuery } from "./parse.ts";

function problems(text: string, names: readonly string[]): string[] {
  const { errors } = parseQuery({ name: "<query>", text }, queryFeatures(names).language);
  return errors.map(({ problem, line, column }) => `${line}:${column} ${problem}`);
}

const FUNCTIONS = "promql-experimental-functions";

test.each([
  ["1 + mad_over_time(a[5m])", FUNCTIONS, '1:5 function "mad_over_time" is not enabled'],
  ["vector(step())", FUNCTIONS, '1:8 function "step" is not enabled'],
  [
    "limitk(2, a)",
    FUNCTIONS,
    "1:1 limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
  ],
  ["a[5m + 1m]", "promql-duration-expr", "1:3 experimental duration expression is not enabled"],
  [
    "a offset -step()",
    "promql-duration-expr",
    "1:11 experimental duration expression is not enabled",
  ],
  [
    "rate(a[5m] smoothed)",
    "promql-extended-range-selectors",
    "1:6 smoothed modifier is experimental and not enabled",
  ],
  [
    "a + fill (0) b",
    "promql-binop-fill-modifiers",
    "1:1 binop fill modifiers are experimental and not enabled",
  ],
])("%s needs %s", (text, feature, problem) => {
  expect(problems(text, [])).toEqual([problem]);
  expect(problems(text, [feature])).toEqual([]);
});

test("what is no experiment needs no flag", () => {
  expect(
    problems("sum by (a) (rate(b[5m] offset 1m)) / on (a) group_left () c[1h:5m]", []),
  ).toEqual(
    problems("sum by (a) (rate(b[5m] offset 1m)) / on (a) group_left () c[1h:5m]", [FUNCTIONS]),
  );
});
