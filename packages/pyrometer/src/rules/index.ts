export type { AlertSink, OutgoingAlert } from "./alert-sink.ts";
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
