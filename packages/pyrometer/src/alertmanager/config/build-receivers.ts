/**
 * Receivers as they run: global settings folded in, secrets read, and what cannot work left out
 * with its reason.
 */
import type { YamlPath } from "../../config/index.ts";
import { PAGERDUTY_DETAILS } from "../templates/default-templates.ts";
import { buildHttp } from "./build-http.ts";
import type { RawFile, RawReceiver } from "./file.ts";
import type { RawHttp } from "./http.ts";
import type { RawPagerduty, RawSlack, RawWebhook } from "./integrations.ts";
import type { SecretReader } from "./secrets.ts";
import type {
  HttpClientConfig,
  IntegrationConfig,
  PagerdutyConfig,
  ReceiverConfig,
  SlackConfig,
  WebhookConfig,
} from "./types.ts";
import type { Unset } from "./variables.ts";

/** An integration that is left out. */
export interface LeftOut {
  readonly receiver: string;
  /** `slack[0]` */
  readonly integration: string;
  readonly reason: string;
  /** What to point at: the value that is wrong, else the integration. */
  readonly path: YamlPath;
  /** Whether its section has a warning already. */
  readonly isToCome: boolean;
}

export interface BuildOptions {
  readonly secrets: SecretReader;
  readonly unset: readonly Unset[];
  readonly global: RawFile["global"];
}

export interface BuiltReceivers {
  readonly receivers: readonly ReceiverConfig[];
  readonly leftOut: readonly LeftOut[];
}

export function buildReceivers(
  receivers: readonly RawReceiver[],
  options: BuildOptions,
): BuiltReceivers {
  const leftOut: LeftOut[] = [];
  const built = receivers.map((raw, position): ReceiverConfig => {
    const { name, labels = {} } = raw;
    const path: YamlPath = ["receivers", position];
    const integrations = buildIntegrations(raw, { ...options, path }, leftOut);
    leftOut.push(...toCome(raw, path));
    return { name, labels: { ...labels, name }, integrations };
  });
  return { receivers: built, leftOut };
}

interface At extends BuildOptions {
  readonly path: YamlPath;
}

function buildIntegrations(raw: RawReceiver, at: At, leftOut: LeftOut[]): IntegrationConfig[] {
  const integrations: IntegrationConfig[] = [];
  const add = <T extends { readonly http_config?: RawHttp | undefined }>(
    kind: IntegrationConfig["kind"],
    list: readonly T[],
    build: (one: T, parts: Parts) => IntegrationConfig | undefined,
  ) => {
    for (const [index, one] of list.entries()) {
      const path = [...at.path, `${kind}_configs`, index];
      const secrets = at.secrets.fresh();
      const http = buildHttp(one.http_config ?? at.global?.http_config, secrets);
      const config = build(one, { index, secrets, http, global: at.global });
      const unset = unsetFor({ kind, path, raw: one }, at.unset);
      const [reason] = [...unset.map(reasonOf), ...secrets.reasons];
      if (config !== undefined && reason === undefined) {
        integrations.push(config);
        continue;
      }
      leftOut.push({
        receiver: raw.name,
        integration: `${kind}[${index}]`,
        reason: reason ?? "Cannot find where to send: no address or key",
        path: unset[0]?.path ?? path,
        isToCome: false,
      });
    }
  };
  add("webhook", raw.webhook_configs, buildWebhook);
  add("slack", raw.slack_configs, buildSlack);
  add("pagerduty", raw.pagerduty_configs, buildPagerduty);
  return integrations;
}

function reasonOf({ names }: Unset): string {
  const [verb, pronoun] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  const what = names.length === 1 ? "environment variable" : "environment variables";
  return `${what} ${names.join(", ")} ${verb} not set, set ${pronoun} or remove the integration`;
}

/** Variables that this integration misses: its own, and of the global section what it falls back on. */
function unsetFor(
  one: {
    readonly kind: IntegrationConfig["kind"];
    readonly path: YamlPath;
    readonly raw: Readonly<Record<string, unknown>>;
  },
  unset: readonly Unset[],
): Unset[] {
  const { kind, path, raw } = one;
  return unset.filter((missing) => {
    if (path.every((part, depth) => missing.path[depth] === part)) return true;
    if (missing.path[0] !== "global") return false;
    switch (missing.path[1]) {
      case "http_config":
        return raw.http_config === undefined;
      case "slack_api_url":
      case "slack_app_token":
      case "slack_app_url":
        return (
          kind === "slack" &&
          [raw.api_url, raw.api_url_file, raw.app_token, raw.app_token_file].every((own) => !own)
        );
      case "pagerduty_url":
        return kind === "pagerduty" && raw.url === undefined;
      default:
        return false;
    }
  });
}

interface Parts {
  readonly index: number;
  readonly secrets: SecretReader;
  readonly http: HttpClientConfig;
  readonly global: RawFile["global"];
}

function buildWebhook(raw: RawWebhook, { index, secrets, http }: Parts): WebhookConfig | undefined {
  const url = secrets.either(raw.url, raw.url_file);
  if (url === undefined) return undefined;
  return {
    kind: "webhook",
    index,
    http,
    url,
    sendResolved: raw.send_resolved,
    maxAlerts: raw.max_alerts,
    timeoutMs: raw.timeout || undefined,
    payload: raw.payload ?? undefined,
  };
}

/** What Slack shows as markdown unless told. */
const MARKDOWN_IN = ["fallback", "pretext", "text"];

function buildSlack(raw: RawSlack, parts: Parts): SlackConfig | undefined {
  const { index } = parts;
  const where = slackEndpoint(raw, parts);
  if (where === undefined) return undefined;
  return {
    kind: "slack",
    index,
    ...where,
    sendResolved: raw.send_resolved,
    timeoutMs: raw.timeout || undefined,
    channel: raw.channel,
    username: raw.username,
    iconEmoji: raw.icon_emoji,
    iconUrl: raw.icon_url,
    linkNames: raw.link_names,
    messageText: raw.message_text,
    markdownIn: raw.mrkdwn_in.length > 0 ? raw.mrkdwn_in : MARKDOWN_IN,
    attachment: {
      title: raw.title,
      title_link: raw.title_link,
      pretext: raw.pretext,
      text: raw.text,
      fallback: raw.fallback,
      callback_id: raw.callback_id,
      image_url: raw.image_url,
      thumb_url: raw.thumb_url,
      footer: raw.footer,
      color: raw.color,
    },
    fields: raw.fields.map(({ title, value, short }) => ({
      title,
      value,
      short: short ?? raw.short_fields,
    })),
    actions: raw.actions.map(buildAction),
  };
}

function buildAction({ confirm, ...action }: RawSlack["actions"][number]) {
  // A link has no message to confirm; Slack refuses both at once.
  if (action.url !== "") return { ...action, name: "", value: "", confirm: undefined };
  return { ...action, confirm };
}

/** A webhook's address, or the app's with its token: the integration's own, else the global one. */
function slackEndpoint(
  raw: RawSlack,
  { secrets, http, global }: Parts,
): { readonly url: string | undefined; readonly http: HttpClientConfig } | undefined {
  const ownUrl = secrets.either(raw.api_url, raw.api_url_file);
  const mayTakeGlobal = ownUrl === undefined && raw.http_config?.authorization === undefined;
  const token =
    secrets.either(raw.app_token, raw.app_token_file) ??
    (mayTakeGlobal
      ? secrets.either(global?.slack_app_token, global?.slack_app_token_file)
      : undefined);
  if (token !== undefined) {
    const authorization = { type: "Bearer", credentials: token };
    return { url: raw.app_url ?? global?.slack_app_url, http: { ...http, authorization } };
  }
  const url = ownUrl ?? secrets.either(global?.slack_api_url, global?.slack_api_url_file);
  return url === undefined ? undefined : { url, http };
}

function buildPagerduty(
  raw: RawPagerduty,
  { index, secrets, http, global }: Parts,
): PagerdutyConfig | undefined {
  const serviceKey = secrets.either(raw.service_key, raw.service_key_file);
  const key = serviceKey ?? secrets.either(raw.routing_key, raw.routing_key_file);
  if (key === undefined) return undefined;
  return {
    kind: "pagerduty",
    index,
    http,
    version: serviceKey === undefined ? "v2" : "v1",
    key,
    url: raw.url ?? global?.pagerduty_url,
    sendResolved: raw.send_resolved,
    timeoutMs: raw.timeout || undefined,
    client: raw.client,
    clientUrl: raw.client_url,
    description: raw.description,
    details: { ...PAGERDUTY_DETAILS, ...raw.details },
    images: raw.images,
    links: raw.links,
    source: raw.source === "" ? raw.client : raw.source,
    severity: raw.severity === "" ? "error" : raw.severity,
    class: raw.class,
    component: raw.component,
    group: raw.group,
  };
}

const HONOURED = new Set(["webhook_configs", "slack_configs", "pagerduty_configs"]);

/** Integrations of kinds that are not there yet: nobody hears of alerts through them. */
function toCome(raw: RawReceiver, path: YamlPath): LeftOut[] {
  return Object.entries(raw).flatMap(([field, list]) => {
    if (!field.endsWith("_configs") || HONOURED.has(field) || !Array.isArray(list)) return [];
    return list.map((_, index): LeftOut => {
      const integration = `${field.replace(/_configs$/, "")}[${index}]`;
      const reason = `${field} are not supported yet`;
      return { receiver: raw.name, integration, reason, path: [...path, field], isToCome: true };
    });
  });
}
