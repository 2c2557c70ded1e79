/**
 * The integrations that Alertmanager has and we do not yet: their sections are read and checked,
 * so that a file that loads here loads there, and one with a fault is refused with its reason.
 */
import { z } from "zod";
import { boolean, durationMs, integer, listOf, mapOf, section, text } from "../../config/index.ts";
import { checkTemplateText } from "../templates/renderer.ts";
import { atMostOne, checked, goDurationMs, hostPort, isGiven, urlText } from "./checks.ts";
import { httpSchema, tlsSchema } from "./http.ts";

type Values = Readonly<Record<string, unknown>>;
type Refuse = (message: string, field?: string) => void;

const shared = {
  send_resolved: boolean().optional(),
  http_config: httpSchema.optional(),
};

/** Fields that are plain texts, all optional. */
function texts<const N extends string>(...names: readonly N[]) {
  return Object.fromEntries(names.map((name) => [name, text().optional()])) as {
    [K in N]: z.ZodOptional<z.ZodString>;
  };
}

function requireOne(value: Values, [a, b]: readonly [string, string], fail: Refuse): void {
  if (!isGiven(value[a]) && !isGiven(value[b])) fail(`one of ${a} or ${b} must be configured`);
  atMostOne(value, [a, b], fail);
}

export const emailSchema = checked(
  section("config.plain", {
    send_resolved: boolean().optional(),
    ...texts("to", "from", "hello", "html", "text", "auth_username", "auth_identity"),
    ...texts("auth_password", "auth_password_file", "auth_secret", "auth_secret_file"),
    smarthost: hostPort().optional(),
    headers: mapOf(text()).optional(),
    require_tls: boolean().optional(),
    tls_config: tlsSchema.optional(),
    force_implicit_tls: boolean().optional(),
    threading: section("config.ThreadingConfig", {
      enabled: boolean().default(false),
      thread_by_date: text().optional(),
    }).optional(),
  }),
  ({ to, headers = {}, threading }, fail) => {
    if (!isGiven(to)) fail("missing to address in email config");
    const names = Object.keys(headers).map(canonicalHeader);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index)
        fail(`duplicate header "${name}" in email config`, "headers");
    }
    if (!threading?.enabled) return;
    for (const name of ["References", "In-Reply-To"]) {
      if (!names.includes(name)) continue;
      fail(
        `conflicting configuration: threading.enabled conflicts with custom ${name} header`,
        "headers",
      );
    }
    if (threading.thread_by_date !== "none" && threading.thread_by_date !== "daily") {
      fail("threading.thread_by_date must be either 'none' or 'daily'", "threading");
    }
  },
);

/** `X-CUSTOM-header` is `X-Custom-Header`. */
function canonicalHeader(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

export const opsgenieSchema = checked(
  section("opsgenie.plain", {
    ...shared,
    ...texts("api_key", "api_key_file", "message", "description", "source", "entity"),
    ...texts("actions", "tags", "note", "priority"),
    api_url: urlText().optional(),
    details: mapOf(text()).optional(),
    responders: listOf(
      section("opsgenie.OpsGenieConfigResponder", texts("id", "name", "username", "type")),
    ).default([]),
    update_alerts: boolean().optional(),
  }),
  (value, fail) => {
    atMostOne(value, ["api_key", "api_key_file"], fail);
    for (const { id, name, username, type = "" } of value.responders) {
      const refuse = (problem: string) => fail(`opsGenieConfig responder ${problem}`, "responders");
      if (![id, name, username].some(isGiven)) {
        refuse("has to have at least one of id, username or name specified");
      }
      const [fault] = checkTemplateText(type);
      const isKnown = /^(team|teams|user|escalation|schedule)$/i.test(type);
      if (fault) refuse(`type contains invalid template syntax: ${fault.problem}`);
      else if (!type.includes("{{") && !isKnown) {
        refuse("type does not match valid options ^(team|teams|user|escalation|schedule)$");
      }
    }
  },
);

export const wechatSchema = checked(
  section("config.plain", {
    ...shared,
    ...texts("api_secret", "api_secret_file", "corp_id", "message", "to_user", "to_party"),
    ...texts("to_tag", "agent_id", "message_type"),
    api_url: urlText().optional(),
  }),
  (value, fail) => {
    const type = value.message_type ?? "text";
    if (!/^(text|markdown|)$/.test(type)) {
      fail(
        `weChat message type "${type}" does not match valid options ^(text|markdown)$`,
        "message_type",
      );
    }
    atMostOne(value, ["api_secret", "api_secret_file"], fail);
  },
);

export const pushoverSchema = checked(
  section("pushover.plain", {
    ...shared,
    ...texts("user_key", "user_key_file", "token", "token_file", "title", "message", "url"),
    ...texts("url_title", "device", "sound", "priority"),
    retry: goDurationMs().optional(),
    expire: goDurationMs().optional(),
    ttl: goDurationMs().optional(),
    html: boolean().optional(),
    monospace: boolean().optional(),
  }),
  (value, fail) => {
    requireOne(value, ["user_key", "user_key_file"], fail);
    requireOne(value, ["token", "token_file"], fail);
    if (value.html && value.monospace) {
      fail("at most one of monospace & html must be configured", "html");
    }
  },
);

const VICTOROPS_RESERVED = [
  "routing_key",
  "message_type",
  "state_message",
  "entity_display_name",
  "monitoring_tool",
  "entity_id",
  "entity_state",
];

export const victoropsSchema = checked(
  section("config.plain", {
    ...shared,
    ...texts("api_key", "api_key_file", "routing_key", "message_type", "state_message"),
    ...texts("entity_display_name", "monitoring_tool"),
    api_url: urlText().optional(),
    custom_fields: mapOf(text()).optional(),
  }),
  (value, fail) => {
    if (!isGiven(value.routing_key)) fail("missing Routing key in VictorOps config");
    atMostOne(value, ["api_key", "api_key_file"], fail);
    for (const name of VICTOROPS_RESERVED.filter((field) => field in (value.custom_fields ?? {}))) {
      fail(
        `victorOps config contains custom field ${name} which cannot be used as it conflicts with the fixed/static fields`,
        "custom_fields",
      );
    }
  },
);

export const snsSchema = checked(
  section("sns.plain", {
    ...shared,
    ...texts("api_url", "topic_arn", "phone_number", "target_arn", "subject", "message"),
    sigv4: checked(
      section("sigv4.plain", {
        ...texts("region", "access_key", "secret_key", "profile", "role_arn", "external_id"),
        use_fips_sts_endpoint: boolean().optional(),
        service_name: text().optional(),
      }),
      ({ access_key, secret_key }, fail) => {
        if (isGiven(access_key) === isGiven(secret_key)) return;
        fail("must provide a AWS SigV4 Access key and Secret Key if credentials are specified");
      },
    ).optional(),
    attributes: mapOf(text()).optional(),
    use_aws_http_client: boolean().optional(),
  }),
  ({ target_arn, topic_arn, phone_number }, fail) => {
    if ([target_arn, topic_arn, phone_number].filter(isGiven).length % 2 === 1) return;
    fail("must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
  },
);

export const telegramSchema = checked(
  section("telegram.plain", {
    ...shared,
    ...texts("bot_token", "bot_token_file", "chat_id_file", "message", "parse_mode"),
    api_url: urlText().optional(),
    chat_id: integer().default(0),
    message_thread_id: integer().optional(),
    disable_notifications: boolean().optional(),
  }),
  (value, fail) => {
    atMostOne(value, ["bot_token", "bot_token_file"], fail);
    const hasFile = isGiven(value.chat_id_file);
    if (value.chat_id === 0 && !hasFile) {
      fail("missing chat_id or chat_id_file on telegram_config");
    }
    if (value.chat_id !== 0 && hasFile) {
      fail("at most one of chat_id & chat_id_file must be configured", "chat_id_file");
    }
    if (!["", "Markdown", "MarkdownV2", "HTML"].includes(value.parse_mode ?? "")) {
      fail(
        "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string",
        "parse_mode",
      );
    }
  },
);

const webhookUrlFields = { webhook_url: urlText().optional(), webhook_url_file: text().optional() };
const requireWebhookUrl = (value: Values, fail: Refuse) =>
  requireOne(value, ["webhook_url", "webhook_url_file"], fail);

export const discordSchema = checked(
  section("discord.plain", {
    ...shared,
    ...webhookUrlFields,
    ...texts("content", "title", "message", "username", "avatar_url"),
  }),
  requireWebhookUrl,
);

export const msteamsSchema = checked(
  section("msteams.plain", {
    ...shared,
    ...webhookUrlFields,
    ...texts("title", "summary", "text"),
  }),
  requireWebhookUrl,
);

export const msteamsV2Schema = checked(
  section("msteamsv2.plain", { ...shared, ...webhookUrlFields, ...texts("title", "text") }),
  requireWebhookUrl,
);

export const webexSchema = checked(
  section("config.plain", {
    ...shared,
    api_url: urlText().optional(),
    ...texts("message", "room_id"),
  }),
  ({ room_id, http_config }, fail) => {
    if (!isGiven(room_id)) fail("missing room_id on webex_config");
    if (http_config?.authorization === undefined) {
      fail("missing webex_configs.http_config.authorization");
    }
  },
);

/** A template, or a mapping with one. */
const jiraField = z.union([
  text(),
  section("jira.plain", { template: text().optional(), enable_update: boolean().optional() }),
]);

export const jiraSchema = checked(
  section("jira.plain", {
    ...shared,
    ...texts("api_type", "project", "priority", "issue_type"),
    ...texts("reopen_transition", "resolve_transition", "wont_fix_resolution"),
    api_url: urlText().optional(),
    summary: jiraField.optional(),
    description: jiraField.optional(),
    labels: listOf(text()).optional(),
    reopen_duration: durationMs().optional(),
    fields: mapOf(z.unknown()).optional(),
    custom_fields: mapOf(z.unknown()).optional(),
  }),
  ({ project, issue_type, api_type = "auto" }, fail) => {
    if (!isGiven(project)) fail("missing project in jira_config");
    if (!isGiven(issue_type)) fail("missing issue_type in jira_config");
    if (!["auto", "cloud", "datacenter"].includes(api_type)) {
      fail("unknown api_type on jira_config, must be auto, cloud or datacenter", "api_type");
    }
  },
);

export const incidentioSchema = checked(
  section("incidentio.plain", {
    ...shared,
    url: urlText().optional(),
    ...texts("url_file", "alert_source_token", "alert_source_token_file"),
    max_alerts: integer().optional(),
    timeout: goDurationMs().optional(),
  }),
  (value, fail) => {
    requireOne(value, ["url", "url_file"], fail);
    atMostOne(value, ["alert_source_token", "alert_source_token_file"], fail);
    const hasToken = isGiven(value.alert_source_token) || isGiven(value.alert_source_token_file);
    const hasAuthorization = value.http_config?.authorization !== undefined;
    if (hasAuthorization && hasToken) {
      fail(
        "cannot specify alert_source_token or alert_source_token_file when using http_config.authorization",
      );
    }
    if (value.http_config && !hasAuthorization && !hasToken) {
      fail(
        "at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured",
      );
    }
  },
);

export const rocketchatSchema = checked(
  section("rocketchat.plain", {
    ...shared,
    ...texts("token_id", "token_id_file", "token", "token_file", "channel", "color", "title"),
    ...texts("title_link", "text", "emoji", "icon_url", "image_url", "thumb_url"),
    api_url: urlText().optional(),
    fields: listOf(z.unknown()).optional(),
    short_fields: boolean().optional(),
    link_names: boolean().optional(),
    actions: listOf(z.unknown()).optional(),
  }),
  (value, fail) => {
    atMostOne(value, ["token", "token_file"], fail);
    atMostOne(value, ["token_id", "token_id_file"], fail);
  },
);

const mattermostField = checked(
  section("mattermost.plain", { ...texts("title", "value"), short: boolean().optional() }),
  ({ title, value }, fail) => {
    if (!isGiven(title)) fail("missing title in Mattermost field configuration");
    if (!isGiven(value)) fail("missing value in Mattermost field configuration");
  },
);

const mattermostAttachment = {
  ...texts("fallback", "color", "pretext", "text", "author_name", "author_link", "author_icon"),
  ...texts("title", "title_link", "thumb_url", "footer", "footer_icon", "image_url"),
  fields: listOf(mattermostField).optional(),
};

export const mattermostSchema = checked(
  section("mattermost.plain", {
    ...shared,
    ...webhookUrlFields,
    ...mattermostAttachment,
    ...texts("channel", "username", "icon_url", "icon_emoji", "type"),
    attachments: listOf(
      section("mattermost.MattermostAttachment", mattermostAttachment),
    ).optional(),
    props: section("mattermost.MattermostProps", texts("card")).optional(),
    priority: section("mattermost.MattermostPriority", {
      priority: text().optional(),
      requested_ack: boolean().optional(),
      persistent_notifications: boolean().optional(),
    }).optional(),
  }),
  (value, fail) => atMostOne(value, ["webhook_url", "webhook_url_file"], fail),
);
