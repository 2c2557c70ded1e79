/** One message with one attachment to Slack: an incoming webhook, or chat.postMessage. */
import type { SlackConfig } from "../../config/types.ts";
import { SLACK_TITLE_LENGTH_MAX } from "../../limits.ts";
import type { NotificationData } from "../../templates/data.ts";
import type { HttpReply } from "../../types.ts";
import type { Notification, Receiver, Verdict } from "../receiver.ts";
import { judgeStatus, quoteReply } from "../receiver.ts";
import { truncate, withoutEmpty } from "../text.ts";

type Render = (text: string) => Promise<string>;

/** @param appUrl where messages go when the file names no webhook */
export function createSlackReceiver(config: SlackConfig, appUrl: string): Receiver {
  return {
    async prepare(notification) {
      const data = notification.dataFor(notification.alerts);
      const message = await messageOf(config, notification, data);
      return { url: config.url ?? appUrl, body: JSON.stringify(message), keys: [] };
    },
    judge,
  };
}

async function messageOf(
  config: SlackConfig,
  notification: Notification,
  data: NotificationData,
): Promise<unknown> {
  const render: Render = (text) => notification.render(text, data);
  return withoutEmpty({
    channel: await render(config.channel),
    username: await render(config.username),
    icon_emoji: await render(config.iconEmoji),
    icon_url: await render(config.iconUrl),
    link_names: config.linkNames || undefined,
    text: await render(config.messageText),
    attachments: [await attachmentOf(config, render)],
  });
}

async function attachmentOf(config: SlackConfig, render: Render): Promise<unknown> {
  const texts = await renderAll(config.attachment, render);
  const fields = config.fields.map(async ({ title, value, short }) => ({
    title: await render(title),
    value: await render(value),
    short,
  }));
  const actions = config.actions.map(async ({ confirm, ...action }) =>
    withoutEmpty({
      ...(await renderAll(action, render)),
      confirm: confirm && withoutEmpty(await renderAll(confirm, render)),
    }),
  );
  return {
    ...withoutEmpty({ ...texts, title: truncate(texts.title, SLACK_TITLE_LENGTH_MAX) }),
    // Slack shows the message's notification from this one, so it is there even when empty.
    fallback: texts.fallback,
    ...(fields.length > 0 ? { fields: await Promise.all(fields) } : {}),
    ...(actions.length > 0 ? { actions: await Promise.all(actions) } : {}),
    mrkdwn_in: config.markdownIn,
  };
}

async function renderAll<T extends { readonly [K in keyof T]: string }>(
  texts: T,
  render: Render,
): Promise<{ [K in keyof T]: string }> {
  const entries = Object.entries<string>(texts).map(
    async ([name, text]) => [name, await render(text)] as const,
  );
  return Object.fromEntries(await Promise.all(entries)) as { [K in keyof T]: string };
}

/** Slack says 200 to a refusal too: the body tells, `ok` in plain text or `"ok":true` in JSON. */
function judge(reply: HttpReply): Verdict {
  const byStatus = judgeStatus(reply);
  if (byStatus.kind === "failed") return byStatus;
  if (!reply.contentType.startsWith("application/json")) return byStatus;
  const problem = problemIn(reply.body);
  if (problem === undefined) return byStatus;
  return { kind: "failed", canRetry: false, details: `error response from Slack: ${problem}` };
}

function problemIn(body: string): string | undefined {
  try {
    const answer = JSON.parse(body) as { readonly ok?: unknown; readonly error?: unknown } | null;
    if (answer?.ok !== false) return undefined;
    return quoteReply(String(answer.error ?? "no reason given"));
  } catch {
    return undefined; // a stand-in that calls any text JSON: the status has said it was taken
  }
}
