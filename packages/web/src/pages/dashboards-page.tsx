import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useDashboards } from "../api/hooks.ts";
import type { DashboardSummary } from "../api/types.ts";
import { PageError, PageSkeleton } from "../frame/page-state.tsx";
import { usePageTitle } from "../frame/page-title.ts";

export function DashboardsPage() {
  usePageTitle("Dashboards");
  const { data, error } = useDashboards();
  const [search, setSearch] = useState("");
  if (!data) return error ? <PageError what="the dashboards" error={error} /> : <PageSkeleton />;
  const found = data.filter((dashboard) => matches(dashboard, search));
  return (
    <div className="page">
      <div className="page-head">
        <h1>Dashboards</h1>
        <TextInput
          size="xs"
          type="search"
          placeholder="Search"
          aria-label="Search dashboards"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      <ul className="card-grid">
        {found.map(({ uid, title, tags, folder, panelCount }) => (
          <li key={uid}>
            <Link to={`/d/${encodeURIComponent(uid)}`} className="card card-link">
              <h2>{title}</h2>
              <p>
                {folder !== "" && `${folder} · `}
                {panelCount} panel{panelCount === 1 ? "" : "s"}
              </p>
              <span className="chips">
                {tags.map((tag) => (
                  <span className="chip" key={tag}>
                    {tag}
                  </span>
                ))}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="page-empty">
          {data.length === 0
            ? "No dashboards yet. Put Grafana JSON files into the dashboards folder beside prometheus.yml."
            : "No dashboard matches."}
        </p>
      )}
    </div>
  );
}

function matches({ title, tags, folder }: DashboardSummary, search: string): boolean {
  const text = [title, folder, ...tags].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
