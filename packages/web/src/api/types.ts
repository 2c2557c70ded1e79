/** The JSON that our server, a Prometheus and an Alertmanager answer with; what we read of it. */
import type { Dashboard, PanelReport } from "../model.ts";

/** Prometheus counts seconds where we count milliseconds; its names are its own. */
type Seconds = number;

export type LabelSet = Readonly<Record<string, string>>;

export interface Status {
  readonly version: string;
  readonly startedMs: number;
  readonly externalUrl: string;
  readonly store: {
    readonly kind: string;
    readonly note: string;
    readonly seriesCount: number;
    readonly sampleCount: number;
  };
  readonly components: readonly Component[];
  readonly problems: readonly Problem[];
  readonly demo: boolean;
  readonly simulatedGpu: boolean;
  readonly lastReload: { readonly ok: boolean; readonly atMs: number; readonly error?: string };
}

export interface Component {
  readonly name: string;
  readonly state: "ok" | "degraded" | "failed";
  readonly detail: string;
}

export interface Problem {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly rendered?: string;
}

export interface DashboardSummary {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly folder: string;
  readonly panelCount: number;
}

export interface DashboardDetail {
  readonly dashboard: Dashboard;
  readonly panels: readonly PanelReport[];
}

export interface InboxEntry {
  readonly id: number | string;
  readonly receivedMs: number;
  readonly receiver: string;
  readonly status: "firing" | "resolved";
  readonly groupKey: string;
  readonly title: string;
  readonly groupLabels: LabelSet;
  readonly alerts: readonly InboxAlert[];
}

export interface InboxAlert {
  readonly status: "firing" | "resolved";
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: string;
  readonly endsAt: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly expects: string;
  readonly active: boolean;
  readonly startedMs?: number;
}

export interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly labels: LabelSet;
  readonly discoveredLabels: LabelSet;
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly lastScrape: string;
  readonly lastScrapeDuration: Seconds;
  readonly scrapeInterval?: string;
}

export interface Targets {
  readonly activeTargets: readonly Target[];
  readonly droppedTargets: readonly { readonly discoveredLabels: LabelSet }[];
  readonly droppedTargetCounts?: Readonly<Record<string, number>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly interval: Seconds;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly type: "alerting" | "recording";
  readonly name: string;
  readonly query: string;
  readonly health: "ok" | "err" | "unknown";
  readonly lastError?: string;
  readonly labels?: LabelSet;
  readonly annotations?: LabelSet;
  readonly state?: RuleState;
  readonly duration?: Seconds;
  readonly alerts?: readonly RuleAlert[];
}

export type RuleState = "inactive" | "pending" | "firing" | "unknown";

export interface RuleAlert {
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly state: "pending" | "firing";
  readonly activeAt: string;
  readonly value: string;
}

export interface GettableAlert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: {
    readonly state: "active" | "suppressed" | "unprocessed";
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

export interface AlertGroup {
  readonly labels: LabelSet;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly GettableAlert[];
}

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface Silence {
  readonly id: string;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  readonly status: { readonly state: "active" | "pending" | "expired" };
}

/** One series of a query's answer: parallel columns, Unix milliseconds. */
export interface Series {
  readonly labels: LabelSet;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}
