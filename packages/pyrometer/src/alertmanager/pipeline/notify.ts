/**
 * What a flush does: first what holds for all receivers of the group (inhibition, hours,
 * silences), then each integration of its receiver by itself, side by side, so that one that fails
 * or hangs holds no other up.
 * Source: alertmanager notify.PipelineBuilder
 */
import type { Clock, Logger } from "../../std/index.ts";
import { SourceError } from "../../std/index.ts";
import { TemplateError } from "../../template/index.ts";
import type { Annotations, NotifiedAlert } from "../alert.ts";
import type { AlertmanagerConfig } from "../config/types.ts";
import type { AggregationGroup, FlushReport } from "../grouping/group.ts";
import type { Inhibitor } from "../inhibit/inhibitor.ts";
import type { Metrics } from "../metrics.ts";
import type { Notification } from "../receivers/receiver.ts";
import { ReceiverError } from "../receivers/receiver.ts";
import type { SilenceStore } from "../silence/silences.ts";
import { createData } from "../templates/data.ts";
import type { Renderer } from "../templates/renderer.ts";
import { intervalsHolding } from "../times/time-interval.ts";
import type { DeliveryAttempt, HttpSender } from "../types.ts";
import type { AttemptLog } from "./attempts.ts";
import type { Integration } from "./integration.ts";
import type { LogQuery, NotificationLog, NotifyReason } from "./notification-log.ts";
import type { Attempt, SendFailure } from "./send.ts";
import { sendUntilTaken } from "./send.ts";
import type { Batch, Held, Stage, StageContext } from "./stage.ts";
import { holdBack, pipeline } from "./stage.ts";

export interface NotifyDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sender: HttpSender;
  readonly random: () => number;
  readonly metrics: Metrics;
  readonly externalUrl: string;
  readonly inhibitor: Inhibitor;
  readonly silences: SilenceStore;
  readonly log: NotificationLog;
  readonly attempts: AttemptLog;
  readonly renderer: Renderer;
  readonly config: AlertmanagerConfig;
  /** By receiver name. */
  readonly integrations: ReadonlyMap<string, readonly Integration[]>;
}

/** One flush of one group. */
export async function notifyGroup(
  group: AggregationGroup,
  {
    alerts,
    context,
  }: { readonly alerts: readonly NotifiedAlert[]; readonly context: StageContext },
  deps: NotifyDeps,
): Promise<FlushReport> {
  const batch = await mutes(group, deps)({ alerts, held: [] }, context);
  countHeld(batch.held, deps.metrics);
  if (batch.alerts.length === 0) return { isComplete: true, held: batch.held };
  const routeLabels = await renderRouteLabels(group, batch.alerts, deps);
  const integrations = deps.integrations.get(group.route.config.receiver) ?? [];
  const results = await Promise.all(
    integrations.map((integration) =>
      deliver({ group, integration, routeLabels }, { batch, context }, deps),
    ),
  );
  return {
    isComplete: results.every(({ isComplete }) => isComplete),
    held: [...batch.held, ...results.flatMap(({ held }) => held)],
  };
}

/** What holds alerts back whoever would be told. */
function mutes({ route }: AggregationGroup, deps: NotifyDeps): Stage {
  const { inhibitor, silences, config } = deps;
  const { activeTimeIntervals, muteTimeIntervals } = route.config;
  const holding = (names: readonly string[], nowMs: number) =>
    intervalsHolding(names, nowMs, config.timeIntervals);
  const isInactive = (nowMs: number) =>
    activeTimeIntervals.length > 0 && holding(activeTimeIntervals, nowMs).length === 0;
  return pipeline(
    holdBack("inhibited", ({ labels }, nowMs) => inhibitor.inhibitedBy(labels, nowMs)),
    holdBack("outside-active-time", (_, nowMs) => (isInactive(nowMs) ? activeTimeIntervals : [])),
    holdBack("muted", (_, nowMs) => holding(muteTimeIntervals, nowMs)),
    holdBack("silenced", ({ labels }, nowMs) => silences.silencedBy(labels, nowMs)),
  );
}

function countHeld(held: readonly Held[], metrics: Metrics): void {
  for (const { reason } of held) metrics.suppressed(reason, 1);
}

interface Delivery {
  readonly group: AggregationGroup;
  readonly integration: Integration;
  readonly routeLabels: Annotations;
}

/** Tells one integration, unless it knows. */
async function deliver(
  delivery: Delivery,
  { batch, context }: { readonly batch: Batch; readonly context: StageContext },
  deps: NotifyDeps,
): Promise<FlushReport> {
  const { group, integration } = delivery;
  const { receiver, repeatIntervalMs } = group.route.config;
  const { sendResolved, kind } = integration.config;
  const query: LogQuery = {
    key: `${group.key}:${receiver}/${integration.name}`,
    sendResolved,
    repeatIntervalMs,
    nowMs: context.nowMs,
  };
  const reason = deps.log.reasonToNotify(batch.alerts, query);
  if (reason === undefined) {
    const held = batch.alerts.map((alert): Held => ({ alert, reason: "already-sent", by: [] }));
    return { isComplete: true, held };
  }
  const isFiring = ({ endsAtMs }: NotifiedAlert) => endsAtMs === undefined;
  const shown = sendResolved ? batch.alerts : batch.alerts.filter(isFiring);
  if (shown.length > 0) {
    deps.metrics.notified(kind);
    const failure = await send(delivery, { shown, reason, context }, deps);
    if (failure !== undefined) {
      deps.metrics.failed(kind, failure.reason);
      const fields = { receiver, integration: integration.name, group: group.key };
      deps.logger.warn("notification not delivered", { ...fields, error: failure.error });
      return { isComplete: false, held: [] };
    }
  }
  deps.log.record(batch.alerts, { ...query, nowMs: deps.clock.nowMs() });
  return { isComplete: true, held: [] };
}

interface Sending {
  readonly shown: readonly NotifiedAlert[];
  readonly reason: NotifyReason;
  readonly context: StageContext;
}

async function send(delivery: Delivery, sending: Sending, deps: NotifyDeps): Promise<SendFailure> {
  const { receiver, config } = delivery.integration;
  const { context } = sending;
  const note = (attempt: Attempt) => noteAttempt(delivery, { attempt, sending }, deps);
  try {
    const request = await receiver.prepare(notificationOf(delivery, sending, deps));
    return await sendUntilTaken(
      {
        receiver,
        request,
        http: config.http,
        timeoutMs: config.timeoutMs,
        deadlineMs: context.deadlineMs,
        signal: context.signal,
        onAttempt: note,
      },
      deps,
    );
  } catch (error) {
    const isUsers = error instanceof TemplateError || error instanceof SourceError;
    if (!isUsers && !(error instanceof ReceiverError)) throw error;
    const problem = `Cannot make the message: ${error.message}`;
    const startedMs = deps.clock.nowMs();
    note({
      number: 1,
      startedMs,
      outcome: "failed",
      status: undefined,
      reason: "other",
      error: problem,
    });
    return { reason: "other", error: problem };
  }
}

function notificationOf(
  { group, routeLabels }: Delivery,
  { shown, reason }: Sending,
  deps: NotifyDeps,
): Notification {
  return {
    alerts: shown,
    groupKey: group.key,
    reason,
    dataFor: (alerts) => dataOf(group, { alerts, routeLabels, reason }, deps),
    render: (text, data) => deps.renderer.render(text, data, routeLabels),
  };
}

function dataOf(
  group: AggregationGroup,
  told: {
    readonly alerts: readonly NotifiedAlert[];
    readonly routeLabels: Annotations;
    readonly reason: string;
  },
  { externalUrl }: NotifyDeps,
) {
  const { receiver } = group.route.config;
  return createData({ receiver, groupLabels: group.labels, externalUrl, ...told });
}

/** A route's labels may be templates over the group; one that fails is left out. */
async function renderRouteLabels(
  group: AggregationGroup,
  alerts: readonly NotifiedAlert[],
  deps: NotifyDeps,
): Promise<Annotations> {
  const { labels } = group.route.config;
  if (Object.keys(labels).length === 0) return labels;
  const data = dataOf(group, { alerts, routeLabels: labels, reason: "unknown" }, deps);
  const rendered: Record<string, string> = {};
  for (const [name, text] of Object.entries(labels)) {
    try {
      rendered[name] = await deps.renderer.render(text, data, labels);
    } catch (error) {
      if (!(error instanceof TemplateError) && !(error instanceof SourceError)) throw error;
      deps.logger.warn("route label not rendered", { label: name, error: error.message });
    }
  }
  return rendered;
}

function noteAttempt(
  { group, integration }: Delivery,
  { attempt, sending }: { readonly attempt: Attempt; readonly sending: Sending },
  deps: NotifyDeps,
): void {
  const { number, startedMs, outcome, status, reason, error } = attempt;
  const durationMs = deps.clock.nowMs() - startedMs;
  const entry: DeliveryAttempt = {
    atMs: startedMs,
    durationMs,
    receiver: group.route.config.receiver,
    integration: integration.name,
    groupKey: group.key,
    attempt: number,
    alertCount: sending.shown.length,
    outcome,
    status,
    reason,
    error,
  };
  deps.attempts.add(entry);
  deps.metrics.requested(integration.config.kind, durationMs, outcome !== "delivered");
}
