export type { TemplateErrorCode } from "./errors.ts";
export { ArgumentError, FunctionError, TemplateError } from "./errors.ts";
export { escapeHtml, escapePath, escapeQuery } from "./escape.ts";
export type { Functions, MissingKey } from "./executor.ts";
export { printValue, sprintf } from "./format.ts";
export type { AlertmanagerFunctionDeps } from "./functions/alertmanager.ts";
export { createAlertmanagerFunctions, toJson } from "./functions/alertmanager.ts";
export { commonFunctions } from "./functions/common.ts";
export {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from "./functions/humanize.ts";
export { prometheusFunctions, queryResult, querySample } from "./functions/prometheus.ts";
export { takes } from "./functions/takes.ts";
export { GoDuration } from "./go-duration.ts";
export { GoTime } from "./go-time.ts";
export type { TemplateLimits } from "./limits.ts";
export { SafeText } from "./safe-text.ts";
export type { ExecuteOptions, TemplateOptions, TemplateSet } from "./template-set.ts";
export { parseTemplates } from "./template-set.ts";
export type { TemplateFunction, TemplateObject, TemplateValue } from "./value.ts";
export { named, struct } from "./value.ts";
