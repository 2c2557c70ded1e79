export type { AlertSink, OutgoingAlert } from "./alert-sink.ts";
export { findDuplicateRules } from "./lint.ts";
export { loadRuleFile } from "./load-rule-file.ts";
export type {
  AlertingRuleConfig,
  RecordingRuleConfig,
  RuleConfig,
  RuleGroupConfig,
} from "./rule-config.ts";
export type {
  RuleFileGroups,
  RuleManager,
  RuleManagerDeps,
  RuleManagerOptions,
} from "./rule-manager.ts";
export { createRuleManager } from "./rule-manager.ts";
export type {
  ActiveAlert,
  AlertingRuleStatus,
  RecordingRuleStatus,
  RuleGroupStatus,
  RuleStatus,
} from "./status.ts";
export { printJunit } from "./unittest/junit.ts";
export type {
  RuleCoverage,
  RuleTestFailure,
  RuleTestReport,
  RuleTestResult,
} from "./unittest/report.ts";
export type { RuleTestDeps } from "./unittest/run.ts";
export { runRuleTests } from "./unittest/run.ts";
