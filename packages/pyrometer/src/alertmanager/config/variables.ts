/**
 * Variables of the environment in an alertmanager.yml: `$NAME` and `${NAME}`, in fields that hold
 * addresses and keys, and nowhere else. Elsewhere a dollar belongs to templates and regexes.
 *
 * Alertmanager has no such thing; the seed's file does. A value that is not set must not be tried
 * as a URL: it is named, and what needs it is left out.
 */
import type { Environment, YamlFile, YamlPath, YamlValue } from "../../config/index.ts";
import { expandVariables } from "../../config/index.ts";
import { UNSET_URL } from "./checks.ts";

/** A field whose variables are not all set. */
export interface Unset {
  readonly path: YamlPath;
  readonly names: readonly string[];
}

export interface ExpandedFile {
  readonly file: YamlFile;
  readonly unset: readonly Unset[];
}

/** Addresses, which may also be shown unless they are secret as well. */
const URL_FIELDS = new Set([
  "url",
  "api_url",
  "app_url",
  "webhook_url",
  "proxy_url",
  "token_url",
  "slack_api_url",
  "slack_app_url",
  "pagerduty_url",
  "opsgenie_api_url",
  "wechat_api_url",
  "victorops_api_url",
  "telegram_api_url",
  "webex_api_url",
  "rocketchat_api_url",
  "jira_api_url",
  "mattermost_webhook_url",
]);

/** Keys and tokens; none of them may be shown. */
const KEY_FIELDS = new Set([
  "service_key",
  "routing_key",
  "api_key",
  "user_key",
  "token",
  "token_id",
  "bot_token",
  "app_token",
  "bearer_token",
  "alert_source_token",
  "credentials",
  "client_secret",
  "api_secret",
  "access_key",
  "secret_key",
  "slack_app_token",
  "opsgenie_api_key",
  "victorops_api_key",
  "telegram_bot_token",
  "rocketchat_token",
  "rocketchat_token_id",
  "wechat_api_secret",
]);

/** A password may well hold a dollar: it is a variable only when it is nothing else. */
const PASSWORD_FIELDS = new Set([
  "password",
  "auth_password",
  "auth_secret",
  "smtp_auth_password",
  "smtp_auth_secret",
  "key",
  "client_certificate_key",
]);

/** Addresses that give access to whoever knows them. */
const SECRET_URL_FIELDS = new Set([
  "webhook_url",
  "slack_api_url",
  "mattermost_webhook_url",
  "proxy_url",
]);

/** Below these, names are the user's own and mean nothing to us. */
const FREE_FIELDS = ["labels", "details", "attributes", "custom_fields", "fields", "payload"];

function isSetting(path: YamlPath): boolean {
  if (path[0] !== "global" && path[0] !== "receivers") return false;
  return !FREE_FIELDS.some((field) => path.includes(field));
}

/** Whether the value of the field at `path` must never be shown. */
export function isSecret(path: YamlPath): boolean {
  if (!isSetting(path)) return false;
  const field = String(path.at(-1));
  if (KEY_FIELDS.has(field) || PASSWORD_FIELDS.has(field) || SECRET_URL_FIELDS.has(field)) {
    return true;
  }
  if (path.includes("secrets")) return true; // in http_headers: {Name: {secrets: […]}}
  const isSlackWebhook = field === "api_url" && path.includes("slack_configs");
  return isSlackWebhook || (field === "url" && path.includes("webhook_configs"));
}

/** Whether the field at `path` may hold variables. */
function isExpanded(path: YamlPath, value: string): boolean {
  if (!isSetting(path)) return false;
  const field = String(path.at(-1));
  if (PASSWORD_FIELDS.has(field)) return /^\$(\w+|\{\w+\})$/.test(value);
  return URL_FIELDS.has(field) || KEY_FIELDS.has(field);
}

export function expandFile(file: YamlFile, environment: Environment): ExpandedFile {
  const unset: Unset[] = [];
  const walk = (value: YamlValue, path: YamlPath): YamlValue => {
    if (typeof value === "string") {
      if (!value.includes("$") || !isExpanded(path, value)) return value;
      const expanded = expandAround(value, environment);
      if ("text" in expanded) return expanded.text;
      unset.push({ path, names: expanded.missing });
      return URL_FIELDS.has(String(path.at(-1))) ? UNSET_URL : "unset";
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (value === null) return null;
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, field]) => [key, walk(field, [...path, key])]));
  };
  const value = walk(file.value, []);
  const { source, errors, duplicates } = file;
  return {
    file: {
      source,
      errors,
      duplicates,
      value,
      spanOf: (path) => file.spanOf(path),
      keySpanOf: (path) => file.keySpanOf(path),
    },
    unset,
  };
}

/** Leaves `{{ … }}` alone: `$x` is a template's there. */
function expandAround(text: string, environment: Environment) {
  const missing: string[] = [];
  const parts = text.split(/(\{\{[\s\S]*?\}\})/).map((part, index) => {
    if (index % 2 === 1) return part;
    const expanded = expandVariables(part, environment);
    if ("text" in expanded) return expanded.text;
    missing.push(...expanded.missing);
    return "";
  });
  return missing.length > 0 ? { missing } : { text: parts.join("") };
}
