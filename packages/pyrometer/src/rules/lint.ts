/** What is allowed in a rule file and probably a mistake. For people who ask, not for the server's log. */
import { load, parseYaml, problemAt } from "../config/index.ts";
import type { Source, SourceError } from "../std/index.ts";
import { ruleFile } from "./sections.ts";

/**
 * Rules of one name and one set of labels, whatever their expressions: recorded series would meet.
 * Each but the first is told, at its place.
 *
 * Source: Prometheus cmd/promtool/main.go, checkDuplicates
 */
export function findDuplicateRules(source: Source): SourceError[] {
  const yaml = parseYaml(source);
  const groups = load(yaml, ruleFile).value?.groups ?? [];
  const seen = new Set<string>();
  const found: SourceError[] = [];
  for (const [groupIndex, group] of groups.entries()) {
    for (const [index, rule] of (group.rules ?? []).entries()) {
      const name = rule.alert || rule.record || "";
      const labels = { ...group.labels, ...rule.labels };
      const key = JSON.stringify([name, Object.entries(labels).sort()]);
      if (seen.has(key)) {
        const problem = `duplicate rule: another ${JSON.stringify(name)} with the same labels stands above`;
        const path = ["groups", groupIndex, "rules", index];
        found.push(problemAt(yaml, { code: "rules/duplicate-rule", problem, path }));
      }
      seen.add(key);
    }
  }
  return found;
}
