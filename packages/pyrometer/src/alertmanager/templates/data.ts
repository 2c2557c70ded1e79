/**
 * What notification templates see: Alertmanager's Data, with Go's names, and as webhook JSON.
 */
import type { Labels } from "../../model/index.ts";
import { compareText } from "../../std/index.ts";
import type { TemplateFunction, TemplateObject, TemplateValue } from "../../template/index.ts";
import { GoTime, named, struct } from "../../template/index.ts";
import type { Annotations, NotifiedAlert } from "../alert.ts";

export type Status = "firing" | "resolved";

export interface DataOptions {
  readonly receiver: string;
  readonly groupLabels: Labels;
  readonly routeLabels: Annotations;
  readonly reason: string;
  readonly externalUrl: string;
  readonly alerts: readonly NotifiedAlert[];
}

/** A template value, with the plain facts that receivers ask beside templates. */
export interface NotificationData extends TemplateObject {
  readonly Status: Status;
}

/** Everything is firing as long as one is; a notification about nothing counts as resolved. */
export function statusOf(alerts: readonly NotifiedAlert[]): Status {
  return alerts.some(({ endsAtMs }) => endsAtMs === undefined) ? "firing" : "resolved";
}

export function createData(options: DataOptions): NotificationData {
  const { alerts } = options;
  const json = jsonOf(options);
  return struct("template.Data", {
    // Alertmanager shows the name as a regular expression, for its link to the alerts page.
    Receiver: json.receiver,
    Status: json.status,
    Alerts: alertsValue(alerts),
    NotificationReason: options.reason,
    GroupLabels: keyValues(json.groupLabels),
    CommonLabels: keyValues(json.commonLabels),
    CommonAnnotations: keyValues(json.commonAnnotations),
    RouteLabels: keyValues(json.routeLabels),
    ExternalURL: options.externalUrl,
    MarshalJSON: () => json as unknown as TemplateValue,
  });
}

/** The same as JSON, in the order webhooks have always had it. */
export interface WebhookJson {
  readonly receiver: string;
  readonly status: Status;
  readonly alerts: readonly AlertJson[];
  readonly notification_reason: string;
  readonly groupLabels: Annotations;
  readonly commonLabels: Annotations;
  readonly commonAnnotations: Annotations;
  readonly routeLabels: Annotations;
  readonly externalURL: string;
}

export interface AlertJson {
  readonly status: Status;
  readonly labels: Annotations;
  readonly annotations: Annotations;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

export function toWebhookJson(data: NotificationData): WebhookJson {
  const marshal = data.MarshalJSON as TemplateFunction;
  return marshal() as unknown as WebhookJson;
}

function jsonOf(options: DataOptions): WebhookJson {
  const { alerts } = options;
  return {
    receiver: quoteMeta(options.receiver),
    status: statusOf(alerts),
    alerts: alerts.map(alertJson),
    notification_reason: options.reason,
    groupLabels: options.groupLabels.toRecord(),
    commonLabels: common(alerts.map(({ labels }) => labels.toRecord())),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    routeLabels: options.routeLabels,
    externalURL: options.externalUrl,
  };
}

function alertJson(alert: NotifiedAlert): AlertJson {
  return {
    status: alert.endsAtMs === undefined ? "firing" : "resolved",
    labels: alert.labels.toRecord(),
    annotations: alert.annotations,
    startsAt: toIso(alert.startsAtMs),
    endsAt: toIso(alert.endsAtMs),
    generatorURL: alert.generatorUrl,
    fingerprint: alert.fingerprint,
  };
}

/** RFC 3339; Go's zero time for one that is not set. */
export function toIso(timeMs: number | undefined): string {
  if (timeMs === undefined) return "0001-01-01T00:00:00Z";
  return new Date(timeMs).toISOString().replace(/\.?0*Z$/, "Z");
}

/** Pairs that all of `records` share. */
function common(records: readonly Annotations[]): Annotations {
  const [first, ...others] = records;
  if (first === undefined) return {};
  const shared = Object.entries(first).filter(([name, value]) =>
    others.every((other) => other[name] === value),
  );
  return Object.fromEntries(shared);
}

function alertsValue(alerts: readonly NotifiedAlert[]): TemplateValue {
  const items = alerts.map((alert) => ({ alert, value: alertValue(alert) }));
  const only = (isWanted: (alert: NotifiedAlert) => boolean) =>
    named(
      "[]template.Alert",
      items.filter(({ alert }) => isWanted(alert)).map(({ value }) => value),
    );
  const all = named(
    "template.Alerts",
    items.map(({ value }) => value),
  );
  return withMethods(all, {
    Firing: () => only(({ endsAtMs }) => endsAtMs === undefined),
    Resolved: () => only(({ endsAtMs }) => endsAtMs !== undefined),
  });
}

function alertValue(alert: NotifiedAlert): TemplateValue {
  const json = alertJson(alert);
  return struct("template.Alert", {
    Status: json.status,
    Labels: keyValues(json.labels),
    Annotations: keyValues(json.annotations),
    StartsAt: GoTime.fromMs(alert.startsAtMs),
    EndsAt: alert.endsAtMs === undefined ? GoTime.ZERO : GoTime.fromMs(alert.endsAtMs),
    GeneratorURL: json.generatorURL,
    Fingerprint: json.fingerprint,
    MarshalJSON: () => json as unknown as TemplateValue,
  });
}

/** Alertmanager's KV: names to texts, with the methods that print them in order. */
function keyValues(record: Annotations): TemplateValue {
  const map = named("template.KV", new Map<string, TemplateValue>(Object.entries(record)));
  const pairs = () => pairsOf(record);
  return withMethods(map, {
    SortedPairs: () => pairsValue(pairs()),
    Names: () => texts(pairs().map(([name]) => name)),
    Values: () => texts(pairs().map(([, value]) => value)),
    Remove: (names) => {
      const dropped = new Set((names ?? []) as readonly string[]);
      return keyValues(
        Object.fromEntries(Object.entries(record).filter(([name]) => !dropped.has(name))),
      );
    },
    String: () => printPairs(pairs()),
  });
}

/** alertname first, the others by name. */
function pairsOf(record: Annotations): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => {
    if (a === "alertname" || b === "alertname") return a === b ? 0 : a === "alertname" ? -1 : 1;
    return compareText(a, b);
  });
}

function pairsValue(pairs: readonly (readonly [string, string])[]): TemplateValue {
  const items = pairs.map(([name, value]) => struct("template.Pair", { Name: name, Value: value }));
  return withMethods(named("template.Pairs", items), {
    Names: () => texts(pairs.map(([name]) => name)),
    Values: () => texts(pairs.map(([, value]) => value)),
    String: () => printPairs(pairs),
  });
}

function texts(items: readonly string[]): TemplateValue {
  return withMethods(named("template.Strings", [...items]), {
    Join: (separator) => items.join(String(separator)),
  });
}

function printPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(", ");
}

function withMethods<T extends object>(
  value: T,
  methods: Readonly<Record<string, TemplateFunction>>,
): T & TemplateObject {
  return Object.assign(value, methods) as T & TemplateObject;
}

/** Go's regexp.QuoteMeta. */
function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
