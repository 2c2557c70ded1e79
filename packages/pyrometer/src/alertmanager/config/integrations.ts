/** The integrations we honour, as the file has them: webhook, Slack, PagerDuty. */
import { z } from "zod";
import { boolean, integer, listOf, mapOf, notYet, section, text } from "../../config/index.ts";
import { SLACK_APP_URL } from "../receivers/slack/urls.ts";
import { atMostOne, checked, goDurationMs, isGiven, templateUrl, urlText } from "./checks.ts";
import { httpSchema } from "./http.ts";

export const webhookSchema = checked(
  section("webhook.plain", {
    send_resolved: boolean().default(true),
    http_config: httpSchema.optional(),
    url: templateUrl().optional(),
    url_file: text().optional(),
    max_alerts: integer().default(0),
    timeout: goDurationMs().optional(),
    payload: z.unknown().optional(),
  }),
  (value, fail) => {
    if (!isGiven(value.url) && !isGiven(value.url_file)) {
      fail("one of url or url_file must be configured");
    }
    atMostOne(value, ["url", "url_file"], fail);
  },
);

const slackField = checked(
  section("config.plain", {
    title: text().default(""),
    value: text().default(""),
    short: boolean().optional(),
  }),
  ({ title, value }, fail) => {
    if (title === "") fail("missing title in Slack field configuration");
    if (value === "") fail("missing value in Slack field configuration");
  },
);

const slackConfirm = checked(
  section("config.plain", {
    text: text().default(""),
    title: text().default(""),
    ok_text: text().default(""),
    dismiss_text: text().default(""),
  }),
  (value, fail) => {
    if (value.text === "") fail("missing text in Slack confirmation configuration");
  },
);

const slackAction = checked(
  section("config.plain", {
    type: text().default(""),
    text: text().default(""),
    url: text().default(""),
    style: text().default(""),
    name: text().default(""),
    value: text().default(""),
    confirm: slackConfirm.optional(),
  }),
  (value, fail) => {
    if (value.type === "") fail("missing type in Slack action configuration");
    if (value.text === "") fail("missing text in Slack action configuration");
    if (value.url === "" && value.name === "") {
      fail("missing name or url in Slack action configuration");
    }
  },
);

const slackDefault = (part: string) => text().default(`{{ template "slack.default.${part}" . }}`);

export const slackSchema = checked(
  section("config.plain", {
    send_resolved: boolean().default(false),
    http_config: httpSchema.optional(),
    api_url: urlText().optional(),
    api_url_file: text().optional(),
    app_token: text().optional(),
    app_token_file: text().optional(),
    app_url: urlText().optional(),
    channel: text().default(""),
    username: slackDefault("username"),
    color: slackDefault("color"),
    title: slackDefault("title"),
    title_link: slackDefault("titlelink"),
    pretext: slackDefault("pretext"),
    text: slackDefault("text"),
    message_text: text().default(""),
    fields: listOf(slackField).default([]),
    short_fields: boolean().default(false),
    footer: slackDefault("footer"),
    fallback: slackDefault("fallback"),
    callback_id: slackDefault("callbackid"),
    icon_emoji: slackDefault("iconemoji"),
    icon_url: slackDefault("iconurl"),
    image_url: text().default(""),
    thumb_url: text().default(""),
    link_names: boolean().default(false),
    mrkdwn_in: listOf(text()).default([]),
    actions: listOf(slackAction).default([]),
    update_message: notYet(boolean(), "messages are not updated in place"),
    timeout: goDurationMs().optional(),
  }),
  (value, fail) => {
    atMostOne(value, ["api_url", "api_url_file"], fail);
    atMostOne(value, ["app_token", "app_token_file"], fail);
    const hasUrl = isGiven(value.api_url) || isGiven(value.api_url_file);
    const hasToken = isGiven(value.app_token) || isGiven(value.app_token_file);
    if (hasUrl && hasToken) {
      fail(
        "at most one of api_url/api_url_file & app_token/app_token_file must be configured",
        "app_token",
      );
    }
    if (value.update_message && value.api_url !== SLACK_APP_URL) {
      fail(
        "update_message can only be used with bot tokens. api_url must be set to https://slack.com/api/chat.postMessage",
        "update_message",
      );
    }
  },
);

const pagerdutyDefault = (part: string) =>
  text().default(`{{ template "pagerduty.default.${part}" . }}`);

export const pagerdutySchema = checked(
  section("pagerduty.plain", {
    send_resolved: boolean().default(true),
    http_config: httpSchema.optional(),
    service_key: text().optional(),
    service_key_file: text().optional(),
    routing_key: text().optional(),
    routing_key_file: text().optional(),
    url: urlText().optional(),
    client: pagerdutyDefault("client"),
    client_url: pagerdutyDefault("clientURL"),
    description: pagerdutyDefault("description"),
    details: mapOf(z.unknown()).default({}),
    images: listOf(
      section("pagerduty.PagerdutyImage", {
        src: text().default(""),
        alt: text().default(""),
        href: text().default(""),
      }),
    ).default([]),
    links: listOf(
      section("pagerduty.PagerdutyLink", { href: text().default(""), text: text().default("") }),
    ).default([]),
    source: text().default(""),
    severity: text().default("error"),
    class: text().default(""),
    component: text().default(""),
    group: text().default(""),
    timeout: goDurationMs().optional(),
  }),
  (value, fail) => {
    const { service_key, service_key_file, routing_key, routing_key_file } = value;
    if (![service_key, service_key_file, routing_key, routing_key_file].some(isGiven)) {
      fail("missing service or routing key in PagerDuty config");
    }
    atMostOne(value, ["routing_key", "routing_key_file"], fail);
    atMostOne(value, ["service_key", "service_key_file"], fail);
  },
);

export type RawWebhook = z.output<typeof webhookSchema>;
export type RawSlack = z.output<typeof slackSchema>;
export type RawPagerduty = z.output<typeof pagerdutySchema>;
