/**
 * Delivers one notification: tries, waits a growing while, tries again, until it is taken, refused
 * for good, or out of time.
 *
 * What is worth another try: no reply at all, 5xx, 429 (no sooner than Retry-After says), and what
 * the service's receiver adds. A reply that never comes is given up after REQUEST_TIMEOUT_MS.
 * Source: alertmanager notify.RetryStage
 */
import type { Clock } from "../../std/index.ts";
import { MS_PER_SECOND, sleep } from "../../std/index.ts";
import type { HttpClientConfig } from "../config/types.ts";
import { BACKOFF_FIRST_MS, BACKOFF_GROWTH, BACKOFF_MAX_MS, REQUEST_TIMEOUT_MS } from "../limits.ts";
import type { PreparedRequest, Receiver } from "../receivers/receiver.ts";
import { SendError } from "../send-error.ts";
import type { FailureReason, HttpReply, HttpSender } from "../types.ts";
import { scrub } from "./scrub.ts";

export interface SendDeps {
  readonly clock: Clock;
  readonly sender: HttpSender;
  readonly random: () => number;
}

export interface SendTask {
  readonly receiver: Receiver;
  readonly request: PreparedRequest;
  readonly http: HttpClientConfig;
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Told of every attempt as it ends. */
  readonly onAttempt: (attempt: Attempt) => void;
}

export interface Attempt {
  readonly number: number;
  readonly startedMs: number;
  readonly outcome: "delivered" | "will-retry" | "failed";
  readonly status: number | undefined;
  readonly reason: FailureReason | undefined;
  readonly error: string;
}

/** undefined: delivered. */
export type SendFailure = { readonly reason: FailureReason; readonly error: string } | undefined;

interface Tried {
  readonly failure: SendFailure;
  readonly canRetry: boolean;
  readonly status: number | undefined;
  /** The receiver asked for no sooner. */
  readonly waitAtLeastMs: number;
}

export async function sendUntilTaken(task: SendTask, deps: SendDeps): Promise<SendFailure> {
  const { clock, random } = deps;
  let backoffMs = BACKOFF_FIRST_MS;
  for (let number = 1; ; number++) {
    const startedMs = clock.nowMs();
    const { failure, canRetry, status, waitAtLeastMs } = await tryOnce(task, deps);
    // Half to one and a half of it, so that receivers that fell together are not hit together.
    const waitMs = Math.max(waitAtLeastMs, Math.round(backoffMs * (0.5 + random())));
    const isInTime = clock.nowMs() + waitMs < task.deadlineMs && !task.signal.aborted;
    const outcome =
      failure === undefined ? "delivered" : canRetry && isInTime ? "will-retry" : "failed";
    const { reason, error = "" } = failure ?? {};
    task.onAttempt({ number, startedMs, outcome, status, reason, error });
    if (outcome !== "will-retry") return failure;
    await sleep(clock, waitMs, task.signal);
    if (task.signal.aborted) return { reason: "contextCanceled", error };
    backoffMs = Math.min(backoffMs * BACKOFF_GROWTH, BACKOFF_MAX_MS);
  }
}

async function tryOnce(task: SendTask, { clock, sender }: SendDeps): Promise<Tried> {
  const { request, receiver, http } = task;
  const budgetMs = Math.min(task.timeoutMs ?? REQUEST_TIMEOUT_MS, task.deadlineMs - clock.nowMs());
  const abort = new AbortController();
  const cancelTimer = clock.setTimer(budgetMs, () => abort.abort());
  const onAbort = () => abort.abort();
  task.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const reply = await sender.send({
      url: request.url,
      headers: { "content-type": "application/json", "user-agent": "Pyrometer" },
      body: request.body,
      http,
      signal: abort.signal,
    });
    const tried = judge(reply, receiver, clock.nowMs());
    const error = scrub(tried.failure?.error ?? "", { ...request, http });
    return tried.failure ? { ...tried, failure: { ...tried.failure, error } } : tried;
  } catch (error) {
    if (!(error instanceof SendError)) throw error; // ours to fix, not the receiver's
    return unanswered(error, { isTimeout: abort.signal.aborted && !task.signal.aborted, budgetMs });
  } finally {
    cancelTimer();
    task.signal.removeEventListener("abort", onAbort);
  }
}

function judge(reply: HttpReply, receiver: Receiver, nowMs: number): Tried {
  const { status } = reply;
  const verdict = receiver.judge(reply);
  if (verdict.kind === "delivered") {
    return { failure: undefined, canRetry: false, status, waitAtLeastMs: 0 };
  }
  const failure = { reason: reasonOf(status), error: verdict.details };
  const waitAtLeastMs = retryAfterMs(reply.retryAfter, nowMs);
  return { failure, canRetry: verdict.canRetry, status, waitAtLeastMs };
}

function unanswered(
  error: SendError,
  { isTimeout, budgetMs }: { readonly isTimeout: boolean; readonly budgetMs: number },
): Tried {
  const aborted: FailureReason = isTimeout ? "contextDeadlineExceeded" : "contextCanceled";
  const reason = error.code === "aborted" || isTimeout ? aborted : "other";
  const text = isTimeout ? `no reply within ${budgetMs} ms` : error.message;
  const canRetry = error.code !== "bad-url";
  return { failure: { reason, error: text }, canRetry, status: undefined, waitAtLeastMs: 0 };
}

function reasonOf(status: number): FailureReason {
  if (status === 401 || status === 403) return "authError";
  if (status === 429) return "rateLimited";
  if (status >= 500) return "serverError";
  return status >= 400 ? "clientError" : "other";
}

/** Seconds, or a date; 0 when there is neither. */
function retryAfterMs(text: string, nowMs: number): number {
  if (text === "") return 0;
  if (/^\d+$/.test(text)) return Number(text) * MS_PER_SECOND;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs);
}
