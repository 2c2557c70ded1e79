/** Alerts and groups as the API lists them: what is true now, not at the last flush. */
import { matchesAll } from "../model/index.ts";
import type { Alert } from "./alert.ts";
import { isResolvedAt } from "./alert.ts";
import type { AggregationGroup } from "./grouping/group.ts";
import type { Inhibitor } from "./inhibit/inhibitor.ts";
import { routesFor } from "./routing/match.ts";
import type { Route } from "./routing/route.ts";
import type { SilenceStore } from "./silence/silences.ts";
import type { TimeInterval } from "./times/time-interval.ts";
import { intervalsHolding } from "./times/time-interval.ts";
import type { AlertFilter, AlertGroup, AlertStatus, GettableAlert } from "./types.ts";

export interface Listing {
  readonly nowMs: number;
  readonly alerts: Iterable<Alert>;
  readonly silences: SilenceStore;
  /** undefined before the first configuration; so is `root`. */
  readonly inhibitor: Inhibitor | undefined;
  readonly root: Route | undefined;
  readonly timeIntervals: ReadonlyMap<string, readonly TimeInterval[]>;
}

/** By fingerprint. */
export function listAlerts(listing: Listing, filter: AlertFilter): GettableAlert[] {
  const listed: GettableAlert[] = [];
  for (const alert of listing.alerts) {
    if (isResolvedAt(alert, listing.nowMs)) continue;
    const receivers = receiversOf(alert, listing.root);
    if (filter.receiver && !receivers.some(filter.receiver)) continue;
    const status = statusOf(alert, [], listing);
    if (isWanted(alert, status, filter)) listed.push(toGettable(alert, { status, receivers }));
  }
  return listed.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

/** By group labels, then receiver; groups with nothing to show are left out. */
export function listGroups(
  groups: readonly AggregationGroup[],
  listing: Listing,
  filter: AlertFilter,
): AlertGroup[] {
  return groups.flatMap((group) => {
    const { receiver } = group.route.config;
    if (filter.receiver && !filter.receiver(receiver)) return [];
    const mutedBy = mutedByTime(group.route, listing);
    const alerts = group.alerts.flatMap((alert) => {
      if (isResolvedAt(alert, listing.nowMs)) return [];
      const status = statusOf(alert, mutedBy, listing);
      if (!isWanted(alert, status, filter)) return [];
      return [toGettable(alert, { status, receivers: receiversOf(alert, listing.root) })];
    });
    if (alerts.length === 0) return [];
    const { key, labels, held, nextFlushMs } = group;
    return [{ key, labels: labels.toRecord(), receiver, alerts, held, nextFlushMs }];
  });
}

function receiversOf({ labels }: Alert, root: Route | undefined): readonly string[] {
  return root === undefined ? [] : routesFor(labels, root).map(({ config }) => config.receiver);
}

function statusOf(
  { labels }: Alert,
  mutedBy: readonly string[],
  { silences, inhibitor, nowMs }: Listing,
): AlertStatus {
  const silencedBy = silences.silencedBy(labels, nowMs);
  const inhibitedBy = inhibitor?.inhibitedBy(labels, nowMs) ?? [];
  const isHeld = silencedBy.length + inhibitedBy.length + mutedBy.length > 0;
  return { state: isHeld ? "suppressed" : "active", silencedBy, inhibitedBy, mutedBy };
}

function mutedByTime({ config }: Route, { nowMs, timeIntervals }: Listing): readonly string[] {
  const { activeTimeIntervals, muteTimeIntervals } = config;
  const isActive =
    activeTimeIntervals.length === 0 ||
    intervalsHolding(activeTimeIntervals, nowMs, timeIntervals).length > 0;
  return isActive ? intervalsHolding(muteTimeIntervals, nowMs, timeIntervals) : activeTimeIntervals;
}

function isWanted({ labels }: Alert, status: AlertStatus, filter: AlertFilter): boolean {
  const { active = true, silenced = true, inhibited = true, muted = true } = filter;
  if (!active && status.state === "active") return false;
  if (!silenced && status.silencedBy.length > 0) return false;
  if (!inhibited && status.inhibitedBy.length > 0) return false;
  if (!muted && status.mutedBy.length > 0) return false;
  return matchesAll(filter.matchers ?? [], labels);
}

function toGettable(
  alert: Alert,
  { status, receivers }: { readonly status: AlertStatus; readonly receivers: readonly string[] },
): GettableAlert {
  const { fingerprint, labels, annotations, startsAtMs, endsAtMs, updatedAtMs, generatorUrl } =
    alert;
  return {
    fingerprint,
    labels: labels.toRecord(),
    annotations,
    startsAtMs,
    endsAtMs,
    updatedAtMs,
    generatorUrl,
    receivers,
    status,
  };
}
