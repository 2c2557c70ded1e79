/**
 * What every receiver is: it turns a notification into one HTTP request, and reads the reply.
 * Sending, retrying and remembering are the pipeline's.
 */
import { ellipsis } from "../../std/index.ts";
import type { NotifiedAlert } from "../alert.ts";
import { REPLY_QUOTED_MAX } from "../limits.ts";
import type { NotifyReason } from "../pipeline/notification-log.ts";
import type { NotificationData } from "../templates/data.ts";
import type { HttpReply } from "../types.ts";

/** One message to one receiver. */
export interface Notification {
  readonly alerts: readonly NotifiedAlert[];
  readonly groupKey: string;
  readonly reason: NotifyReason;
  /** Data for templates, made of some or all of the alerts. */
  dataFor(alerts: readonly NotifiedAlert[]): NotificationData;
  /** Runs a template text over `data`. @throws {TemplateError | SourceError} */
  render(text: string, data: NotificationData): Promise<string>;
}

export interface PreparedRequest {
  /** Secret. */
  readonly url: string;
  readonly body: string;
  /** What in the body must not be shown, should the reply repeat it. */
  readonly keys: readonly string[];
}

/** What a reply means. `details` may repeat what was sent: the sender takes secrets out. */
export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly canRetry: boolean; readonly details: string };

export interface Receiver {
  /** @throws {ReceiverError | TemplateError | SourceError} when there is nothing to send */
  prepare(notification: Notification): Promise<PreparedRequest>;
  judge(reply: HttpReply): Verdict;
}

/** The message cannot be made; trying again would not help. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";
}

/**
 * 2xx is delivered; 5xx, 429 and what the service adds are tried again; the rest is refused.
 */
export function judgeStatus(
  { status, body }: HttpReply,
  options: {
    readonly retryStatuses?: readonly number[];
    readonly detailsOf?: (body: string) => string;
  } = {},
): Verdict {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  const canRetry = status >= 500 || status === 429 || options.retryStatuses?.includes(status);
  const details = (options.detailsOf ?? quoteReply)(body);
  const problem = `unexpected status code ${status}`;
  return {
    kind: "failed",
    canRetry: canRetry === true,
    details: details === "" ? problem : `${problem}: ${details}`,
  };
}

/** A reply's text as an error may quote it. */
export function quoteReply(body: string): string {
  return ellipsis(body.trim(), REPLY_QUOTED_MAX);
}
