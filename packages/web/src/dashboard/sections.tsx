/** The panels of a dashboard in their sections: those before any row, then each row's. */
import { useState } from "react";
import { ChevronIcon } from "../icons.tsx";
import { interpolateText, type Panel, type PanelReport, type RowPanel } from "../model.ts";
import { compact } from "./compact.ts";
import { PanelFrame } from "./panel-frame.tsx";
import type { QueryScope } from "./requests.ts";

interface Shared {
  readonly reports: ReadonlyMap<number, PanelReport>;
  readonly scope: QueryScope | undefined;
  readonly syncKey: string;
  onZoom(fromMs: number, toMs: number): void;
}

export function Sections({ panels, ...shared }: Shared & { readonly panels: readonly Panel[] }) {
  const rows = panels.filter((panel) => panel.kind === "row");
  const loose = panels.filter((panel) => panel.kind !== "row");
  return (
    <>
      {loose.length > 0 && <PanelGrid panels={loose} {...shared} />}
      {rows.map((row) => (
        <Row key={row.id} row={row} {...shared} />
      ))}
    </>
  );
}

function Row({ row, ...shared }: Shared & { readonly row: RowPanel }) {
  const [isOpen, setIsOpen] = useState(!row.isCollapsed);
  const title = interpolateText(row.title, (name) => shared.scope?.variables.get(name));
  return (
    <div className="row" data-panel-id={row.id} data-panel-kind="row" data-panel-state="data">
      <button
        type="button"
        className="row-title"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronIcon />
        <h2>{title || "Row"}</h2>
        <small>
          {row.panels.length} panel{row.panels.length === 1 ? "" : "s"}
        </small>
      </button>
      {isOpen && <PanelGrid panels={row.panels} {...shared} />}
    </div>
  );
}

function PanelGrid({ panels, reports, ...shared }: Shared & { readonly panels: readonly Panel[] }) {
  return (
    <div className="panel-grid">
      {compact(panels).map(({ panel, pos }) => (
        <PanelFrame
          key={panel.id}
          panel={panel}
          pos={pos}
          report={reports.get(panel.id)}
          {...shared}
        />
      ))}
    </div>
  );
}
