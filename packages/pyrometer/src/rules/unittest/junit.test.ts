import { expect, test } from "vitest";
import { SourceError } from "../../std/index.ts";
import { printJunit } from "./junit.ts";
import type { RuleTestReport } from "./report.ts";

const source = { name: "a.yml", text: "tests: <x>" };

function report(more: Partial<RuleTestReport>): RuleTestReport {
  return { file: "a.yml", tests: [], errors: [], warnings: [], coverage: [], ...more };
}

test("a suite per file, a case per test, texts escaped", () => {
  const span = { start: 7, end: 10 };
  const error = new SourceError("rules/unit-test", 'not "<x>"\u0001', { source, span });
  const failures = [{ error, differences: ["missing: a & b"] }];
  const tests = [
    { name: "good", failures: [] },
    { name: "bad", failures },
  ];
  const text = printJunit([report({ tests }), report({ file: "b.yml", errors: [error] })]);
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a.yml" tests="2" failures="1" errors="0">
    <testcase name="good" classname="a.yml"/>
    <testcase name="bad" classname="a.yml">
      <failure message="not &quot;&lt;x&gt;&quot;\ufffd">a.yml:1:8: not &quot;&lt;x&gt;&quot;\ufffd
missing: a &amp; b</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.yml" tests="0" failures="0" errors="1">
    <testcase name="load" classname="b.yml">
      <error message="a.yml:1:8: not &quot;&lt;x&gt;&quot;\ufffd">a.yml:1:8: not &quot;&lt;x&gt;&quot;\ufffd</error>
    </testcase>
  </testsuite>
</testsuites>
`);
});
