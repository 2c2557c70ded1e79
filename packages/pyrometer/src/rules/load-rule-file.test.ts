/** What a rule file may not hold, and where we say so. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseYaml } from "../config/index.ts";
import { loadRuleFile } from "./load-rule-file.ts";
import { placeInScalar } from "./scalar-place.ts";

/** `line:column code` of each error, with what stands there. */
function faults(text: string): string[] {
  return loadRuleFile({ name: "rules.yml", text }).errors.map(({ line, column, code, span }) => {
    const at = text.slice(span.start, span.end);
    return `${line}:${column} ${code} ${at}`;
  });
}

const HEAD = "groups:\n- name: g\n  rules:\n";

test.each([
  ["plain", `${HEAD}  - record: r\n    expr: sum(up) + nosuch(x)\n`, "5:21 promql/"],
  [
    "double quotes",
    `${HEAD}  - record: r\n    expr: "up{a=\\"b\\"} + nosuch(x)"\n`,
    "5:26 promql/",
  ],
  [
    "single quotes",
    `${HEAD}  - record: r\n    expr: 'up{a="it''s"} + nosuch(x)'\n`,
    "5:28 promql/",
  ],
  ["block", `${HEAD}  - record: r\n    expr: |\n      up\n      + nosuch(x)\n`, "7:9 promql/"],
  ["folded", `${HEAD}  - record: r\n    expr: >-\n      up\n      + nosuch(x)\n`, "7:9 promql/"],
  [
    "a template in an annotation",
    `${HEAD}  - alert: A\n    expr: up\n    annotations:\n      s: "a {{ nope }}"\n`,
    "7:16 template/function nope",
  ],
  [
    "a template in a block",
    `${HEAD}  - alert: A\n    expr: up\n    annotations:\n      s: |\n        a\n        b {{ nope }}\n`,
    "9:14 template/function nope",
  ],
])("faults inside a text are placed in the file: %s", (_name, text, wanted) => {
  const found = faults(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(wanted);
});

test("the message is the one Prometheus gives", () => {
  const text = `${HEAD}  - record: yolo\n    expr: rate(hi)\n`;
  const [error] = loadRuleFile({ name: "r.yml", text }).errors;
  expect(error?.message).toMatch(
    /^r\.yml:5:\d+: group "g", rule 1, "yolo": could not parse expression: parse error: /,
  );
  expect(error?.message).toContain("expected type range vector");
});

test.each([
  ["groups:\n- rules: []\n", "rules/group-name"],
  ["groups:\n- name: g\n- name: g\n", "rules/duplicate-group"],
  [`${HEAD}  - record: a\n    alert: b\n    expr: up\n`, "rules/kind"],
  [`${HEAD}  - record: "a{b}"\n    expr: up\n`, "rules/record-name"],
  [`${HEAD}  - record: a\n    expr: up\n    annotations: {a: b}\n`, "rules/field"],
  [`${HEAD}  - alert: a\n    expr: up\n    labels: {__name__: b}\n`, "rules/label-name"],
  [`${HEAD}  - alert: a\n    expr: up\n    annotations: {"": b}\n`, "rules/annotation-name"],
  ["groups:\n- name: g\n  labels: {__name__: b}\n", "rules/label-name"],
  [`${HEAD}  - alert: a\n`, "rules/expr"],
  [`${HEAD}  - alert: a\n    expr: up\n    for: 5mm\n`, "config/value"],
  [`${HEAD}  - alert: a\n    expr: up\n    severity: x\n`, "config/unknown-key"],
])("refused: %s", (text, code) => {
  expect(loadRuleFile({ name: "rules.yml", text }).errors.map((error) => error.code)).toEqual([
    code,
  ]);
});

test("a bad label is told at its name", () => {
  const text = `${HEAD}  - alert: a\n    expr: up\n    labels: {x: y, __name__: b}\n`;
  expect(faults(text)).toEqual(["6:20 rules/label-name __name__"]);
});

test("all faults of a file are collected", () => {
  const rule = (name: string) => `  - record: ${name}\n    expr: sum(\n`;
  expect(faults(HEAD + rule("a") + rule("b"))).toHaveLength(2);
});

test("a rule that stands there twice is a warning", () => {
  const rule = "  - record: a\n    expr: up\n";
  const { value, warnings } = loadRuleFile({ name: "r.yml", text: HEAD + rule + rule });
  expect(value?.[0]?.rules).toHaveLength(2);
  expect(warnings.map(({ code, line }) => [code, line])).toEqual([["rules/duplicate-rule", 6]]);
});

test("group labels are under a rule's own; durations are milliseconds", () => {
  const text = `groups:
- name: g
  interval: 30s
  query_offset: 1m
  limit: 5
  labels: {team: ml, severity: info}
  rules:
  - alert: A
    expr: up == 0
    for: 2m
    keep_firing_for: 1h
    labels: {severity: page, on: yes}
`;
  expect(loadRuleFile({ name: "r.yml", text })).toEqual({
    errors: [],
    warnings: [],
    value: [
      {
        name: "g",
        intervalMs: 30_000,
        queryOffsetMs: 60_000,
        limit: 5,
        rules: [
          {
            kind: "alerting",
            name: "A",
            expr: "up == 0",
            forMs: 120_000,
            keepFiringForMs: 3_600_000,
            labels: { team: "ml", severity: "page", on: "yes" },
            annotations: {},
          },
        ],
      },
    ],
  });
});

test("an empty file has no groups", () => {
  for (const text of ["", "groups:\n", "groups: []\n"]) {
    expect(loadRuleFile({ name: "r.yml", text })).toEqual({ value: [], errors: [], warnings: [] });
  }
});

test("placeInScalar: a plain word is found again whatever style it is written in", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const style = fc.constantFrom("|\n    ", ">\n    ", '"', "'", "");
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), style, fc.nat(), (words, open, pick) => {
      const close = open === '"' || open === "'" ? open : "";
      const file = parseYaml({ name: "f", text: `k: ${open}${words.join(" ")}${close}\n` });
      const text = (file.value as { k: string }).k;
      const index = pick % words.length;
      const start = words.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
      const within = { start, end: start + words[index]!.length };
      const place = placeInScalar(file, ["k"], { text, within });
      expect(file.source.text.slice(place.start, place.end)).toBe(words[index]);
    }),
  );
});
