/** The whole file: its sections, and what must hold between them. */
import { z } from "zod";
import { listOf, mapOf, notYet, section, text } from "../../config/index.ts";
import { checked, isGiven } from "./checks.ts";
import { globalSchema } from "./global.ts";
import { pagerdutySchema, slackSchema, webhookSchema } from "./integrations.ts";
import * as toCome from "./integrations-to-come.ts";
import { namedIntervalsSchema } from "./intervals.ts";
import { inhibitSchema, routeSchema } from "./routes.ts";

const WHY = "nobody is told through it";

/** Where Alertmanager refuses an empty item, so do we; Slack's and kin may stand on the global section. */
const required = <T extends z.ZodType>(schema: T, kind: string) =>
  listOf(schema, `missing ${kind} config`).default([]);

export const receiverSchema = checked(
  section("config.plain", {
    name: text().default(""),
    labels: mapOf(text()).optional(),
    webhook_configs: required(webhookSchema, "webhook"),
    slack_configs: listOf(slackSchema).default([]),
    pagerduty_configs: required(pagerdutySchema, "pagerduty"),
    discord_configs: notYet(required(toCome.discordSchema, "discord"), WHY),
    email_configs: notYet(required(toCome.emailSchema, "email"), WHY),
    incidentio_configs: notYet(required(toCome.incidentioSchema, "incidentio"), WHY),
    opsgenie_configs: notYet(listOf(toCome.opsgenieSchema), WHY),
    wechat_configs: notYet(listOf(toCome.wechatSchema), WHY),
    pushover_configs: notYet(required(toCome.pushoverSchema, "pushover"), WHY),
    victorops_configs: notYet(required(toCome.victoropsSchema, "victorops"), WHY),
    sns_configs: notYet(required(toCome.snsSchema, "sns"), WHY),
    telegram_configs: notYet(required(toCome.telegramSchema, "telegram"), WHY),
    webex_configs: notYet(required(toCome.webexSchema, "webex"), WHY),
    msteams_configs: notYet(required(toCome.msteamsSchema, "msteams"), WHY),
    msteamsv2_configs: notYet(required(toCome.msteamsV2Schema, "msteamsv2"), WHY),
    jira_configs: notYet(required(toCome.jiraSchema, "jira"), WHY),
    rocketchat_configs: notYet(listOf(toCome.rocketchatSchema), WHY),
    mattermost_configs: notYet(required(toCome.mattermostSchema, "mattermost"), WHY),
  }),
  ({ name, labels }, fail) => {
    if (name === "") fail("missing name in receiver");
    const label = labels?.name;
    if (isGiven(label) && label !== name) {
      fail(`receiver label "name" must match receiver name "${name}", got "${label}"`, "labels");
    }
  },
);

export const fileSchema = section("config.plain", {
  global: globalSchema.optional(),
  route: routeSchema.optional(),
  inhibit_rules: listOf(inhibitSchema).default([]),
  receivers: listOf(receiverSchema).default([]),
  templates: listOf(text()).default([]),
  mute_time_intervals: listOf(namedIntervalsSchema("mute time interval")).default([]),
  time_intervals: listOf(namedIntervalsSchema("time interval")).default([]),
  tracing: notYet(z.unknown()),
  event_recorder: notYet(z.unknown()),
});

export type RawFile = z.output<typeof fileSchema>;
export type RawReceiver = z.output<typeof receiverSchema>;
