/**
 * What an alertmanager.yml says, read: every default filled in, global settings folded in,
 * variables expanded, secrets read, durations in milliseconds. Plain data.
 *
 * It holds secrets: never log it or show it; `original` is what may be shown.
 */
import type { Matcher } from "../../model/index.ts";
import type { TimeInterval } from "../times/time-interval.ts";

export interface AlertmanagerConfig {
  /** The file with every secret replaced by `<secret>` and without its comments. */
  readonly original: string;
  readonly resolveTimeoutMs: number;
  readonly route: RouteConfig;
  readonly receivers: readonly ReceiverConfig[];
  readonly inhibitRules: readonly InhibitRule[];
  readonly timeIntervals: ReadonlyMap<string, readonly TimeInterval[]>;
  /** Paths and globs as written in `templates:`; reading them is the server's business. */
  readonly templatePatterns: readonly string[];
  /** Integrations that were left out, each with the reason; the rest of the file works. */
  readonly disabledReceivers: readonly DisabledReceiver[];
}

export interface DisabledReceiver {
  readonly receiver: string;
  /** `slack[0]`: kind and position in the receiver. */
  readonly integration: string;
  readonly reason: string;
}

/** A node of the route tree; what it does not say it has from its parent. */
export interface RouteConfig {
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupByAll: boolean;
  /** Sorted. Empty at the root. */
  readonly matchers: readonly Matcher[];
  readonly continues: boolean;
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  /** Values may be templates. */
  readonly labels: Readonly<Record<string, string>>;
  readonly routes: readonly RouteConfig[];
}

export interface InhibitRule {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  readonly equal: readonly string[];
}

export interface ReceiverConfig {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly integrations: readonly IntegrationConfig[];
}

interface IntegrationBase {
  /** Position among the integrations of its kind in the receiver. */
  readonly index: number;
  readonly sendResolved: boolean;
  readonly http: HttpClientConfig;
  /** For one request; undefined: the room's own limit. */
  readonly timeoutMs: number | undefined;
}

export interface WebhookConfig extends IntegrationBase {
  readonly kind: "webhook";
  /** May be a template. Secret. */
  readonly url: string;
  /** 0 is all. */
  readonly maxAlerts: number;
  /** Replaces the standard body; texts in it are templates. */
  readonly payload: unknown;
}

export interface SlackField {
  readonly title: string;
  readonly value: string;
  readonly short: boolean;
}

export interface SlackAction {
  readonly type: string;
  readonly text: string;
  readonly url: string;
  readonly style: string;
  readonly name: string;
  readonly value: string;
  readonly confirm: SlackConfirm | undefined;
}

export interface SlackConfirm {
  readonly text: string;
  readonly title: string;
  readonly ok_text: string;
  readonly dismiss_text: string;
}

/** The attachment's texts, all templates. */
export interface SlackTexts {
  readonly title: string;
  readonly title_link: string;
  readonly pretext: string;
  readonly text: string;
  readonly fallback: string;
  readonly callback_id: string;
  readonly image_url: string;
  readonly thumb_url: string;
  readonly footer: string;
  readonly color: string;
}

export interface SlackConfig extends IntegrationBase {
  readonly kind: "slack";
  /** Secret. undefined: the app's chat.postMessage, with a token in `http`. */
  readonly url: string | undefined;
  readonly channel: string;
  readonly username: string;
  readonly iconEmoji: string;
  readonly iconUrl: string;
  readonly linkNames: boolean;
  readonly messageText: string;
  readonly markdownIn: readonly string[];
  readonly attachment: SlackTexts;
  readonly fields: readonly SlackField[];
  readonly actions: readonly SlackAction[];
}

export interface PagerdutyConfig extends IntegrationBase {
  readonly kind: "pagerduty";
  /** v1 has a service key and its own endpoint, v2 a routing key. */
  readonly version: "v1" | "v2";
  /** Secret. May be a template. */
  readonly key: string;
  /** As the file says, in the integration or globally; undefined: PagerDuty's own. */
  readonly url: string | undefined;
  readonly client: string;
  readonly clientUrl: string;
  readonly description: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly images: readonly Readonly<Record<"src" | "alt" | "href", string>>[];
  readonly links: readonly Readonly<Record<"href" | "text", string>>[];
  readonly source: string;
  readonly severity: string;
  readonly class: string;
  readonly component: string;
  readonly group: string;
}

export type IntegrationConfig = WebhookConfig | SlackConfig | PagerdutyConfig;

/** How a client of ours speaks HTTP: http_config. Holds secrets. */
export interface HttpClientConfig {
  readonly basicAuth?: { readonly username: string; readonly password: string };
  /** The Authorization header's two words. */
  readonly authorization?: { readonly type: string; readonly credentials: string };
  readonly tls?: TlsConfig;
  readonly proxyUrl?: string;
  readonly followRedirects: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** PEM texts, read from their files already. */
export interface TlsConfig {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}
