/** Which rules any test has seen do something. A rule that only ever gave nothing is not tested. */
import type { GroupRunner } from "../group-runner.ts";
import type { RuleFileGroups } from "../rule-manager.ts";
import type { RuleCoverage } from "./report.ts";

export class CoverageTracker {
  readonly #seen = new Set<string>();

  /** After an evaluation. */
  note(groups: readonly GroupRunner[]): void {
    for (const { key, records } of groups) {
      for (const [index, { memory }] of records.entries()) {
        if (memory.output.size > 0) this.#seen.add(`${key};${index}`);
      }
    }
  }

  report(files: readonly RuleFileGroups[]): RuleCoverage[] {
    return files.flatMap(({ path: file, groups }) =>
      groups.flatMap(({ name: group, rules }) =>
        rules.map(({ name: rule }, index) => {
          return { file, group, rule, hasResult: this.#seen.has(`${file};${group};${index}`) };
        }),
      ),
    );
  }
}
