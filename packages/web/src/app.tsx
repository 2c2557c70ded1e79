/** Routes. Every page but the dashboard is fetched when it is first opened. */
import { lazy } from "react";
import { createBrowserRouter, Link } from "react-router";
import { useDashboards } from "./api/hooks.ts";
import { DashboardPage, DashboardView } from "./dashboard/dashboard-page.tsx";
import { PageError, PageSkeleton } from "./frame/page-state.tsx";
import { Shell } from "./frame/shell.tsx";

const DashboardsPage = lazy(() =>
  import("./pages/dashboards-page.tsx").then((m) => ({ default: m.DashboardsPage })),
);
const ExplorePage = lazy(() =>
  import("./pages/explore-page.tsx").then((m) => ({ default: m.ExplorePage })),
);
const TargetsPage = lazy(() =>
  import("./pages/targets-page.tsx").then((m) => ({ default: m.TargetsPage })),
);
const AlertsPage = lazy(() =>
  import("./pages/alerts-page.tsx").then((m) => ({ default: m.AlertsPage })),
);
const InboxPage = lazy(() =>
  import("./pages/inbox-page.tsx").then((m) => ({ default: m.InboxPage })),
);
const StatusPage = lazy(() =>
  import("./pages/status-page.tsx").then((m) => ({ default: m.StatusPage })),
);

export function createRouter() {
  return createBrowserRouter([
    {
      element: <Shell />,
      children: [
        { path: "/", element: <Home /> },
        { path: "/d/:uid/:slug?", element: <DashboardPage /> },
        { path: "/dashboards", element: <DashboardsPage /> },
        { path: "/explore", element: <ExplorePage /> },
        { path: "/targets", element: <TargetsPage /> },
        { path: "/alerts", element: <AlertsPage /> },
        { path: "/inbox", element: <InboxPage /> },
        { path: "/status", element: <StatusPage /> },
        { path: "*", element: <NotFound /> },
      ],
    },
  ]);
}

/** The first dashboard; without any, the targets say whether something is coming in. */
function Home() {
  const { data, error } = useDashboards();
  const first = data?.[0];
  if (first) return <DashboardView uid={first.uid} key={first.uid} />;
  if (data) return <TargetsPage />;
  return error ? <PageError what="the dashboards" error={error} /> : <PageSkeleton />;
}

function NotFound() {
  return (
    <div className="page-error">
      <h1>Not found</h1>
      <p>
        There is no such page. <Link to="/">Back to the start</Link>
      </p>
    </div>
  );
}
