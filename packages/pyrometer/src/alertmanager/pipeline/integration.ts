/** One way of reaching one receiver, ready to use. */
import type { IntegrationConfig } from "../config/types.ts";
import { createPagerdutyReceiver } from "../receivers/pagerduty/pagerduty.ts";
import { pagerdutyUrl } from "../receivers/pagerduty/urls.ts";
import type { Receiver } from "../receivers/receiver.ts";
import { createSlackReceiver } from "../receivers/slack/slack.ts";
import { SLACK_APP_URL } from "../receivers/slack/urls.ts";
import { createWebhookReceiver } from "../receivers/webhook/webhook.ts";
import type { BaseUrls } from "../types.ts";

export interface Integration {
  readonly config: IntegrationConfig;
  readonly receiver: Receiver;
  /** `slack[0]` */
  readonly name: string;
}

export function createIntegration(config: IntegrationConfig, baseUrls: BaseUrls): Integration {
  const receiver = createReceiver(config, baseUrls);
  return { config, receiver, name: `${config.kind}[${config.index}]` };
}

function createReceiver(config: IntegrationConfig, baseUrls: BaseUrls): Receiver {
  switch (config.kind) {
    case "webhook":
      return createWebhookReceiver(config);
    case "slack":
      return createSlackReceiver(config, baseUrls.slack ?? SLACK_APP_URL);
    case "pagerduty":
      return createPagerdutyReceiver(config, pagerdutyUrl(config.version, config.url, baseUrls));
  }
}
