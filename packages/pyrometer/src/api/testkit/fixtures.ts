/** Made-up targets, rules, dashboards: what the views show in the API's tests. */
import { Labels } from "../../model/index.ts";
import type { RuleGroupStatus } from "../../rules/index.ts";
import type { DashboardsView, DemoView, ScrapeView, StatusReport } from "../deps.ts";

const STARTED_MS = Date.UTC(2026, 0, 2, 3, 0, 0);

export const TARGETS: ReturnType<ScrapeView["targets"]> = {
  active: [
    {
      scrapePool: "api",
      scrapeUrl: "http://a:1/metrics",
      globalUrl: "http://a:1/metrics",
      labels: Labels.from({ job: "api", instance: "a:1" }),
      discoveredLabels: Labels.from({ __address__: "a:1", job: "api" }),
      health: "up",
      lastError: "",
      lastScrapeMs: STARTED_MS + 1500,
      lastDurationMs: 12.5,
      intervalMs: 15_000,
      timeoutMs: 10_000,
    },
    {
      scrapePool: "db",
      scrapeUrl: "http://b:2/metrics",
      globalUrl: "http://b:2/metrics",
      labels: Labels.from({ job: "db", instance: "b:2" }),
      discoveredLabels: Labels.from({ __address__: "b:2", job: "db" }),
      health: "unknown",
      lastError: "",
      lastScrapeMs: undefined,
      lastDurationMs: 0,
      intervalMs: 90_000,
      timeoutMs: 10_000,
    },
  ],
  dropped: [{ scrapePool: "db", discoveredLabels: Labels.from({ __address__: "c:3" }) }],
};

const UP = { type: "gauge", help: "Whether it is up.", unit: "" };

export const METADATA: ReturnType<ScrapeView["metadata"]> = [
  { metric: "up", ...UP, target: Labels.from({ job: "api" }) },
  { metric: "up", ...UP, target: Labels.from({ job: "db" }) },
  { metric: "up", ...UP, help: "Another text.", target: Labels.from({ job: "old" }) },
  {
    metric: "x_total",
    type: "counter",
    help: "Xs.",
    unit: "",
    target: Labels.from({ job: "api" }),
  },
];

const EVALUATED = { lastEvaluationMs: STARTED_MS, lastDurationMs: 2 };

export const RULE_GROUPS: readonly RuleGroupStatus[] = [
  {
    name: "recorded",
    file: "rules.yml",
    intervalMs: 15_000,
    limit: 0,
    ...EVALUATED,
    rules: [
      {
        kind: "recording",
        name: "job:up:sum",
        query: "sum by (job) (up)",
        labels: { team: "ml" },
        health: "ok",
        lastError: "",
        ...EVALUATED,
      },
    ],
  },
  {
    name: "alerting",
    file: "alerts.yml",
    intervalMs: 60_000,
    limit: 10,
    ...EVALUATED,
    rules: [
      {
        kind: "alerting",
        name: "Down",
        query: "up == 0",
        labels: { severity: "page" },
        annotations: { summary: "It is down" },
        health: "err",
        lastError: "query timed out",
        state: "firing",
        forMs: 90_000,
        keepFiringForMs: 0,
        alerts: [
          {
            labels: Labels.from({ alertname: "Down", job: "db" }),
            annotations: { summary: "It is down" },
            state: "firing",
            activeAtMs: STARTED_MS,
            keepFiringSinceMs: undefined,
            value: 0.025,
          },
        ],
        ...EVALUATED,
      },
    ],
  },
];

export const STATUS_REPORT: StatusReport = {
  version: "0.1.0",
  startedMs: STARTED_MS,
  externalUrl: "http://127.0.0.1:9090",
  store: { kind: "memory", note: "forgets everything on restart", seriesCount: 3, sampleCount: 30 },
  components: [{ name: "scrape", state: "ok", detail: "2 targets" }],
  problems: [],
  demo: true,
  simulatedGpu: true,
  lastReload: { ok: true, atMs: STARTED_MS },
};

const SUMMARY = { uid: "ml", title: "ML", tags: ["ml"], folder: "", panelCount: 1 };

export const DASHBOARDS: DashboardsView = {
  list: () => [SUMMARY],
  get: (uid) => (uid === "ml" ? { dashboard: { title: "ML" }, panels: [{ id: 1 }] } : undefined),
};

const DRIFT = {
  name: "drift",
  title: "Drift",
  description: "Inputs change; accuracy falls.",
  expects: "ModelAccuracyLow",
};

export const DEMO: DemoView = {
  scenarios: () => [{ ...DRIFT, active: false }],
  setActive: (name) => name === "drift",
};
