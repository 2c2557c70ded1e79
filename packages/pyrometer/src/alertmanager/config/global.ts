/** The global section: what integrations fall back on. */
import type { z } from "zod";
import { boolean, durationMs, section, text } from "../../config/index.ts";
import { MS_PER_MINUTE } from "../../std/index.ts";
import { SLACK_APP_URL } from "../receivers/slack/urls.ts";
import { atMostOne, checked, hostPort, isGiven, urlText } from "./checks.ts";
import { httpSchema, tlsSchema } from "./http.ts";

const RESOLVE_TIMEOUT_MS = 5 * MS_PER_MINUTE;

const EXCLUSIVE = [
  ["slack_app_token", "slack_app_token_file"],
  ["slack_api_url", "slack_api_url_file"],
  ["opsgenie_api_key", "opsgenie_api_key_file"],
  ["victorops_api_key", "victorops_api_key_file"],
  ["telegram_bot_token", "telegram_bot_token_file"],
  ["smtp_auth_password", "smtp_auth_password_file"],
  ["rocketchat_token", "rocketchat_token_file"],
  ["rocketchat_token_id", "rocketchat_token_id_file"],
  ["smtp_auth_secret", "smtp_auth_secret_file"],
  ["wechat_api_secret", "wechat_api_secret_file"],
  ["mattermost_webhook_url", "mattermost_webhook_url_file"],
] as const;

/**
 * Settings of integrations that are not honoured yet carry no warning of their own: the
 * integration's does, where it is used.
 */
export const globalSchema = checked(
  section("config.plain", {
    resolve_timeout: durationMs().default(RESOLVE_TIMEOUT_MS),
    http_config: httpSchema.optional(),
    jira_api_url: urlText().optional(),
    smtp_from: text().optional(),
    smtp_hello: text().optional(),
    smtp_smarthost: hostPort().optional(),
    smtp_auth_username: text().optional(),
    smtp_auth_password: text().optional(),
    smtp_auth_password_file: text().optional(),
    smtp_auth_secret: text().optional(),
    smtp_auth_secret_file: text().optional(),
    smtp_auth_identity: text().optional(),
    smtp_require_tls: boolean().optional(),
    smtp_tls_config: tlsSchema.optional(),
    smtp_force_implicit_tls: boolean().optional(),
    slack_api_url: urlText().optional(),
    slack_api_url_file: text().optional(),
    slack_app_token: text().optional(),
    slack_app_token_file: text().optional(),
    slack_app_url: urlText().optional(),
    pagerduty_url: urlText().optional(),
    opsgenie_api_url: urlText().optional(),
    opsgenie_api_key: text().optional(),
    opsgenie_api_key_file: text().optional(),
    wechat_api_url: urlText().optional(),
    wechat_api_secret: text().optional(),
    wechat_api_secret_file: text().optional(),
    wechat_api_corp_id: text().optional(),
    victorops_api_url: urlText().optional(),
    victorops_api_key: text().optional(),
    victorops_api_key_file: text().optional(),
    telegram_api_url: urlText().optional(),
    telegram_bot_token: text().optional(),
    telegram_bot_token_file: text().optional(),
    webex_api_url: urlText().optional(),
    rocketchat_api_url: urlText().optional(),
    rocketchat_token: text().optional(),
    rocketchat_token_file: text().optional(),
    rocketchat_token_id: text().optional(),
    rocketchat_token_id_file: text().optional(),
    mattermost_webhook_url: urlText().optional(),
    mattermost_webhook_url_file: text().optional(),
  }),
  (value, fail) => {
    for (const pair of EXCLUSIVE) atMostOne(value, pair, fail);
    const hasToken = isGiven(value.slack_app_token) || isGiven(value.slack_app_token_file);
    const hasUrl = isGiven(value.slack_api_url) || isGiven(value.slack_api_url_file);
    const appUrl = value.slack_app_url ?? SLACK_APP_URL;
    if (hasToken && hasUrl && value.slack_api_url !== appUrl) {
      fail(
        "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured",
        "slack_app_token",
      );
    }
  },
);

export type RawGlobal = z.output<typeof globalSchema>;
