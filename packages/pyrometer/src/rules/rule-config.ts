/** What a rule file says, checked: durations in milliseconds, absent things filled in. Plain data. */

type Texts = Readonly<Record<string, string>>;

export interface RuleGroupConfig {
  readonly name: string;
  /** undefined: the configuration's evaluation interval. */
  readonly intervalMs: number | undefined;
  /** Rules look this far back, for data that arrives late. */
  readonly queryOffsetMs: number;
  /** Series a recording rule, or alerts an alerting rule, may make; 0 is no limit. */
  readonly limit: number;
  readonly rules: readonly RuleConfig[];
}

export interface RecordingRuleConfig {
  readonly kind: "recording";
  /** The metric it writes. */
  readonly name: string;
  readonly expr: string;
  /** The group's labels with the rule's own on top. */
  readonly labels: Texts;
}

export interface AlertingRuleConfig {
  readonly kind: "alerting";
  readonly name: string;
  readonly expr: string;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Templates. The group's labels with the rule's own on top. */
  readonly labels: Texts;
  /** Templates. */
  readonly annotations: Texts;
}

export type RuleConfig = RecordingRuleConfig | AlertingRuleConfig;
