/**
 * What must hold between the sections of an alertmanager.yml: names that are used are defined,
 * and what an integration leaves out is in the global section.
 *
 * The words are Alertmanager's, which people search for.
 * Source: alertmanager config.Config.UnmarshalYAML
 */
import type { YamlPath } from "../../config/index.ts";
import { checkTemplateText } from "../templates/renderer.ts";
import { isGiven } from "./checks.ts";
import type { RawFile, RawReceiver } from "./file.ts";
import type { RawGlobal } from "./global.ts";
import type { RawRoute } from "./routes.ts";

export interface Finding {
  readonly problem: string;
  readonly path: YamlPath;
}

export function crossCheck(file: RawFile): Finding[] {
  return [
    ...receiverNames(file),
    ...file.receivers.flatMap((receiver, index) => [
      ...missingGlobals(receiver, file.global, ["receivers", index]),
      ...badTemplates(receiver, ["receivers", index]),
    ]),
    ...rootFindings(file.route),
    ...(file.route ? routeFindings(file.route, ["route"], namesIn(file)) : []),
    ...intervalNames(file),
  ];
}

function receiverNames({ receivers }: RawFile): Finding[] {
  const names = receivers.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [
          {
            problem: `notification config name "${name}" is not unique`,
            path: ["receivers", index, "name"],
          },
        ]
      : [],
  );
}

function rootFindings(route: RawRoute | undefined): Finding[] {
  if (route === undefined) return [{ problem: "no route provided in config", path: [] }];
  const findings: Finding[] = [];
  const refuse = (problem: string, ...field: string[]) =>
    findings.push({ problem, path: ["route", ...field] });
  if (!isGiven(route.receiver)) refuse("root route must specify a default receiver");
  for (const field of ["match", "match_re", "matchers"] as const) {
    const isUsed = Object.keys(route[field] ?? {}).length > 0;
    if (isUsed) refuse("root route must not have any matchers", field);
  }
  if (route.mute_time_intervals?.length) {
    refuse("root route must not have any mute time intervals", "mute_time_intervals");
  }
  if (route.active_time_intervals?.length) {
    refuse("root route must not have any active time intervals", "active_time_intervals");
  }
  if (route.continue) refuse("cannot have continue in root route", "continue");
  return findings;
}

interface Names {
  readonly receivers: ReadonlySet<string>;
  readonly intervals: ReadonlySet<string>;
}

function namesIn({ receivers, time_intervals, mute_time_intervals }: RawFile): Names {
  const intervals = [...time_intervals, ...mute_time_intervals].map(({ name = "" }) => name);
  return {
    receivers: new Set(receivers.map(({ name }) => name)),
    intervals: new Set(intervals),
  };
}

function routeFindings(route: RawRoute, path: YamlPath, names: Names): Finding[] {
  const findings: Finding[] = [];
  const { receiver = "" } = route;
  if (receiver !== "" && !names.receivers.has(receiver)) {
    const problem = `undefined receiver "${receiver}" used in route`;
    findings.push({ problem, path: [...path, "receiver"] });
  }
  for (const field of ["active_time_intervals", "mute_time_intervals"] as const) {
    for (const [index, name] of (route[field] ?? []).entries()) {
      if (names.intervals.has(name)) continue;
      const problem = `undefined time interval "${name}" used in route`;
      findings.push({ problem, path: [...path, field, index] });
    }
  }
  const below = (route.routes ?? []).flatMap((child, index) =>
    routeFindings(child, [...path, "routes", index], names),
  );
  return [...findings, ...below];
}

function intervalNames({ time_intervals, mute_time_intervals }: RawFile): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const look = (list: readonly { readonly name?: string | undefined }[], field: string) => {
    for (const [index, { name = "" }] of list.entries()) {
      const what = field.replaceAll("_", " ").replace(/s$/, "");
      const problem = `${what} "${name}" is not unique`;
      if (seen.has(name)) findings.push({ problem, path: [field, index, "name"] });
      seen.add(name);
    }
  };
  look(mute_time_intervals, "mute_time_intervals");
  look(time_intervals, "time_intervals");
  return findings;
}

/** Each integration's field, or its file, or those of the global section; else `problem`. */
interface Need {
  readonly field: string;
  readonly globalField: string;
  readonly problem: string;
}

const NEEDS: Readonly<Partial<Record<keyof RawReceiver, readonly Need[]>>> = {
  email_configs: [
    { field: "smarthost", globalField: "smtp_smarthost", problem: "no global SMTP smarthost set" },
    { field: "from", globalField: "smtp_from", problem: "no global SMTP from set" },
  ],
  opsgenie_configs: [
    {
      field: "api_key",
      globalField: "opsgenie_api_key",
      problem: "no global OpsGenie API Key set either inline or in a file",
    },
  ],
  wechat_configs: [
    {
      field: "api_secret",
      globalField: "wechat_api_secret",
      problem: "no global Wechat Api Secret set either inline or in a file",
    },
    { field: "corp_id", globalField: "wechat_api_corp_id", problem: "no global Wechat CorpID set" },
  ],
  victorops_configs: [
    {
      field: "api_key",
      globalField: "victorops_api_key",
      problem: "no global VictorOps API Key set",
    },
  ],
  telegram_configs: [
    {
      field: "bot_token",
      globalField: "telegram_bot_token",
      problem: "missing bot_token or bot_token_file on telegram_config",
    },
  ],
  jira_configs: [
    { field: "api_url", globalField: "jira_api_url", problem: "no global Jira Cloud URL set" },
  ],
  rocketchat_configs: [
    {
      field: "token_id",
      globalField: "rocketchat_token_id",
      problem: "no global Rocketchat TokenID set either inline or in a file",
    },
    {
      field: "token",
      globalField: "rocketchat_token",
      problem: "no global Rocketchat Token set either inline or in a file",
    },
  ],
  mattermost_configs: [
    {
      field: "webhook_url",
      globalField: "mattermost_webhook_url",
      problem: "missing webhook_url or webhook_url_file on mattermost_config",
    },
  ],
};

type Values = Readonly<Record<string, unknown>>;

function missingGlobals(
  receiver: RawReceiver,
  global: RawGlobal | undefined,
  path: YamlPath,
): Finding[] {
  const has = (values: Values, field: string) =>
    isGiven(values[field]) || isGiven(values[`${field}_file`]);
  const globals = (global ?? {}) as Values;
  const findings: Finding[] = [];
  for (const [kind, needs] of Object.entries(NEEDS)) {
    const integrations = (receiver as unknown as Readonly<Record<string, Values[]>>)[kind] ?? [];
    for (const [index, integration] of integrations.entries()) {
      for (const { field, globalField, problem } of needs) {
        if (has(integration, field) || has(globals, globalField)) continue;
        findings.push({ problem, path: [...path, kind, index] });
      }
    }
  }
  return [...findings, ...slackFindings(receiver, globals, path)];
}

function slackFindings(receiver: RawReceiver, globals: Values, path: YamlPath): Finding[] {
  const findings: Finding[] = [];
  const hasAny = (values: Values, ...fields: string[]) =>
    fields.some((field) => isGiven(values[field]));
  const URLS = ["api_url", "api_url_file"];
  const TOKENS = ["app_token", "app_token_file"];
  for (const [index, slack] of receiver.slack_configs.entries()) {
    const refuse = (problem: string) =>
      findings.push({ problem, path: [...path, "slack_configs", index] });
    const hasOwnAuthorization = slack.http_config?.authorization !== undefined;
    const hasOwnToken = hasAny(slack, ...TOKENS);
    const takesGlobalToken =
      !hasOwnToken &&
      !hasOwnAuthorization &&
      !isGiven(slack.api_url) &&
      hasAny(globals, "slack_app_token", "slack_app_token_file");
    const hasUrl = hasAny(slack, ...URLS) || hasAny(globals, "slack_api_url", "slack_api_url_file");
    if (!hasUrl && !hasOwnToken && !takesGlobalToken) {
      refuse("no Slack API URL nor App token set either inline or in a file");
    }
    if (hasOwnToken && hasOwnAuthorization) {
      refuse("http authorization can't be set when using Slack App tokens");
    }
  }
  return findings;
}

const HONOURED = ["webhook_configs", "slack_configs", "pagerduty_configs"] as const;

/** Every text of an integration may be a template: one that does not parse never works. */
function badTemplates(receiver: RawReceiver, path: YamlPath): Finding[] {
  const findings: Finding[] = [];
  const look = (value: unknown, at: YamlPath): void => {
    if (typeof value === "string") {
      if (!value.includes("{{")) return;
      for (const { problem } of checkTemplateText(value)) findings.push({ problem, path: at });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) look(item, [...at, index]);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, field] of Object.entries(value)) look(field, [...at, key]);
    }
  };
  for (const kind of HONOURED) look(receiver[kind], [...path, kind]);
  return findings;
}
