/** `pyrometer test rules`: promtool's unit test files, with its flags and exit codes. */
import { writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { compileSearch, RegexError } from "../model/index.ts";
import type { RuleTestReport } from "../rules/index.ts";
import { printJunit, runRuleTests } from "../rules/index.ts";
import { FileReader } from "../server/index.ts";
import type { Source, SourceError } from "../std/index.ts";

interface TestRulesFlags {
  readonly run?: readonly string[];
  readonly coverage?: boolean;
  readonly junit?: string;
  readonly ignoreUnknownFields?: boolean;
}

export function registerTestRules(test: Command): void {
  const command = test
    .command("rules")
    .description("unit tests of rules, as promtool reads them")
    .argument("<file...>")
    .option("--run <regex>", "only tests whose name matches, anywhere; may be repeated", collect)
    .option("--coverage", "list the rules that gave nothing in any test")
    .option("--junit <file>", "write the outcome as JUnit XML")
    .option("--ignore-unknown-fields", "no warning for fields of rule files that Prometheus lacks")
    .option("--diff", "no effect: what differs is always printed")
    .action((files: string[], flags: TestRulesFlags) => testRules(command, files, flags));
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function testRules(
  command: Command,
  files: readonly string[],
  flags: TestRulesFlags,
): Promise<void> {
  const isWanted = nameFilter(command, flags.run);
  const reports: RuleTestReport[] = [];
  for (const file of files) {
    const report = await testFile(file, isWanted);
    printReport(report, flags);
    reports.push(report);
  }
  if (flags.junit !== undefined) writeFileSync(flags.junit, printJunit(reports));
  const tests = reports.flatMap((report) => report.tests);
  // A file that cannot be read counts as one test that failed.
  const brokenCount = reports.filter(({ errors }) => errors.length > 0).length;
  const failedCount = tests.filter(({ failures }) => failures.length > 0).length;
  console.log(`${tests.length - failedCount} passed, ${failedCount + brokenCount} failed`);
  if (failedCount + brokenCount > 0) process.exitCode = 1;
}

function nameFilter(
  command: Command,
  patterns: readonly string[] | undefined,
): ((name: string) => boolean) | undefined {
  if (patterns === undefined) return undefined;
  try {
    const search = compileSearch(patterns.join("|"));
    return (name) => search.test(name);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return command.error(`error: --run: ${error.message}`);
  }
}

async function testFile(
  file: string,
  isWanted: ((name: string) => boolean) | undefined,
): Promise<RuleTestReport> {
  const reader = new FileReader();
  const unreadable: SourceError[] = [];
  const source = reader.read(file, unreadable);
  const folder = dirname(file);
  const report = await runRuleTests(source ?? { name: file, text: "" }, {
    readRuleFiles(pattern) {
      const paths = reader.glob(isAbsolute(pattern) ? pattern : join(folder, pattern));
      const sources = paths.map((path) => reader.read(path, unreadable));
      return sources.filter((one): one is Source => one !== undefined);
    },
    ...(isWanted === undefined ? {} : { isWanted }),
  });
  return { ...report, errors: [...unreadable, ...report.errors] };
}

function printReport(
  { file, tests, errors, warnings, coverage }: RuleTestReport,
  flags: TestRulesFlags,
): void {
  for (const warning of warnings) {
    if (flags.ignoreUnknownFields && warning.code === "config/unknown-key") continue;
    console.error(`warning: ${warning.render()}`);
  }
  for (const error of errors) console.error(error.render());
  for (const { error, differences } of tests.flatMap(({ failures }) => failures)) {
    console.error(error.render());
    for (const line of differences) console.error(`    ${line}`);
  }
  const failed = tests.filter(({ failures }) => failures.length > 0);
  const verdict = failed.length + errors.length > 0 ? "FAILED" : "ok";
  const covered = coverage.filter(({ hasResult }) => hasResult);
  console.log(
    `${file}: ${verdict} (${tests.length - failed.length} of ${tests.length} tests passed; ` +
      `${covered.length} of ${coverage.length} rules gave a result in some test)`,
  );
  if (!flags.coverage) return;
  for (const { file: path, group, rule, hasResult } of coverage) {
    if (!hasResult) console.log(`  no result: ${path}: ${group}: ${rule}`);
  }
}
