import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { parseTargetGroups } from "./target-groups.ts";

function check(text: string) {
  const { value, errors } = parseTargetGroups({ name: "t.yml", text });
  return errors.length > 0 ? errors.map((error) => error.message) : value;
}

test("groups have addresses, labels and a name of their own", () => {
  expect(
    check('[{"targets": ["a:1", "b:2"], "labels": {"env": "prod"}}, {"targets": []}]'),
  ).toEqual([
    {
      source: "t.yml:0",
      targets: [{ __address__: "a:1" }, { __address__: "b:2" }],
      labels: { env: "prod" },
    },
    { source: "t.yml:1", targets: [], labels: {} },
  ]);
  expect(check("")).toEqual([]);
});

test("one fault refuses the document, and says where it is", () => {
  expect(check("- targets: [a]\n- null\n")).toEqual(["t.yml:2:3: nil target group item found"]);
  expect(check("- {targets: a, label: {}}")).toEqual([
    "t.yml:1:13: Cannot read this value: it is a text, expected a list",
    't.yml:1:16: Cannot read key "label": field label not found in type targetgroup.Group',
  ]);
  expect(check("- {targets: [], labels: {'': x}}")).toEqual([
    't.yml:1:26: "" is not a valid label name',
  ]);
});

const root = conformanceDir();
if (root) {
  const dir = join(root, "scrapecfg/sd-fixtures");
  const names = readdirSync(dir).filter((name) => /^(file|http)__/.test(name));
  test.each(names)("fixture %s comes out as its name says", (name) => {
    const text = readFileSync(join(dir, name), "utf8");
    const { value } = parseTargetGroups({ name, text });
    expect(value === undefined).toBe(name.includes("invalid"));
  });
}
