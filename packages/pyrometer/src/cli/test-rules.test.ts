/** `pyrometer test rules` as it is typed: what it prints, writes and exits with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "./main.ts";

let dir = "";
let printed: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pyrometer-test-rules-"));
  printed = [];
  for (const method of ["log", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((line) => printed.push(String(line)));
  }
  writeFileSync(
    join(dir, "a.rules.yml"),
    "groups: [{name: g, rules: [{record: r, expr: a}, {record: s, expr: b}]}]",
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

/** @returns the exit code */
async function run(tests: string, ...flags: string[]): Promise<number> {
  const file = join(dir, "test.yml");
  writeFileSync(file, tests);
  await main(["node", "pyrometer", "test", "rules", ...flags, file]);
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return code;
}

const TESTS = `
rule_files: ["*.rules.yml"]
tests:
- name: good
  input_series: [{series: a, values: 1}]
  promql_expr_test: [{expr: r, exp_samples: [{labels: r, value: 1}]}]
- name: bad
  input_series: [{series: a, values: 1}]
  promql_expr_test: [{expr: r, exp_samples: [{labels: r, value: 2}]}]
`;

test("a failing test is printed with its place and what differs, and exits 1", async () => {
  expect(await run(TESTS)).toBe(1);
  expect(printed[0]).toContain("test.yml:9:22: bad: r at 0s: not the samples expected");
  expect(printed).toContain("        value: expected 2, got 1");
  expect(printed.at(-1)).toBe("1 passed, 1 failed");
});

test("--run picks tests by name; rules without a result are listed on request", async () => {
  expect(await run(TESTS, "--run", "go+d", "--run", "^nosuch$", "--coverage")).toBe(0);
  expect(printed.at(-1)).toBe("1 passed, 0 failed");
  expect(printed.join("\n")).toContain("1 of 2 rules gave a result");
  expect(printed.some((line) => line.startsWith("  no result: ") && line.endsWith("g: s"))).toBe(
    true,
  );
  expect(await run(TESTS, "--run", "(")).toBe(2);
});

test("--junit writes a file for build servers", async () => {
  const junit = join(dir, "junit.xml");
  expect(await run(TESTS, "--junit", junit)).toBe(1);
  expect(readFileSync(junit, "utf8")).toContain('tests="2" failures="1" errors="0"');
});

test("a file that cannot be read, or whose rules are broken, fails", async () => {
  await main(["node", "pyrometer", "test", "rules", join(dir, "none.yml")]);
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  expect(printed.at(-1)).toBe("0 passed, 1 failed");
  writeFileSync(join(dir, "b.rules.yml"), "groups: [{name: g, rules: [{record: r, expr: '('}]}]");
  expect(await run(TESTS)).toBe(1);
  expect(printed.at(-1)).toBe("0 passed, 1 failed");
});

test("fields that Prometheus does not know are warnings, and silent when asked", async () => {
  writeFileSync(join(dir, "b.rules.yml"), "groups: [{name: h, team: x}]");
  const tests = 'rule_files: ["*.rules.yml"]\ntests: [{}]';
  expect(await run(tests)).toBe(0);
  expect(printed.join("\n")).toContain("field team not found");
  printed = [];
  expect(await run(tests, "--ignore-unknown-fields")).toBe(0);
  expect(printed.join("\n")).not.toContain("team");
});
