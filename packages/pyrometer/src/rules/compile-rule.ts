/** A rule made ready to run: its templates parsed once. */
import { assert } from "../std/index.ts";
import type { AlertTemplate } from "./alert-template.ts";
import { parseAlertTemplate } from "./alert-template.ts";
import type { AlertingRuleConfig, RecordingRuleConfig, RuleConfig } from "./rule-config.ts";

export interface RecordingRule {
  readonly kind: "recording";
  readonly config: RecordingRuleConfig;
}

export interface AlertingRule {
  readonly kind: "alerting";
  readonly config: AlertingRuleConfig;
  readonly labels: readonly NamedTemplate[];
  readonly annotations: readonly NamedTemplate[];
}

export type Rule = RecordingRule | AlertingRule;

export interface NamedTemplate {
  readonly name: string;
  readonly template: AlertTemplate;
}

export function compileRule(config: RuleConfig): Rule {
  if (config.kind === "recording") return { kind: "recording", config };
  const { name, labels, annotations } = config;
  return {
    kind: "alerting",
    config,
    labels: compileTexts(name, labels),
    annotations: compileTexts(name, annotations),
  };
}

function compileTexts(alertName: string, texts: Readonly<Record<string, string>>): NamedTemplate[] {
  return Object.entries(texts).map(([name, text]) => {
    const { template } = parseAlertTemplate(alertName, text);
    assert(template !== undefined, `BUG: the loader let the template ${name} through: ${text}`);
    return { name, template };
  });
}
