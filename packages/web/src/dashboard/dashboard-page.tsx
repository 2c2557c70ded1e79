/** A dashboard: `/d/:uid`, and the first one at `/`. */
import { useCallback, useMemo } from "react";
import { useParams } from "react-router";
import { useDashboard, useScrapeIntervalMs } from "../api/hooks.ts";
import type { DashboardDetail } from "../api/types.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { usePageTitle } from "../frame/page-title.ts";
import type { QueryScope } from "./requests.ts";
import { Sections } from "./sections.tsx";
import { useTimeControl } from "./time-range.ts";
import { TimeToolbar, VariableBar } from "./toolbar.tsx";
import { useVariables, valuesByName } from "./variables.ts";

/** For files that say nothing: a page of live data that stands still looks broken. */
const REFRESH_DEFAULT = "5s";

export function DashboardPage() {
  const { uid = "" } = useParams();
  return <DashboardView uid={uid} key={uid} />;
}

export function DashboardView({ uid }: { readonly uid: string }) {
  const { data, error } = useDashboard(uid);
  usePageTitle(data?.dashboard.title ?? "Dashboard");
  if (data) return <Loaded detail={data} />;
  return error ? <PageError what="this dashboard" error={error} /> : <PageSkeleton />;
}

function Loaded({ detail }: { readonly detail: DashboardDetail }) {
  const { dashboard, panels } = detail;
  const time = useTimeControl({ ...dashboard.time, refresh: dashboard.refresh || REFRESH_DEFAULT });
  const variables = useVariables(dashboard.variables);
  const scrapeIntervalMs = useScrapeIntervalMs();
  const { range, setRange } = time;
  const { resolved } = variables;
  const scope = useMemo<QueryScope | undefined>(
    () =>
      resolved && scrapeIntervalMs
        ? { range, scrapeIntervalMs, variables: valuesByName(resolved) }
        : undefined,
    [range, resolved, scrapeIntervalMs],
  );
  const reports = useMemo(() => new Map(panels.map((report) => [report.id, report])), [panels]);
  const onZoom = useCallback(
    (fromMs: number, toMs: number) => setRange({ from: String(fromMs), to: String(toMs) }),
    [setRange],
  );
  return (
    <div className="dashboard">
      <div className="page-head">
        <div>
          <h1>{dashboard.title}</h1>
          {dashboard.description !== "" && <p className="page-lead">{dashboard.description}</p>}
        </div>
        <TimeToolbar time={time} />
      </div>
      <VariableBar variables={variables} />
      <Sections
        panels={dashboard.panels}
        reports={reports}
        scope={scope}
        syncKey={dashboard.uid}
        onZoom={onZoom}
      />
      {dashboard.panels.length === 0 && <p className="page-empty">This dashboard has no panels.</p>}
    </div>
  );
}
