/**
 * Events to PagerDuty: a trigger while the group fires, a resolve when it does not. The group's
 * key, hashed, is the incident's, so that updates and the end find it.
 * Sources: PagerDuty Events API v1 and v2; alertmanager notify/pagerduty
 */
import { createHash } from "node:crypto";
import type { PagerdutyConfig } from "../../config/types.ts";
import { PAGERDUTY_DESCRIPTION_LENGTH_MAX, PAGERDUTY_EVENT_BYTES_MAX } from "../../limits.ts";
import { renderDeep } from "../deep.ts";
import type { Receiver } from "../receiver.ts";
import { judgeStatus, quoteReply, ReceiverError } from "../receiver.ts";
import { truncate, withoutEmpty } from "../text.ts";

type Render = (text: string) => Promise<string>;

interface Event {
  readonly action: "trigger" | "resolve";
  readonly dedupKey: string;
  readonly key: string;
  readonly details: unknown;
  readonly render: Render;
}

export function createPagerdutyReceiver(config: PagerdutyConfig, url: string): Receiver {
  const messageOf = config.version === "v1" ? v1Message : v2Message;
  // v1 answers 403 when it is asked too often; v2 has 429, which is tried again everywhere.
  const retryStatuses = config.version === "v1" ? [403] : [];
  return {
    async prepare({ alerts, groupKey, dataFor, render }) {
      const data = dataFor(alerts);
      const renderText: Render = (text) => render(text, data);
      const event: Event = {
        action: data.Status === "resolved" ? "resolve" : "trigger",
        dedupKey: createHash("sha256").update(groupKey).digest("hex"),
        details: await renderDeep(config.details, renderText),
        key: await keyOf(config, renderText),
        render: renderText,
      };
      const keys = [event.key];
      const body = JSON.stringify(await messageOf(config, event));
      if (Buffer.byteLength(body) <= PAGERDUTY_EVENT_BYTES_MAX) return { url, body, keys };
      const error =
        "Custom details have been removed because the original event exceeds the maximum size of 512kB";
      const smaller = await messageOf(config, { ...event, details: { error } });
      return { url, body: JSON.stringify(smaller), keys };
    },
    judge: (reply) => judgeStatus(reply, { retryStatuses, detailsOf }),
  };
}

async function keyOf({ key, version }: PagerdutyConfig, render: Render): Promise<string> {
  const rendered = await render(key);
  if (rendered !== "") return rendered;
  const name = version === "v1" ? "service key" : "routing key";
  throw new ReceiverError(`${name} cannot be empty`);
}

async function v1Message(config: PagerdutyConfig, event: Event): Promise<unknown> {
  const { action, dedupKey, details, key, render } = event;
  const isTrigger = action === "trigger";
  return withoutEmpty({
    service_key: key,
    event_type: action,
    incident_key: dedupKey,
    description: truncate(await render(config.description), PAGERDUTY_DESCRIPTION_LENGTH_MAX),
    client: isTrigger ? await render(config.client) : "",
    client_url: isTrigger ? await render(config.clientUrl) : "",
    details,
  });
}

async function v2Message(config: PagerdutyConfig, event: Event): Promise<unknown> {
  const { action, dedupKey, details, key, render } = event;
  const renderFields = async <T extends Readonly<Record<string, string>>>(fields: T) => {
    const rendered = Object.entries(fields).map(
      async ([name, text]) => [name, await render(text)] as const,
    );
    return Object.fromEntries(await Promise.all(rendered)) as { [K in keyof T]: string };
  };
  const images = await Promise.all(config.images.map(renderFields));
  const links = await Promise.all(config.links.map(renderFields));
  return withoutEmpty({
    routing_key: key,
    event_action: action,
    dedup_key: dedupKey,
    client: await render(config.client),
    client_url: await render(config.clientUrl),
    images: images.filter(({ src }) => src !== ""),
    links: links.filter(({ href }) => href !== ""),
    payload: {
      summary: truncate(await render(config.description), PAGERDUTY_DESCRIPTION_LENGTH_MAX),
      source: await render(config.source),
      severity: await render(config.severity),
      ...withoutEmpty({
        class: await render(config.class),
        component: await render(config.component),
        group: await render(config.group),
      }),
      custom_details: details,
    },
  });
}

/** PagerDuty explains a refusal as `{"message": …, "errors": […]}`. */
function detailsOf(body: string): string {
  try {
    const answer = JSON.parse(body) as { readonly message?: unknown; readonly errors?: unknown };
    const errors = Array.isArray(answer.errors) ? answer.errors.join(",") : "";
    return quoteReply(`${String(answer.message ?? "")}: ${errors}`);
  } catch {
    return ""; // not PagerDuty's own words: the status must do
  }
}
