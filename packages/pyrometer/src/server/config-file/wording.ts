import type { SourceError } from "../../std/index.ts";

/** Faults that Prometheus' YAML library finds, before its own checks. */
const UNMARSHAL = /field \S+ (?:not found|already set) in type|: it is .+, expected a /;

/** Where our words for a value differ from theirs. */
const TRANSLATIONS = [
  [/^Cannot parse duration (".*"): unknown unit (".*?").*$/s, "unknown unit $2 in duration $1"],
  [/^Cannot parse duration "": .*$/s, "empty duration string"],
  [/^Cannot parse duration (".*"): out of range$/s, "duration out of range"],
  [/^Cannot parse duration (".*"): .*$/s, "not a valid duration string: $1"],
  [/^Cannot compile regex ".*": (error parsing regexp: .*)$/s, "$1"],
  [/^Cannot read key ".*": (field .*)$/s, "$1"],
  [/^Cannot parse YAML: (.*)$/s, "yaml: $1"],
] as const;

/**
 * The fault as Prometheus and promtool would print it, for people and scripts that look for their
 * words: `parsing YAML file prometheus.yml: job_name is empty`.
 */
export function prometheusWording({ line, problem, source }: SourceError): string {
  const [pattern, words] = TRANSLATIONS.find(([ours]) => ours.test(problem)) ?? [];
  const text = pattern ? problem.replace(pattern, words ?? "") : problem;
  const place = UNMARSHAL.test(problem) ? `yaml: unmarshal errors: line ${line}: ` : "";
  return `parsing YAML file ${source.name}: ${place}${text}`;
}
