/**
 * The frame around every panel: title, description, what the import left out; and inside it one of
 * data, nothing, an error with its query, or a note that this kind is not drawn.
 *
 * `data-panel-id`, `data-panel-state` and `data-series-count` are for tests, and stay.
 */
import { Tooltip } from "@mantine/core";
import { type CSSProperties, lazy, Suspense, useMemo } from "react";
import { InfoIcon, WarningIcon } from "../icons.tsx";
import { type GridPos, interpolateText, type Panel, type PanelReport } from "../model.ts";
import { BarGaugeView } from "../panels/bargauge-panel.tsx";
import { GaugeView } from "../panels/gauge-panel.tsx";
import { HeatmapView } from "../panels/heatmap-panel.tsx";
import type { PanelProps } from "../panels/panel-props.ts";
import { StatView } from "../panels/stat-panel.tsx";
import { TimeseriesView } from "../panels/timeseries-panel.tsx";
import { type PanelData, type PanelError, usePanelData } from "./panel-data.ts";
import { type QueryScope, requestsOf } from "./requests.ts";

// Rare on a first screen, so not in its download.
const TableView = lazy(() =>
  import("../panels/table-panel.tsx").then((m) => ({ default: m.TableView })),
);
const TextView = lazy(() =>
  import("../panels/text-panel.tsx").then((m) => ({ default: m.TextView })),
);

interface Props {
  readonly panel: Panel;
  readonly pos: GridPos;
  readonly report: PanelReport | undefined;
  /** undefined until the variables are known. */
  readonly scope: QueryScope | undefined;
  readonly syncKey: string;
  onZoom(fromMs: number, toMs: number): void;
}

export function PanelFrame({ panel, pos, report, scope, syncKey, onZoom }: Props) {
  const isQueried = panel.kind !== "text" && panel.kind !== "unsupported";
  const requests = useMemo(
    () => (scope && isQueried ? requestsOf(panel, scope) : undefined),
    [panel, scope, isQueried],
  );
  const data = usePanelData(requests);
  const fill = (text: string) => interpolateText(text, (name) => scope?.variables.get(name));
  const state = isQueried ? stateOf(data) : "data";
  const title = fill(panel.title);
  return (
    <section
      className="panel"
      data-panel-id={panel.id}
      data-panel-kind={panel.kind}
      data-panel-state={state}
      data-series-count={data?.series.length ?? 0}
      aria-label={title || `Panel ${panel.id}`}
      aria-busy={state === "loading"}
      style={placeOf(pos)}
    >
      <header className="panel-header">
        <h3 title={title}>{title}</h3>
        {panel.description !== "" && <Hint text={fill(panel.description)} icon={<InfoIcon />} />}
        <Remarks report={report} data={data} />
      </header>
      <div className="panel-body">
        <PanelBody {...{ panel, report, data, state, syncKey, onZoom, fill }} />
      </div>
    </section>
  );
}

function placeOf({ x, y, w, h }: GridPos): CSSProperties {
  return {
    "--column": `${x + 1} / span ${w}`,
    "--row": `${y + 1} / span ${h}`,
    "--rows": h,
  } as CSSProperties;
}

type State = "loading" | "error" | "empty" | "data";

function stateOf(data: PanelData | undefined): State {
  if (!data) return "loading";
  if (data.series.length > 0) return "data";
  return data.errors.length > 0 ? "error" : "empty";
}

interface BodyProps {
  readonly panel: Panel;
  readonly report: PanelReport | undefined;
  readonly data: PanelData | undefined;
  readonly state: State;
  readonly syncKey: string;
  onZoom(fromMs: number, toMs: number): void;
  fill(text: string): string;
}

function PanelBody({ panel, report, data, state, syncKey, onZoom, fill }: BodyProps) {
  if (panel.kind === "unsupported") return <Unsupported type={panel.type} report={report} />;
  if (panel.kind === "text") {
    return (
      <Suspense fallback={null}>
        <TextView panel={panel} text={fill(panel.content)} />
      </Suspense>
    );
  }
  if (state === "loading" || !data) return <div className="panel-skeleton" aria-hidden="true" />;
  if (state === "error") return <Errors errors={data.errors} />;
  if (state === "empty") {
    return <p className="panel-note">{panel.fields.noValue || "No data in this time range"}</p>;
  }
  return (
    <>
      <Drawing panel={panel} data={data} syncKey={syncKey} onZoom={onZoom} />
      {data.errors.length > 0 && <Errors errors={data.errors} />}
    </>
  );
}

function Drawing({ panel, ...rest }: PanelProps<Panel>) {
  switch (panel.kind) {
    case "timeseries":
      return <TimeseriesView panel={panel} {...rest} />;
    case "stat":
      return <StatView panel={panel} {...rest} />;
    case "gauge":
      return <GaugeView panel={panel} {...rest} />;
    case "bargauge":
      return <BarGaugeView panel={panel} {...rest} />;
    case "heatmap":
      return <HeatmapView panel={panel} {...rest} />;
    case "table":
      return (
        <Suspense fallback={null}>
          <TableView panel={panel} {...rest} />
        </Suspense>
      );
    case "text":
    case "row":
    case "unsupported":
      return null; // drawn without data, above
  }
}

function Errors({ errors }: { readonly errors: readonly PanelError[] }) {
  return (
    <div className="panel-errors" role="alert">
      {errors.map(({ refId, expr, message }) => (
        <div key={refId}>
          <strong>
            <WarningIcon /> Query {refId} failed
          </strong>
          <p>{message}</p>
          <code>{expr}</code>
        </div>
      ))}
    </div>
  );
}

function Unsupported({
  type,
  report,
}: {
  readonly type: string;
  readonly report: PanelReport | undefined;
}) {
  return (
    <div className="panel-unsupported">
      <strong>Not drawn{type === "" ? "" : `: ${type}`}</strong>
      {report?.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </div>
  );
}

/** What the import left out of a drawn panel, and what its queries' answers warn of. */
function Remarks({
  report,
  data,
}: {
  readonly report: PanelReport | undefined;
  readonly data: PanelData | undefined;
}) {
  const leftOut = report?.status === "drawn" ? report.reasons : [];
  const remarks = [...leftOut, ...(data?.warnings ?? [])];
  if (remarks.length === 0) return null;
  return <Hint text={remarks.join("\n")} icon={<WarningIcon />} />;
}

function Hint({ text, icon }: { readonly text: string; readonly icon: React.ReactNode }) {
  return (
    <Tooltip
      label={text}
      multiline
      maw={360}
      withArrow
      events={{ hover: true, focus: true, touch: true }}
    >
      <button type="button" className="panel-hint" aria-label={text}>
        {icon}
      </button>
    </Tooltip>
  );
}
