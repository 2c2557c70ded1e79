/** What running a unit test file gives. */
import type { SourceError } from "../../std/index.ts";

export interface RuleTestReport {
  /** As it was named. */
  readonly file: string;
  readonly tests: readonly RuleTestResult[];
  /** The test file, or a rule file it names, cannot be read: no test ran. */
  readonly errors: readonly SourceError[];
  readonly warnings: readonly SourceError[];
  readonly coverage: readonly RuleCoverage[];
}

export interface RuleTestResult {
  /** As in the file; "unnamed#0", counted from 0, where it has none. */
  readonly name: string;
  /** None: it passed. */
  readonly failures: readonly RuleTestFailure[];
}

export interface RuleTestFailure {
  /** At the expectation, or at what keeps the test from running. */
  readonly error: SourceError;
  /** Line by line, which series or alerts differ and in what. */
  readonly differences: readonly string[];
}

export interface RuleCoverage {
  readonly file: string;
  readonly group: string;
  readonly rule: string;
  /** Whether it recorded a series, or had a pending or firing alert, in any test. */
  readonly hasResult: boolean;
}
