/** One query: its table now and its graph over time. Both live in the URL. */
import { Button, Textarea } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { useScrapeIntervalMs } from "../api/hooks.ts";
import { queryInstant, queryRange } from "../api/query.ts";
import type { Series } from "../api/types.ts";
import type { Grid } from "../charts/aligned-data.ts";
import type { PanelData } from "../dashboard/panel-data.ts";
import type { TimeRange } from "../dashboard/requests.ts";
import { nameSeries } from "../dashboard/series-names.ts";
import { useTimeControl } from "../dashboard/time-range.ts";
import { TimeToolbar } from "../dashboard/toolbar.tsx";
import { usePageTitle } from "../frame/page-title.ts";
import { stepMsOf } from "../model.ts";
import { TableView } from "../panels/table-panel.tsx";
import { TimeseriesView } from "../panels/timeseries-panel.tsx";
import { GRAPH_PANEL, TABLE_PANEL } from "./explore-panels.ts";
import { locateError } from "./query-error.ts";

const POINTS = 400;

export function ExplorePage() {
  usePageTitle("Explore");
  const [params, setParams] = useSearchParams();
  const query = params.get("query") ?? "";
  const [draft, setDraft] = useState(query);
  const time = useTimeControl({ from: "now-1h", to: "now", refresh: "" });
  const run = () => {
    time.refreshNow();
    setParams((old) => {
      const next = new URLSearchParams(old);
      next.set("query", draft.trim());
      return next;
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    run();
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>Explore</h1>
        <TimeToolbar time={time} />
      </div>
      <div className="explore-query">
        <Textarea
          aria-label="PromQL query"
          placeholder="PromQL, for example: rate(http_requests_total[5m])"
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          autosize
          minRows={1}
          maxRows={12}
          classNames={{ input: "mono" }}
          spellCheck={false}
        />
        <Button onClick={run}>Run</Button>
      </div>
      {query === "" ? (
        <p className="page-empty">
          Write a query and press Enter. Shift and Enter begin a new line.
        </p>
      ) : (
        <Answer query={query} range={time.range} onZoom={time.setRange} />
      )}
    </div>
  );
}

interface AnswerProps {
  readonly query: string;
  readonly range: TimeRange;
  onZoom(text: { readonly from: string; readonly to: string }): void;
}

function Answer({ query, range, onZoom }: AnswerProps) {
  const stepMinMs = useScrapeIntervalMs() ?? 1000;
  const grid = useMemo(() => gridOf(range, stepMinMs), [range, stepMinMs]);
  const { data, error, isFetching } = useQuery({
    queryKey: ["explore", query, grid],
    queryFn: ({ signal }) => explore(query, { range, grid, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    structuralSharing: false,
  });
  const zoom = useCallback(
    (fromMs: number, toMs: number) => onZoom({ from: String(fromMs), to: String(toMs) }),
    [onZoom],
  );
  if (error) return <QueryError query={query} message={error.message} />;
  if (!data) return <div className="explore-graph" aria-busy={isFetching} />;
  return (
    <>
      {data.now.warnings.map((warning) => (
        <p key={warning} className="warning-text">
          {warning}
        </p>
      ))}
      {data.text !== "" && <p className="explore-text">{data.text}</p>}
      {data.overTime.series.length > 0 && (
        <section className="card explore-graph" aria-label="Graph">
          <TimeseriesView
            panel={GRAPH_PANEL}
            data={data.overTime}
            syncKey="explore"
            onZoom={zoom}
          />
        </section>
      )}
      <section className="card" aria-label="Table" data-series-count={data.now.series.length}>
        <h2 className="card-title">
          Now <small>{data.now.series.length} series</small>
        </h2>
        {data.now.series.length === 0 ? (
          <p className="page-empty">No data now.</p>
        ) : (
          <TableView panel={TABLE_PANEL} data={data.now} syncKey="explore" onZoom={zoom} />
        )}
      </section>
    </>
  );
}

function gridOf({ fromMs, toMs }: TimeRange, stepMinMs: number): Grid {
  const stepMs = stepMsOf({ rangeMs: toMs - fromMs, pointsMax: POINTS, stepMinMs });
  return {
    startMs: Math.ceil(fromMs / stepMs) * stepMs,
    endMs: Math.floor(toMs / stepMs) * stepMs,
    stepMs,
  };
}

interface Exploration {
  readonly now: PanelData;
  readonly overTime: PanelData;
  readonly text: string;
}

interface ExploreTimes {
  readonly range: TimeRange;
  readonly grid: Grid;
  readonly signal: AbortSignal;
}

/** A range vector or a text has a table now and no graph: asking for one would be an error. */
async function explore(query: string, { range, grid, signal }: ExploreTimes): Promise<Exploration> {
  const instant = await queryInstant(query, range.toMs, signal);
  const name = (series: readonly Series[]) =>
    nameSeries({ refId: "A", expr: query, legendFormat: "" }, series);
  const base = { errors: [], grid };
  const now = { ...base, series: name(instant.series), warnings: instant.warnings };
  const canGraph = instant.kind === "vector" || instant.kind === "scalar";
  const over = canGraph ? (await queryRange(query, grid, signal)).series : [];
  return { now, overTime: { ...base, series: name(over), warnings: [] }, text: instant.text };
}

function QueryError({ query, message }: { readonly query: string; readonly message: string }) {
  const place = locateError(query, message);
  return (
    <div className="card query-error" role="alert">
      {place ? (
        <>
          <pre>
            {place.lineText}
            {"\n"}
            <b>{`${" ".repeat(place.column)}^`}</b>
          </pre>
          <p>{place.message}</p>
        </>
      ) : (
        <p>{message}</p>
      )}
    </div>
  );
}
