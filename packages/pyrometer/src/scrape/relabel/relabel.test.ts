/** Prometheus' own relabelling cases. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import type { RelabelAction, RelabelRule } from "../config/types.ts";
import { compileRelabel, relabel } from "./relabel.ts";

const DEFAULT_RULE: RelabelRule = {
  action: "replace",
  sourceLabels: [],
  separator: ";",
  regex: "(.*)",
  targetLabel: "",
  replacement: "$1",
  modulus: 0,
};

/** A rule as the cases write it: Go's field names, what is left out is the default. */
interface CaseRule {
  readonly Action: string;
  readonly SourceLabels?: readonly string[];
  readonly Separator?: string;
  readonly Regex?: string;
  readonly TargetLabel?: string;
  readonly Replacement?: string;
  readonly Modulus?: number;
}

interface Case {
  readonly input: Readonly<Record<string, string>>;
  readonly relabel: readonly CaseRule[];
  readonly output?: Readonly<Record<string, string>>;
  readonly drop?: boolean;
}

function toRule(rule: CaseRule): RelabelRule {
  return {
    action: rule.Action.toLowerCase() as RelabelAction,
    sourceLabels: rule.SourceLabels ?? DEFAULT_RULE.sourceLabels,
    separator: rule.Separator ?? DEFAULT_RULE.separator,
    regex: rule.Regex ?? DEFAULT_RULE.regex,
    targetLabel: rule.TargetLabel ?? DEFAULT_RULE.targetLabel,
    replacement: rule.Replacement ?? DEFAULT_RULE.replacement,
    modulus: rule.Modulus ?? DEFAULT_RULE.modulus,
  };
}

function run(input: Readonly<Record<string, string>>, rules: readonly RelabelRule[]) {
  return relabel(Labels.from(input), compileRelabel(rules))?.toRecord();
}

const dir = conformanceDir();
if (dir !== undefined) {
  const file = readFileSync(join(dir, "scrapecfg/cases/relabel.json"), "utf8");
  const cases = (JSON.parse(file) as { readonly TestRelabel: readonly Case[] }).TestRelabel;
  test.each([...cases.entries()])("relabel.json case %i", (_, { input, output, drop, ...rest }) => {
    const wanted = drop ? undefined : { ...output };
    expect(run(input, rest.relabel.map(toRule))).toEqual(wanted);
  });
}

test("every action does what its name says", () => {
  const input = { a: "Foo", b: "Foo", __meta_zone: "z1" };
  const rule = (changes: Partial<RelabelRule>) => run(input, [{ ...DEFAULT_RULE, ...changes }]);
  expect(rule({ action: "keepequal", sourceLabels: ["a"], targetLabel: "b" })).toEqual(input);
  expect(rule({ action: "dropequal", sourceLabels: ["a"], targetLabel: "b" })).toBeUndefined();
  expect(rule({ action: "lowercase", sourceLabels: ["a"], targetLabel: "c" })?.c).toBe("foo");
  expect(rule({ action: "uppercase", sourceLabels: ["a"], targetLabel: "c" })?.c).toBe("FOO");
  expect(rule({ action: "labelmap", regex: "__meta_(.+)" })?.zone).toBe("z1");
  expect(rule({ action: "labeldrop", regex: "a|b" })).toEqual({ __meta_zone: "z1" });
  expect(rule({ action: "labelkeep", regex: "a|b" })).toEqual({ a: "Foo", b: "Foo" });
  expect(rule({ action: "keep", sourceLabels: ["a"], regex: "Bar" })).toBeUndefined();
  expect(rule({ action: "drop", sourceLabels: ["a"], regex: "Foo" })).toBeUndefined();
});

test("a replacement that comes out empty removes the label", () => {
  const rule = { ...DEFAULT_RULE, sourceLabels: ["none"], targetLabel: "a" };
  expect(run({ a: "1", b: "2" }, [rule])).toEqual({ b: "2" });
});
