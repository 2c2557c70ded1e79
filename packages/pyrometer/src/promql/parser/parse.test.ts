import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Prng } from "../../std/index.ts";
import { EXPRESSION_DEPTH_MAX } from "../limits.ts";
import { QueryGenerator } from "../testkit/generate-query.ts";
import { parseQuery, parseSelector } from "./parse.ts";
import { printExpr } from "./print.ts";
import { checkParse } from "./testkit/check-parse.ts";
import { mutate, randomBytes } from "./testkit/hostile-texts.ts";
import { queries } from "./testkit/queries.ts";

function parse(text: string) {
  return parseQuery({ name: "<query>", text });
}

/** Each problem with the text it points at. */
function problems(text: string): string[] {
  return parse(text).errors.map(
    ({ code, problem, span }) => `${code} ${problem} <${text.slice(span.start, span.end)}>`,
  );
}

describe("parseQuery()", () => {
  test.each([
    ["a + b offset 5m", "a + b offset 5m"],
    ["a+b offset 5m*c", "a + b offset 5m * c"],
    ["-1^2", "-1 ^ 2"],
    ["a @ 1.5 offset -1h30m", "a @ 1.500 offset -1h30m"],
    ["sum by(job)(rate(a[5m]))", "sum by (job) (rate(a[5m]))"],
    ["sum(a) by (job)", "sum by (job) (a)"],
    ['{"my.metric","b c"=~\'x\'}', '{"b c"=~"x",__name__="my.metric"}'],
    ["a[1h:]", "a[1h:]"],
    ["1h30m + 0x1F + 1_000 + .5e1", "1h30m + 31 + 1000 + 5"],
    ["# what\na # why", "a"],
    ["fill + step", "fill + step"],
  ])("%s is %s", (text, printed) => {
    const { expr } = parse(text);
    expect(expr && printExpr(expr)).toBe(printed);
  });

  test("-2 ^ 2 is the negative of a power, (-2) ^ 2 a power", () => {
    expect(parse("-2 ^ 2").expr).toMatchObject({ kind: "unary", expr: { kind: "binary" } });
    expect(parse("(-2) ^ 2").expr).toMatchObject({ kind: "binary", left: { kind: "paren" } });
  });

  test("every type error is found, each at its place", () => {
    expect(problems("rate(a) + sum(1) + abs(b[5m])")).toEqual([
      'promql/type expected type range vector in call to function "rate", got instant vector <a>',
      "promql/type expected type instant vector in aggregation expression, got scalar <1>",
      'promql/type expected type instant vector in call to function "abs", got range vector <b[5m]>',
    ]);
  });

  test.each([
    ["foo{", "promql/syntax"],
    ["nope(a)", "promql/unknown-function"],
    ['a{b=~"("}', "promql/regex"],
    ["a[5m1m]", "promql/duration"],
    ["sum(a) offset 5m", "promql/modifier"],
    ["{}", "promql/selector"],
    ["a and on(x) group_left(y) b", "promql/matching"],
    ["abs()", "promql/arguments"],
    ["1 == 1", "promql/type"],
  ])("%s is refused as %s", (text, code) => {
    expect(parse(text).errors[0]?.code).toBe(code);
    expect(parse(text).expr).toBeUndefined();
  });

  test("nesting without end is refused, not followed", () => {
    const deep = EXPRESSION_DEPTH_MAX + 1;
    for (const text of ["(".repeat(deep * 50), "-".repeat(deep), `1${"+1".repeat(deep)}`]) {
      expect(parse(text).errors[0]?.code).toBe("promql/depth");
    }
    expect(parse(`1${"+1".repeat(500)}`).expr).toBeDefined();
  });

  test("no text makes it throw; npm run fuzz tries a million", () => {
    const prng = new Prng(11);
    const valid = Array.from({ length: 50 }, () => new QueryGenerator(prng).query(3, 1_000).text);
    for (let i = 0; i < 2_000; i++) {
      checkParse(randomBytes(prng));
      checkParse(mutate(prng, valid));
    }
  });

  test("what is printed parses to what prints the same", () => {
    fc.assert(
      fc.property(queries(), (query) => {
        const { expr } = parse(query);
        if (expr === undefined) return;
        const printed = printExpr(expr);
        const again = parse(printed);
        expect(again.errors).toEqual([]);
        expect(printExpr(again.expr!)).toBe(printed);
      }),
      { numRuns: 1_000 },
    );
  });

  test("generated queries are valid, so the properties above see real ones", () => {
    fc.assert(
      fc.property(queries(), (query) => {
        expect(parse(query).errors).toEqual([]);
      }),
    );
  });
});

describe("parseSelector()", () => {
  test("gives matchers, the name among them", () => {
    const { matchers } = parseSelector({ name: "match[]", text: 'up{job!="x"}' });
    expect(matchers?.map(({ name, operator, value }) => name + operator + value)).toEqual([
      "job!=x",
      "__name__=up",
    ]);
  });

  test.each(["up[5m]", "sum(up)", "up offset 5m", "", "{}", '{a=""}'])("refuses %s", (text) => {
    const { matchers, errors } = parseSelector({ name: "match[]", text });
    expect(matchers).toBeUndefined();
    expect(errors).toHaveLength(1);
  });
});
