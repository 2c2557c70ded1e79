/** Test reports as JUnit's XML: a suite per file, a case per test, as build servers read it. */
import type { SourceError } from "../../std/index.ts";
import type { RuleTestFailure, RuleTestReport, RuleTestResult } from "./report.ts";

export function printJunit(reports: readonly RuleTestReport[]): string {
  const suites = reports.flatMap(suiteLines).map((line) => `  ${line}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines({ file, tests, errors }: RuleTestReport): string[] {
  const failedCount = tests.filter(({ failures }) => failures.length > 0).length;
  const counts = { tests: tests.length, failures: failedCount, errors: errors.length };
  const attributes = Object.entries({ name: file, ...counts }).map(
    ([name, value]) => `${name}="${escapeXml(String(value))}"`,
  );
  return [
    `<testsuite ${attributes.join(" ")}>`,
    ...tests.flatMap((test) => caseLines(test, file)),
    ...errors.flatMap((error) => errorLines(error, file)),
    "</testsuite>",
  ];
}

function caseLines({ name, failures }: RuleTestResult, file: string): string[] {
  const attributes = `name="${escapeXml(name)}" classname="${escapeXml(file)}"`;
  if (failures.length === 0) return [`  <testcase ${attributes}/>`];
  return [`  <testcase ${attributes}>`, ...failures.map(failureLine), "  </testcase>"];
}

function failureLine({ error, differences }: RuleTestFailure): string {
  const text = [error.message, ...differences].map(escapeXml).join("\n");
  return `    <failure message="${escapeXml(error.problem)}">${text}</failure>`;
}

/** What keeps a file's tests from running is a case of its own: suites have no place for it. */
function errorLines(error: SourceError, file: string): string[] {
  const message = escapeXml(error.message);
  return [
    `  <testcase name="load" classname="${escapeXml(file)}">`,
    `    <error message="${message}">${message}</error>`,
    "  </testcase>",
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

function escapeXml(text: string): string {
  // XML 1.0 has no way at all to hold the other control characters.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return printable.replace(/[&<>"\n]/g, (char) => ENTITIES[char]!);
}
