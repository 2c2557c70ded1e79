import { expect, test } from "vitest";
import { z } from "zod";
import {
  boolean,
  durationMs,
  expandVariables,
  integer,
  listOf,
  load,
  mapOf,
  notYet,
  parseYaml,
  regex,
  section,
  sizeBytes,
  text,
} from "./index.ts";

const job = section("test.Job", {
  name: text(),
  interval: durationMs().default(15_000),
  limit: integer().optional(),
  body: sizeBytes().optional(),
  on: boolean().optional(),
  match: regex().optional(),
  labels: mapOf(text()).optional(),
  later: notYet(section("test.Later", { a: text().optional() })),
});
const schema = section("test.File", {
  jobs: listOf(job, "empty or null job").default([]),
  old: notYet(z.unknown(), "use jobs"),
});

function check(yaml: string) {
  const loaded = load(parseYaml({ name: "a.yml", text: yaml }), schema);
  return {
    value: loaded.value,
    errors: loaded.errors.map((error) => error.message),
    warnings: loaded.warnings.map((warning) => warning.message),
  };
}

test("values become what their field says, defaults are filled in, null counts as absent", () => {
  const yaml = `
jobs:
  - name: 1.0
    interval: 1m30s
    limit: 1_000
    body: 10MB
    on: yes
    labels: {a: true, b: 007}
  - name: "null"
    limit:
`;
  expect(check(yaml)).toEqual({
    value: {
      jobs: [
        {
          name: "1.0",
          interval: 90_000,
          limit: 1000,
          body: 10485760,
          on: true,
          labels: { a: "true", b: "007" },
        },
        { name: "null", interval: 15_000 },
      ],
    },
    errors: [],
    warnings: [],
  });
});

test("every fault is reported, each at its place", () => {
  const yaml = `
jobs:
  - name: a
    interval: 5mm
    nmae: b
  - name: [c]
    match: "a("
    limit: many
  -
jobs: []
`;
  expect(check(yaml).errors).toEqual([
    'a.yml:4:15: Cannot parse duration "5mm": unknown unit "mm", expected ms, s, m, h, d, w or y',
    'a.yml:5:5: Cannot read key "nmae": field nmae not found in type test.Job',
    "a.yml:6:11: Cannot read this value: it is a list, expected a text",
    'a.yml:7:12: Cannot compile regex "a(": error parsing regexp: missing closing ): `a(`',
    'a.yml:8:12: Cannot read "many": expected a whole number',
    "a.yml:9:4: empty or null job",
    "a.yml:10:1: field jobs already set in type test.File",
  ]);
});

test("broken YAML says where", () => {
  const { errors, value } = check("jobs:\n  - name: [a\n  x: }\n");
  expect(errors).toContainEqual(expect.stringMatching(/^a\.yml:3:\d+: Cannot parse YAML: /));
  expect(value).toBeUndefined();
});

test("a field we do not honour yet is a warning at its key, and its content is still checked", () => {
  expect(check("old: 1\njobs:\n  - name: a\n    later: {a: x}\n").warnings).toEqual([
    'a.yml:1:1: Cannot honour "old" yet: it has no effect, use jobs',
    'a.yml:4:5: Cannot honour "later" yet: it has no effect',
  ]);
  expect(check("jobs: [{name: a, later: {b: x}}]").errors).toHaveLength(1);
});

test("anchors, merges and aliases work; a bomb of aliases is refused", () => {
  const merged = check(
    "jobs:\n  - &base {name: a, limit: 3}\n  - {<<: *base, name: b}\n  - *base\n",
  ).value;
  expect(merged?.jobs.map(({ name, limit }) => [name, limit])).toEqual([
    ["a", 3],
    ["b", 3],
    ["a", 3],
  ]);
  let bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (let i = 1; i < 9; i++) bomb += `a${i}: &a${i} [${`*a${i - 1},`.repeat(10)}]\n`;
  expect(check(bomb).errors[0]).toContain("more than 250000 values");
});

test("variables come from the environment; unset ones are named", () => {
  const environment = { KEY: "k", EMPTY: "" };
  expect(expandVariables("x$KEY/${KEY}$$", environment)).toEqual({ text: "xk/k$" });
  expect(expandVariables("$NOPE/${EMPTY}", environment)).toEqual({ missing: ["NOPE", "EMPTY"] });
});
