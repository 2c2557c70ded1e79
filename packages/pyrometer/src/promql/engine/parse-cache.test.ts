import { expect, test } from "vitest";
import { PARSED_QUERIES_MAX, PARSED_QUERY_LENGTH_MAX } from "../limits.ts";
import { parseQuery } from "../parser/parse.ts";
import { rememberParsed } from "./parse-cache.ts";

function counting() {
  const asked: string[] = [];
  const parse = rememberParsed((text) => {
    asked.push(text);
    const { expr } = parseQuery({ name: "<query>", text });
    if (expr === undefined) throw new Error(text);
    return expr;
  });
  return { parse, asked };
}

test("a query is parsed once while it is asked for", () => {
  const { parse, asked } = counting();
  expect(parse("up")).toBe(parse("up"));
  for (let i = 0; i < PARSED_QUERIES_MAX; i++) {
    parse(`a${i}`);
    parse("up");
  }
  expect(asked.filter((text) => text === "up")).toHaveLength(1);
  // The one asked for longest ago made room.
  parse("a0");
  expect(asked.filter((text) => text === "a0")).toHaveLength(2);
});

test("faults and very long texts are not kept", () => {
  const { parse, asked } = counting();
  const long = `up{a="${"x".repeat(PARSED_QUERY_LENGTH_MAX)}"}`;
  for (const text of ["sum(", long]) {
    for (let i = 0; i < 2; i++) {
      try {
        parse(text);
      } catch {
        expect(text).toBe("sum(");
      }
    }
  }
  expect(asked).toEqual(["sum(", "sum(", long, long]);
});
