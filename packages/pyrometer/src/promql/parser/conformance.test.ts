/** Prometheus' own cases for the parser and the printer, errors with their words. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { parseQuery } from "./parse.ts";
import { printExpr } from "./print.ts";

interface ParseCase {
  /** Not a text where the case is bytes that are no UTF-8; no text of ours holds those. */
  readonly input: unknown;
  readonly fail: boolean;
  readonly error: readonly { readonly Err: string }[] | null;
}

interface PrintCase {
  readonly in: string;
  readonly out?: string;
}

/** Prometheus says a second thing about these, which follows from the first; we do not. */
const FIRST_WORD_ONLY = new Set([
  "rate(food[1m])[1h] offset 1h",
  "foo[5s/0d]",
  "foo[5s%0d]",
  "sum(",
]);

const dir = conformanceDir();

function cases<T>(name: string): T[] {
  if (dir === undefined) return [];
  return JSON.parse(readFileSync(join(dir, "promql-parser", name), "utf8"));
}

for (const { input, fail, error } of cases<ParseCase>("parse_test.json")) {
  if (typeof input !== "string") continue;
  test(`${input} ${fail ? "is refused in Prometheus' words" : "parses"}`, () => {
    const { errors } = parseQuery({ name: "<query>", text: input });
    const wanted = (error ?? []).map(({ Err }) => Err);
    const isFirstOnly = FIRST_WORD_ONLY.has(input);
    expect(errors.map(({ problem }) => problem)).toEqual(isFirstOnly ? [wanted[0]] : wanted);
  });
}

for (const { in: text, out = text } of cases<PrintCase>("printer.json")) {
  test(`${text} prints as ${out}`, () => {
    const { expr } = parseQuery({ name: "<query>", text });
    expect(expr && printExpr(expr)).toBe(out);
  });
}

interface DashboardLine {
  readonly resolved: string;
  readonly promtool: string;
}

test("the queries of real dashboards parse, fail, and print to something that parses", () => {
  if (dir === undefined) return;
  const text = readFileSync(join(dir, "dashboards", "exprs.jsonl"), "utf8");
  const lines: DashboardLine[] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const wrong = lines.filter(({ resolved, promtool }) => {
    const { expr } = parseQuery({ name: "<query>", text: resolved });
    if ((expr !== undefined) !== (promtool === "ok")) return true;
    if (expr === undefined) return false;
    const printed = printExpr(expr);
    const again = parseQuery({ name: "<printed>", text: printed }).expr;
    return again === undefined || printExpr(again) !== printed;
  });
  expect(wrong.map(({ resolved, promtool }) => `${promtool}: ${resolved}`)).toEqual([]);
});
