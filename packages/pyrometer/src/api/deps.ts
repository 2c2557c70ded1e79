/**
 * What the HTTP routes need of the rest, and no more. `server` fills it in; a test fills in fakes.
 *
 * Each view is the reading half of a room's door, so the room's own object fits without an adapter.
 */

import type { Registry } from "@pyrometer/client";
import type { Alertmanager } from "../alertmanager/index.ts";
import type { Labels } from "../model/index.ts";
import type { QueryFeatures } from "../promql/index.ts";
import type { RuleManager } from "../rules/index.ts";
import type { ScrapeManager } from "../scrape/index.ts";
import type { Clock, Logger, SourceError } from "../std/index.ts";
import type { QueryBackend, Reader, StoreStats } from "../storage/index.ts";
import type { Inbox } from "./inbox.ts";

export interface ApiDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What /metrics exposes; the routes count themselves in it too. */
  readonly registry: Registry;
  readonly backend: QueryBackend;
  /** What of PromQL's experiments is on, for the routes that only read a query; all unless given. */
  readonly features?: QueryFeatures;
  readonly reader: Reader;
  readonly store: { stats(): StoreStats };
  readonly scrape: ScrapeView;
  readonly rules: RulesView;
  /** Absent when alerts go to other Alertmanagers only: /api/v2 then answers 404. */
  readonly alertmanager?: AlertmanagerView | undefined;
  readonly status: StatusView;
  readonly lifecycle: Lifecycle;
  readonly dashboards: DashboardsView;
  readonly inbox: Inbox;
  /** Present in demo mode only. */
  readonly demo?: DemoView | undefined;
  /** Folder of the built web app; undefined or missing when it is not built. */
  readonly webDir?: string | undefined;
  /**
   * Host names, without port, by which browsers may address us, beside localhost and IP addresses.
   * "any" when we listen for the world. Guards against DNS rebinding on loopback.
   */
  readonly allowedHosts?: "any" | readonly string[];
}

// ---- scrape

export type ScrapeView = Pick<ScrapeManager, "targets" | "metadata">;

// ---- rules

export type RulesView = Pick<RuleManager, "groups">;

// ---- alertmanager

export type AlertmanagerView = Pick<
  Alertmanager,
  "receive" | "alerts" | "groups" | "receivers" | "silences" | "status"
>;

// ---- the server itself

export interface StatusView {
  isReady(): boolean;
  /** The body of GET /api/pyrometer/v1/status. */
  report(): StatusReport;
  /** prometheus.yml as loaded, with secrets as `<secret>`: it is shown as it is. */
  configYaml(): string;
  /** Flag names without dashes, values as text. */
  flags(): Readonly<Record<string, string>>;
  buildInfo(): BuildInfo;
  /** Labels that federation adds; none when absent. */
  externalLabels?(): Labels;
  /** URLs of the Alertmanagers that alerts are sent to. */
  alertmanagerUrls(): readonly string[];
}

export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
}

export interface StatusReport {
  readonly version: string;
  readonly startedMs: number;
  readonly externalUrl: string;
  readonly store: {
    readonly kind: string;
    /** What a user should know about it: "in memory: forgets everything on restart". */
    readonly note: string;
    readonly seriesCount: number;
    readonly sampleCount: number;
  };
  readonly components: readonly ComponentReport[];
  readonly problems: readonly ProblemReport[];
  readonly demo: boolean;
  readonly simulatedGpu: boolean;
  readonly lastReload: { readonly ok: boolean; readonly atMs: number; readonly error?: string };
}

export interface ComponentReport {
  readonly name: string;
  /** Degraded: it works, and a part of it is off. */
  readonly state: "ok" | "degraded" | "failed";
  readonly detail: string;
}

export interface ProblemReport {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Message, line and carets, for a monospaced box. */
  readonly rendered?: string;
}

export interface Lifecycle {
  /** Reads the configuration again. A bad one leaves the running one alone. */
  reload(): Promise<ReloadOutcome>;
  /** Absent unless --web.enable-lifecycle was given: then /-/quit answers 403. */
  quit?(): void;
}

export type ReloadOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly errors: readonly (SourceError | Error)[] };

// ---- dashboards, demo

export interface DashboardsView {
  list(): readonly DashboardSummary[];
  get(uid: string): DashboardDetail | undefined;
}

export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly folder: string;
  readonly panelCount: number;
}

/** The room dashboards' model and report, passed through as they are. */
export interface DashboardDetail {
  readonly dashboard: unknown;
  readonly panels: readonly unknown[];
}

export interface DemoView {
  scenarios(): readonly ScenarioView[];
  /** False when there is no such scenario. */
  setActive(name: string, active: boolean): boolean;
}

export interface ScenarioView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The alertname it leads to. */
  readonly expects: string;
  readonly active: boolean;
  readonly startedMs?: number | undefined;
}
