/**
 * Runs one test: every rule at every interval from its start to its last expectation, alerts
 * compared on the way, queries asked at the end.
 *
 * Source: Prometheus cmd/promtool/unittest.go, testGroup.test
 */
import type { YamlPath } from "../../config/index.ts";
import { problemAt } from "../../config/index.ts";
import { formatDuration, SourceError } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import { RuleError } from "../evaluate-rule.ts";
import type { GroupRunner } from "../group-runner.ts";
import { EVALUATIONS_PER_TEST_MAX } from "../limits.ts";
import type { RuleFileGroups } from "../rule-manager.ts";
import { placeInScalar } from "../scalar-place.ts";
import { checkAlerts } from "./check-alerts.ts";
import { checkSamples, readExpected } from "./check-samples.ts";
import type { CoverageTracker } from "./coverage.ts";
import { readInputSeries } from "./input-series.ts";
import type { RuleTestFailure } from "./report.ts";
import type { ExprTest, TestFile, TestGroup } from "./test-file.ts";
import type { TestWorld } from "./test-world.ts";
import { createTestWorld } from "./test-world.ts";

export interface TestRun {
  readonly file: TestFile;
  readonly test: TestGroup;
  /** Of the test, in the file. */
  readonly index: number;
  readonly ruleFiles: readonly RuleFileGroups[];
  readonly coverage: CoverageTracker;
}

export async function runTest(run: TestRun): Promise<readonly RuleTestFailure[]> {
  const report = new FailureReport(run);
  const { series } = readInput(run, report);
  if (report.failures.length > 0) return report.failures;
  const world = createTestWorld({ ...run, input: series });
  const isComplete = await evaluateRules(world, run, report);
  if (!isComplete) return report.failures;
  for (const [index, test] of run.test.promql_expr_test.entries()) {
    await askQuery(test, index, { world, run, report });
  }
  return report.failures;
}

/** Collects what fails, each with its place in the test file. */
class FailureReport {
  readonly failures: RuleTestFailure[] = [];
  readonly #run: TestRun;

  constructor(run: TestRun) {
    this.#run = run;
  }

  /** @param path below the test */
  add(path: YamlPath, problem: string, differences: readonly string[] = []): void {
    const { file, index } = this.#run;
    const code = "rules/unit-test";
    const error = problemAt(file.yaml, { code, problem, path: ["tests", index, ...path] });
    this.failures.push({ error, differences });
  }

  /** At the characters of a field's text that `cause` points to. */
  addWithin(
    path: YamlPath,
    problem: string,
    { text, cause }: { text: string; cause: SourceError },
  ) {
    const { file, index } = this.#run;
    const fullPath = ["tests", index, ...path];
    const span = placeInScalar(file.yaml, fullPath, { text, within: cause.span });
    const options = { source: file.yaml.source, span, hint: cause.hint };
    const error = new SourceError(cause.code, problem, options);
    this.failures.push({ error, differences: [] });
  }
}

/** Everything about the test that can be said before it runs. */
function readInput({ file, test }: TestRun, report: FailureReport) {
  const input = readInputSeries(test.input_series);
  for (const { index, field, problem } of input.problems) {
    report.add(["input_series", index, field], `Cannot read series: ${problem}`);
  }
  for (const [index, { alertname, eval_time: evalTime }] of test.alert_rule_test.entries()) {
    if (alertname !== "") continue;
    const time = formatDuration(evalTime);
    const problem = `an item under alert_rule_test misses required attribute alertname at eval_time ${time}`;
    report.add(["alert_rule_test", index], problem);
  }
  const evaluationCount = lastEvalTime(test) / file.evaluationIntervalMs;
  if (evaluationCount > EVALUATIONS_PER_TEST_MAX) {
    const span = formatDuration(lastEvalTime(test));
    const interval = formatDuration(file.evaluationIntervalMs);
    const problem = `Cannot run the test: ${span} in steps of ${interval} are more than ${EVALUATIONS_PER_TEST_MAX} evaluations`;
    report.add([], problem);
  }
  return input;
}

function lastEvalTime(test: TestGroup): number {
  const tests = [...test.alert_rule_test, ...test.promql_expr_test];
  return Math.max(0, ...tests.map(({ eval_time: evalTime }) => evalTime));
}

/** @returns whether it came to the end: a rule that fails ends the test, as in promtool */
async function evaluateRules(
  world: TestWorld,
  { file, test, coverage }: TestRun,
  report: FailureReport,
): Promise<boolean> {
  const alertTests = [...test.alert_rule_test.entries()].sort(
    ([, a], [, b]) => a.eval_time - b.eval_time,
  );
  const stepMs = file.evaluationIntervalMs;
  const lastMs = lastEvalTime(test);
  for (let sinceStartMs = 0; sinceStartMs <= lastMs; sinceStartMs += stepMs) {
    await world.evaluate(world.startMs + sinceStartMs);
    coverage.note(world.groups);
    if (reportBrokenRules(world.groups, sinceStartMs, report)) return false;
    // An expectation between two evaluations is about the earlier one.
    while ((alertTests[0]?.[1].eval_time ?? Infinity) < sinceStartMs + stepMs) {
      const [index, alertTest] = alertTests.shift()!;
      const differences = checkAlerts(alertTest, world.groups);
      if (differences.length === 0) continue;
      const time = formatDuration(alertTest.eval_time);
      const problem = `${title(test)}alert ${alertTest.alertname} at ${time}: not the alerts expected`;
      report.add(["alert_rule_test", index], problem, differences);
    }
  }
  return true;
}

function title({ name }: TestGroup): string {
  return name === "" ? "" : `${name}: `;
}

function reportBrokenRules(
  groups: readonly GroupRunner[],
  sinceStartMs: number,
  report: FailureReport,
): boolean {
  let isBroken = false;
  for (const { records, config } of groups) {
    for (const { health, lastError, rule } of records) {
      if (health !== "err") continue;
      isBroken = true;
      const which = `rule "${rule.config.name}" of group "${config.name}"`;
      report.add([], `Cannot evaluate ${which} at ${formatDuration(sinceStartMs)}: ${lastError}`);
    }
  }
  return isBroken;
}

async function askQuery(
  test: ExprTest,
  index: number,
  { world, run, report }: { world: TestWorld; run: TestRun; report: FailureReport },
): Promise<void> {
  const path = ["promql_expr_test", index];
  const { expr, eval_time: evalTime } = test;
  const expected = readExpected(test.exp_samples);
  for (const { index: at, field, problem } of expected.problems) {
    report.add([...path, "exp_samples", at, field], `Cannot read the sample expected: ${problem}`);
  }
  if (expected.problems.length > 0) return;
  try {
    const differences = await checkSamples(expr, {
      expected: expected.items,
      backend: world.backend,
      timeMs: world.startMs + evalTime,
      isFuzzy: run.file.isFuzzy,
    });
    if (differences.length === 0) return;
    const time = formatDuration(evalTime);
    const problem = `${title(run.test)}${expr.trim()} at ${time}: not the samples expected`;
    report.add(path, problem, differences);
  } catch (error) {
    if (!(error instanceof QueryError || error instanceof RuleError)) throw error;
    const problem = `Cannot answer "${expr.trim()}": ${error.message}`;
    const { cause } = error;
    if (cause instanceof SourceError) {
      report.addWithin([...path, "expr"], problem, { text: expr, cause });
    } else report.add([...path, "expr"], problem);
  }
}
