/** What the room shows to the ranks above: the API, the server, the command line. */
import type { Registry } from "@pyrometer/client";
import type { Matcher, TextTest } from "../model/index.ts";
import type { Clock, Logger, Source } from "../std/index.ts";
import type { Annotations, PostableAlert } from "./alert.ts";
import type { AlertmanagerConfig, DisabledReceiver, HttpClientConfig } from "./config/types.ts";
import type { Held } from "./pipeline/stage.ts";
import type { Silences } from "./silence/silences.ts";

export interface AlertmanagerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sender: HttpSender;
  readonly registry: Registry;
  /** Where people reach us; links in notifications start with it. No slash at the end. */
  readonly externalUrl: string;
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number;
  /** A new UUID: names silences. */
  readonly newId: () => string;
  /** Where the services are when a file names no address: a test's, or a proxy's. */
  readonly baseUrls?: BaseUrls | undefined;
  /** For status(); "0.0.0" when left out. */
  readonly version?: string | undefined;
}

/** Whole endpoint addresses, not origins; see pagerdutyBaseUrls(). */
export interface BaseUrls {
  readonly pagerdutyV1?: string | undefined;
  readonly pagerdutyV2?: string | undefined;
  /** chat.postMessage, for receivers with an app token. */
  readonly slack?: string | undefined;
}

/** Sends one request. Never follows up: retrying is the pipeline's business. */
export interface HttpSender {
  /** @throws {SendError} when no reply came, also when `signal` aborts */
  send(request: HttpRequest): Promise<HttpReply>;
  close(): Promise<void>;
}

export interface HttpRequest {
  /** Secret for many receivers: never put it into an error or a log. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly http: HttpClientConfig;
  readonly signal: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  /** The Retry-After header, as it came; "" when there was none. */
  readonly retryAfter: string;
  /** Cut at REPLY_BYTES_MAX. */
  readonly body: string;
}

export interface Alertmanager {
  /**
   * Takes a configuration and its template files, atomically. Alerts, silences and the memory of
   * what was sent stay; groups start anew, as they do in Alertmanager.
   *
   * @throws {SourceError} when a template does not parse; nothing has changed then
   */
  apply(config: AlertmanagerConfig, templates: readonly Source[]): void;
  /** Takes the good ones and says what is wrong with the others. */
  receive(alerts: readonly PostableAlert[]): readonly string[];
  /** What has not ended, by fingerprint. */
  alerts(filter?: AlertFilter): readonly GettableAlert[];
  groups(filter?: AlertFilter): readonly AlertGroup[];
  /** Names, in file order. */
  receivers(): readonly string[];
  readonly silences: Silences;
  status(): AlertmanagerStatus;
  /** Delivery attempts, newest first, bounded. */
  attempts(): readonly DeliveryAttempt[];
  /** Ends timers, aborts what is being sent, closes the sender. */
  stop(): Promise<void>;
}

/** Everything that is left out is "yes" or "any". */
export interface AlertFilter {
  readonly active?: boolean | undefined;
  readonly silenced?: boolean | undefined;
  readonly inhibited?: boolean | undefined;
  readonly muted?: boolean | undefined;
  readonly unprocessed?: boolean | undefined;
  readonly matchers?: readonly Matcher[] | undefined;
  /** On the receiver's name; compileTest() makes one of the API's regular expression. */
  readonly receiver?: TextTest | undefined;
}

export type AlertState = "active" | "suppressed" | "unprocessed";

export interface AlertStatus {
  readonly state: AlertState;
  /** Silence ids. */
  readonly silencedBy: readonly string[];
  /** Fingerprints of inhibiting alerts. */
  readonly inhibitedBy: readonly string[];
  /** Names of time intervals; in groups only. */
  readonly mutedBy: readonly string[];
}

export interface GettableAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Annotations;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
  readonly generatorUrl: string;
  readonly receivers: readonly string[];
  readonly status: AlertStatus;
}

export interface AlertGroup {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receiver: string;
  readonly alerts: readonly GettableAlert[];
  /** What the last flush held back, and why. */
  readonly held: readonly Held[];
  readonly nextFlushMs: number;
}

export interface AlertmanagerStatus {
  readonly startedMs: number;
  /** The file without its secrets. */
  readonly configOriginal: string;
  readonly disabledReceivers: readonly DisabledReceiver[];
  readonly version: string;
  /** We are one process; Alertmanager's word for that is a disabled cluster. */
  readonly clusterStatus: "disabled";
}

/** How a delivery can fail, in Alertmanager's words for its metric. */
export type FailureReason =
  | "clientError"
  | "serverError"
  | "authError"
  | "rateLimited"
  | "contextCanceled"
  | "contextDeadlineExceeded"
  | "other";

/** One request to one receiver. */
export interface DeliveryAttempt {
  readonly atMs: number;
  readonly durationMs: number;
  readonly receiver: string;
  /** `slack[0]` */
  readonly integration: string;
  readonly groupKey: string;
  /** 1 is the first of this notification. */
  readonly attempt: number;
  readonly alertCount: number;
  readonly outcome: "delivered" | "will-retry" | "failed";
  /** The HTTP status; undefined when no reply came. */
  readonly status: number | undefined;
  readonly reason: FailureReason | undefined;
  /** Free of secrets. */
  readonly error: string;
}
