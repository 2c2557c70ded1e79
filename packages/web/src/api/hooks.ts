/** What the pages ask the server, each question in one place with its rhythm. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { durationTextMs } from "../model.ts";
import { bareJson, getData, postJson } from "./client.ts";
import type {
  AlertGroup,
  DashboardDetail,
  DashboardSummary,
  InboxEntry,
  RuleGroup,
  Scenario,
  Silence,
  SilenceMatcher,
  Status,
  Targets,
} from "./types.ts";

const OWN = "/api/pyrometer/v1";
const LIVE_MS = 2000;
const CALM_MS = 5000;
const DEFAULT_SCRAPE_INTERVAL_MS = 15_000;

/** Asks again every `everyMs` while the page is in front; the old answer stays meanwhile. */
function useLive<T>(path: string, everyMs: number, isEnabled = true) {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => getData<T>(path, signal),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  });
}

export const useStatus = () => useLive<Status>(`${OWN}/status`, CALM_MS);

export const useDashboards = () =>
  useLive<readonly DashboardSummary[]>(`${OWN}/dashboards`, 15_000);

/** The file behind it may be edited; the same model comes back as the same object, so no redraw. */
export function useDashboard(uid: string) {
  const path = `${OWN}/dashboards/${encodeURIComponent(uid)}`;
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => getData<DashboardDetail>(path, signal),
    refetchInterval: 15_000,
  });
}

export const useInbox = (isEnabled = true) =>
  useLive<readonly InboxEntry[]>(`${OWN}/inbox`, LIVE_MS, isEnabled);

export const useDemo = (isEnabled: boolean) =>
  useLive<{ readonly scenarios: readonly Scenario[] }>(`${OWN}/demo`, LIVE_MS, isEnabled);

export const useTargets = () => useLive<Targets>("/api/v1/targets", CALM_MS);

export const useRules = (isEnabled = true) =>
  useLive<{ readonly groups: readonly RuleGroup[] }>("/api/v1/rules", LIVE_MS, isEnabled);

/** How often most targets are scraped: what $__rate_interval is made from. */
export function useScrapeIntervalMs(): number | undefined {
  const { data, isError } = useQuery({
    queryKey: ["scrape-interval"],
    queryFn: async ({ signal }) =>
      commonInterval(await getData<Targets>("/api/v1/targets", signal)),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
  return isError ? DEFAULT_SCRAPE_INTERVAL_MS : data;
}

export function commonInterval({ activeTargets }: Targets): number {
  const counts = new Map<number, number>();
  for (const { scrapeInterval } of activeTargets) {
    const intervalMs = durationTextMs(scrapeInterval ?? "");
    if (intervalMs) counts.set(intervalMs, (counts.get(intervalMs) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return commonest?.[0] ?? DEFAULT_SCRAPE_INTERVAL_MS;
}

export function useSwitchScenario() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, active }: Pick<Scenario, "name" | "active">) =>
      postJson(`${OWN}/demo/scenarios/${encodeURIComponent(name)}`, { active }),
    onSettled: () => client.invalidateQueries({ queryKey: [`${OWN}/demo`] }),
  });
}

function useBareLive<T>(path: string) {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => bareJson<T>(path, { signal }),
    refetchInterval: CALM_MS,
    placeholderData: keepPreviousData,
  });
}

export const useAlertGroups = () => useBareLive<readonly AlertGroup[]>("/api/v2/alerts/groups");

export const useSilences = () => useBareLive<readonly Silence[]>("/api/v2/silences");

export interface NewSilence {
  readonly matchers: readonly SilenceMatcher[];
  readonly durationMs: number;
  readonly createdBy: string;
  readonly comment: string;
}

export function useCreateSilence() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: ({ durationMs, ...silence }: NewSilence) => {
      const nowMs = Date.now();
      return bareJson("/api/v2/silences", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          ...silence,
          startsAt: new Date(nowMs).toISOString(),
          endsAt: new Date(nowMs + durationMs).toISOString(),
        }),
      });
    },
    onSuccess: refresh,
  });
}

export function useExpireSilence() {
  const refresh = useRefreshAlerts();
  return useMutation({
    mutationFn: (id: string) =>
      bareJson(`/api/v2/silence/${encodeURIComponent(id)}`, { method: "DELETE" }),
    onSuccess: refresh,
  });
}

function useRefreshAlerts() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["/api/v2/silences", "/api/v2/alerts/groups"].map((path) =>
        client.invalidateQueries({ queryKey: [path] }),
      ),
    );
}
