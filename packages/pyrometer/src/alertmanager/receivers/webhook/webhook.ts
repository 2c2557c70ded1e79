/** A JSON body, version "4", to any address: what every Alertmanager webhook receiver reads. */
import type { WebhookConfig } from "../../config/types.ts";
import { toWebhookJson } from "../../templates/data.ts";
import { renderDeep } from "../deep.ts";
import type { Receiver } from "../receiver.ts";
import { judgeStatus, ReceiverError } from "../receiver.ts";

export function createWebhookReceiver(config: WebhookConfig): Receiver {
  return {
    async prepare({ alerts, groupKey, dataFor, render }) {
      const { maxAlerts, payload } = config;
      const shown = maxAlerts === 0 ? alerts : alerts.slice(0, maxAlerts);
      const data = dataFor(shown);
      const truncatedAlerts = alerts.length - shown.length;
      const body =
        payload === undefined
          ? { ...toWebhookJson(data), version: "4", groupKey, truncatedAlerts }
          : await renderDeep(payload, (text) => render(text, data));
      const url = await render(config.url, data);
      if (url === "") throw new ReceiverError("webhook URL is empty after templating");
      return { url, body: `${JSON.stringify(body)}\n`, keys: [] };
    },
    judge: (reply) => judgeStatus(reply),
  };
}
