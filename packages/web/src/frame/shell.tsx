/** What stands on every page: name, navigation, badges, theme, and in a demo the bar of faults. */
import { ActionIcon, useMantineColorScheme } from "@mantine/core";
import { Suspense } from "react";
import { Link, NavLink, Outlet } from "react-router";
import { useStatus } from "../api/hooks.ts";
import type { Status } from "../api/types.ts";
import { Logo, MoonIcon, SunIcon, WarningIcon } from "../icons.tsx";
import { DemoBar } from "./demo-bar.tsx";
import { PageSkeleton } from "./page-state.tsx";
import { useScheme } from "./scheme.ts";

const PAGES = [
  ["/dashboards", "Dashboards"],
  ["/explore", "Explore"],
  ["/alerts", "Alerts"],
  ["/inbox", "Inbox"],
  ["/targets", "Targets"],
  ["/status", "Status"],
] as const;

export function Shell() {
  const { data: status, isError } = useStatus();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label="Pyrometer, to the first page">
          <Logo />
          <span>Pyrometer</span>
        </Link>
        <nav className="nav" aria-label="Pages">
          {PAGES.map(([path, label]) => (
            <NavLink key={path} to={path}>
              {label}
            </NavLink>
          ))}
        </nav>
        <div className="top-end">
          <Badges status={status} isUnreachable={isError} />
          <SchemeToggle />
        </div>
      </header>
      {status?.demo && <DemoBar />}
      <main id="main" tabIndex={-1}>
        {/* Only then is it known whether the demo bar stands above: nothing may jump. */}
        {(status || isError) && (
          <Suspense fallback={<PageSkeleton />}>
            <Outlet />
          </Suspense>
        )}
      </main>
    </>
  );
}

function Badges({
  status,
  isUnreachable,
}: {
  readonly status: Status | undefined;
  readonly isUnreachable: boolean;
}) {
  const problems = status?.problems ?? [];
  const hasErrors = problems.some(({ severity }) => severity === "error");
  return (
    <>
      {isUnreachable && (
        <span className="badge" data-tone="error" role="status">
          <WarningIcon /> No answer
        </span>
      )}
      {status?.simulatedGpu && (
        <span className="badge" data-tone="note" data-testid="simulated-gpu">
          GPUs simulated
        </span>
      )}
      {problems.length > 0 && (
        <Link
          to="/status"
          className="badge"
          data-tone={hasErrors ? "error" : "warning"}
          data-testid="problems-badge"
          data-count={problems.length}
          aria-label={`${problems.length} problems`}
        >
          <WarningIcon /> {problems.length}
          <span className="badge-word">problem{problems.length === 1 ? "" : "s"}</span>
        </Link>
      )}
    </>
  );
}

function SchemeToggle() {
  const scheme = useScheme();
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={34}
      aria-label={`Switch to ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === "dark" ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}
