/** promtool's own unit test files, and those of real rule sets: each must give the exit code recorded. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, test } from "vitest";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { runRuleTests } from "./run.ts";

/** What we do not do as recorded, each held to what happens today. */
const EXCEPTIONS: Readonly<Record<string, { readonly exit: number; readonly why: string }>> = {
  "etcd/test.yaml": {
    exit: 1,
    why: "it counts on 2.x, where a sample exactly five minutes old is still seen; promtool 3.14 exits 1",
  },
};

/**
 * Of files that take long (the largest half a minute; promtool 50 s) every nth test is run here.
 * All of them pass: `pyrometer test rules` on the whole files says so.
 */
const STRIDES: Readonly<Record<string, number>> = {
  "kubernetes-mixin/tests/tests.yaml": 20,
  "kubernetes-mixin/tests/absent_alert-test.yaml": 7,
  "kubernetes-mixin/tests/rules-pod-owner-test.yaml": 3,
  "kubernetes-mixin/tests/kube_scheduler-test.yaml": 3,
  "kubernetes-mixin/tests/resource_alerts-test.yaml": 2,
  "kubernetes-mixin/tests/apps_alerts-test.yaml": 2,
};

const dir = join(conformanceDir() ?? "", "promtool");
const table = join(dir, "expected.tsv");
const rows = existsSync(table) ? readFileSync(table, "utf8").trim().split("\n").slice(1) : [];

test.each(rows.map((row) => row.split("\t")))("%s exits %i", async (file, recorded) => {
  const path = join(dir, file!);
  const source = { name: path, text: readFileSync(path, "utf8") };
  const report = await runRuleTests(source, {
    readRuleFiles: (pattern) =>
      globSync(join(dirname(path), pattern)).map((name) => {
        return { name, text: readFileSync(name, "utf8") };
      }),
    isWanted: (_name, index) => index % (STRIDES[file!] ?? 1) === 0,
  });
  const failures = report.tests.flatMap((one) => one.failures.map(({ error }) => error));
  const exit = report.errors.length + failures.length > 0 ? 1 : 0;
  const exception = EXCEPTIONS[file!];
  expect(exception?.exit).not.toBe(Number(recorded));
  const messages = [...report.errors, ...failures].map(({ message }) => message);
  expect(exit, messages.join("\n")).toBe(exception?.exit ?? Number(recorded));
  expect(report.tests.length + report.errors.length).toBeGreaterThan(0);
});
