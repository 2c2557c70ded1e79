/**
 * One aggregation group: the alerts of one route that share its group labels, and the timer that
 * tells of them.
 *
 * The first flush comes after group_wait, then one every group_interval. A flush that still runs
 * when the next falls due puts that one off until it is done, so one receiver never gets two
 * messages about a group at once.
 * Source: alertmanager dispatch.aggrGroup
 */
import type { Labels } from "../../model/index.ts";
import type { CancelTimer, Clock } from "../../std/index.ts";
import type { Alert, NotifiedAlert } from "../alert.ts";
import { compareAlerts, notifiedAt } from "../alert.ts";
import { NOTIFY_DEADLINE_MIN_MS } from "../limits.ts";
import type { Held, StageContext } from "../pipeline/stage.ts";
import type { Route } from "../routing/route.ts";
import { groupKeyOf } from "../routing/route.ts";

/** How a flush went: whether everyone was told, and who was held back. */
export interface FlushReport {
  readonly isComplete: boolean;
  readonly held: readonly Held[];
}

export type Flush = (
  group: AggregationGroup,
  alerts: readonly NotifiedAlert[],
  context: StageContext,
) => Promise<FlushReport>;

export interface GroupOptions {
  readonly clock: Clock;
  readonly route: Route;
  readonly labels: Labels;
  readonly flush: Flush;
  /** The group holds nothing any more and will not flush again. */
  readonly onEmpty: (group: AggregationGroup) => void;
}

export class AggregationGroup {
  readonly route: Route;
  readonly labels: Labels;
  readonly key: string;
  readonly #options: GroupOptions;
  readonly #alerts = new Map<string, Alert>();
  readonly #abort = new AbortController();
  #cancelTimer: CancelTimer = () => {};
  #nextFlushMs = 0;
  #isFlushing = false;
  #isDue = false;
  #held: readonly Held[] = [];

  constructor(options: GroupOptions) {
    this.route = options.route;
    this.labels = options.labels;
    this.key = groupKeyOf(options.route, options.labels);
    this.#options = options;
  }

  get alerts(): readonly Alert[] {
    return [...this.#alerts.values()].sort(compareAlerts);
  }

  /** What the last flush held back. */
  get held(): readonly Held[] {
    return this.#held;
  }

  get nextFlushMs(): number {
    return this.#nextFlushMs;
  }

  insert(alert: Alert): void {
    this.#alerts.set(alert.fingerprint, alert);
  }

  /** Sets the first flush, for the alert that made the group: at once when it is old already. */
  start(first: Alert): void {
    const { clock, route } = this.#options;
    const { groupWaitMs } = route.config;
    const isOld = first.startsAtMs + groupWaitMs < clock.nowMs();
    this.#schedule(isOld ? 0 : groupWaitMs);
  }

  stop(): void {
    this.#cancelTimer();
    this.#abort.abort();
  }

  #schedule(delayMs: number): void {
    const { clock } = this.#options;
    this.#cancelTimer();
    this.#nextFlushMs = clock.nowMs() + delayMs;
    this.#cancelTimer = clock.setTimer(delayMs, () => this.#onDue());
  }

  #onDue(): void {
    if (this.#isFlushing) {
      this.#isDue = true;
      return;
    }
    this.#schedule(this.route.config.groupIntervalMs);
    this.#isFlushing = true;
    // Nothing is thrown for what the world does; a throw is a bug and must be seen.
    void this.#flush().finally(() => {
      this.#isFlushing = false;
      if (!this.#isDue || this.#abort.signal.aborted) return;
      this.#isDue = false;
      this.#onDue();
    });
  }

  async #flush(): Promise<void> {
    if (this.#alerts.size === 0) return;
    const nowMs = this.#options.clock.nowMs();
    const budgetMs = Math.max(this.route.config.groupIntervalMs, NOTIFY_DEADLINE_MIN_MS);
    const alerts = this.alerts.map((alert) => notifiedAt(alert, nowMs));
    const report = await this.#options.flush(this, alerts, {
      nowMs,
      deadlineMs: nowMs + budgetMs,
      signal: this.#abort.signal,
    });
    this.#held = report.held;
    if (report.isComplete) this.#dropResolved(alerts);
  }

  /** Forgets what has been told to be over, unless it came back meanwhile. */
  #dropResolved(alerts: readonly NotifiedAlert[]): void {
    const resolved = alerts.filter(({ endsAtMs }) => endsAtMs !== undefined);
    for (const { fingerprint, stored } of resolved) {
      if (this.#alerts.get(fingerprint) === stored) this.#alerts.delete(fingerprint);
    }
    if (resolved.length === 0 || this.#alerts.size > 0) return;
    this.#cancelTimer();
    this.#options.onEmpty(this);
  }
}
