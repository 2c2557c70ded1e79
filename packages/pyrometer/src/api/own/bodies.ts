/** The bodies that our own endpoints take. */
import { z } from "zod";
import type { InboxEntry } from "../inbox.ts";

const texts = z.record(z.string(), z.string());

const status = z.enum(["firing", "resolved"]);

/** What an Alertmanager posts to a webhook, version "4": the fields that the inbox shows. */
export const notificationSchema = z.object({
  version: z.literal("4"),
  groupKey: z.string(),
  status,
  receiver: z.string(),
  groupLabels: texts,
  commonLabels: texts.default({}),
  commonAnnotations: texts.default({}),
  alerts: z.array(
    z.object({
      status,
      labels: texts,
      annotations: texts.default({}),
      startsAt: z.string(),
      endsAt: z.string(),
    }),
  ),
});

export const scenarioSwitchSchema = z.object({ active: z.boolean() });

type Notification = z.infer<typeof notificationSchema>;

export function toInboxEntry(body: Notification, receivedMs: number): Omit<InboxEntry, "id"> {
  const { receiver, status, groupKey, groupLabels, alerts } = body;
  return { receivedMs, receiver, status, groupKey, title: titleOf(body), groupLabels, alerts };
}

/** As Alertmanager's default title: `[FIRING:2] HighLatency api (critical)`. */
function titleOf({ status, alerts, groupLabels, commonLabels }: Notification): string {
  const firingCount = alerts.filter((alert) => alert.status === "firing").length;
  const count = status === "firing" ? `:${firingCount}` : "";
  const shared = Object.entries(commonLabels).filter(([name]) => !(name in groupLabels));
  const rest = shared.map(([, value]) => value).join(" ");
  const title = [`[${status.toUpperCase()}${count}]`, ...Object.values(groupLabels)].join(" ");
  return rest === "" ? title : `${title} (${rest})`;
}
