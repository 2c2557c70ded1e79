/**
 * Reads a rule file: groups of recording and alerting rules, as Prometheus' rulefmt has them.
 * Every expression and template is parsed here, and its faults placed in the file, so that a group
 * that loads can run.
 */
import type { Loaded, LoadOptions } from "../config/index.ts";
import { load, parseYaml } from "../config/index.ts";
import type { LanguageFeatures } from "../promql/index.ts";
import type { Source, SourceError } from "../std/index.ts";
import { checkGroups } from "./check-groups.ts";
import type { RuleConfig, RuleGroupConfig } from "./rule-config.ts";
import type { GroupSection, RuleSection } from "./sections.ts";
import { ruleFile } from "./sections.ts";

export interface RuleFileOptions extends LoadOptions {
  /** Experimental parts of PromQL to take; all of them unless given. */
  readonly language?: LanguageFeatures;
}

/** Never throws for what is in the text. Warnings: what is probably not meant. */
export function loadRuleFile(
  source: Source,
  { language, ...options }: RuleFileOptions = {},
): Loaded<readonly RuleGroupConfig[]> {
  const yaml = parseYaml(source);
  const loaded = load(yaml, ruleFile, options);
  const groups = loaded.value?.groups ?? [];
  const faults = checkGroups(yaml, groups, language);
  const errors = [...loaded.errors, ...faults.errors].sort(byPlace);
  return {
    value: errors.length === 0 ? groups.map(toGroupConfig) : undefined,
    errors,
    warnings: [...loaded.warnings, ...faults.warnings].sort(byPlace),
  };
}

function byPlace(a: SourceError, b: SourceError): number {
  return a.span.start - b.span.start;
}

function toGroupConfig(section: GroupSection): RuleGroupConfig {
  return {
    name: section.name ?? "",
    // 0 means "not set" there too.
    intervalMs: section.interval || undefined,
    queryOffsetMs: section.query_offset ?? 0,
    limit: section.limit ?? 0,
    rules: (section.rules ?? []).map((one) => toRuleConfig(one, section.labels ?? {})),
  };
}

function toRuleConfig(
  section: RuleSection,
  groupLabels: Readonly<Record<string, string>>,
): RuleConfig {
  const { record = "", alert = "", expr = "" } = section;
  const labels = { ...groupLabels, ...section.labels };
  if (record !== "") return { kind: "recording", name: record, expr, labels };
  return {
    kind: "alerting",
    name: alert,
    expr,
    forMs: section.for ?? 0,
    keepFiringForMs: section.keep_firing_for ?? 0,
    labels,
    annotations: section.annotations ?? {},
  };
}
