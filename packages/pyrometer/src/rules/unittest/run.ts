/**
 * `pyrometer test rules`: unit tests of rules, in promtool's files and with its verdicts.
 *
 * Beyond promtool: every fault has its place in the file, what differs is named series by series,
 * and rules that no test has seen do anything are listed.
 */
import { problemAt } from "../../config/index.ts";
import type { Source, SourceError } from "../../std/index.ts";
import { loadRuleFile } from "../load-rule-file.ts";
import type { RuleFileGroups } from "../rule-manager.ts";
import { CoverageTracker } from "./coverage.ts";
import type { RuleTestReport, RuleTestResult } from "./report.ts";
import { runTest } from "./run-test.ts";
import type { TestFile } from "./test-file.ts";
import { loadTestFile } from "./test-file.ts";

export interface RuleTestDeps {
  /** What an entry of `rule_files` names, read: a path or a pattern, relative to the test file. */
  readRuleFiles(pattern: string): readonly Source[];
  /** Which tests run, by name ("" where they have none) and place in the file; all unless given. */
  readonly isWanted?: (name: string, index: number) => boolean;
}

/** Never throws for what is in the files. */
export async function runRuleTests(source: Source, deps: RuleTestDeps): Promise<RuleTestReport> {
  const { file, errors } = loadTestFile(source);
  const nothing = { file: source.name, tests: [], coverage: [], warnings: [] };
  if (file === undefined) return { ...nothing, errors };
  const rules = loadRuleFiles(file, deps);
  const { warnings } = rules;
  if (rules.errors.length > 0) return { ...nothing, warnings, errors: rules.errors };
  const coverage = new CoverageTracker();
  const tests: RuleTestResult[] = [];
  const { files: ruleFiles } = rules;
  for (const [index, test] of file.tests.entries()) {
    if (deps.isWanted && !deps.isWanted(test.name, index)) continue;
    const failures = await runTest({ file, test, index, ruleFiles, coverage });
    tests.push({ name: test.name || `unnamed#${index}`, failures });
  }
  return { ...nothing, tests, errors, warnings, coverage: coverage.report(ruleFiles) };
}

interface LoadedRules {
  readonly files: readonly RuleFileGroups[];
  readonly errors: readonly SourceError[];
  readonly warnings: readonly SourceError[];
}

/**
 * Keys that nobody knows are warnings here. Whoever tests rules may run them on Thanos, Mimir or
 * Loki, which have keys of their own; `check rules` is where Prometheus' strictness is asked for.
 */
function loadRuleFiles({ yaml, ruleFiles }: TestFile, deps: RuleTestDeps): LoadedRules {
  const files = new Map<string, RuleFileGroups>();
  const errors: SourceError[] = [];
  const warnings: SourceError[] = [];
  for (const [index, pattern] of ruleFiles.entries()) {
    const sources = deps.readRuleFiles(pattern);
    if (sources.length === 0) {
      const problem = `no file matches pattern "${pattern}"`;
      const path = ["rule_files", index];
      warnings.push(problemAt(yaml, { code: "rules/no-rule-file", problem, path }));
    }
    for (const source of sources.filter(({ name }) => !files.has(name))) {
      const loaded = loadRuleFile(source, { unknownKeys: "warning" });
      errors.push(...loaded.errors);
      warnings.push(...loaded.warnings);
      files.set(source.name, { path: source.name, groups: loaded.value ?? [] });
    }
  }
  return { files: [...files.values()], errors, warnings };
}
