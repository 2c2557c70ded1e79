/** One panel of a file → one panel of the model, and the report on it. */
import type { JsonObject } from "../json.ts";
import { objectOf, objectsOf, textOf, wordOf } from "../json.ts";
import { ITEMS_PER_PANEL_MAX, LINE_CHARS_MAX } from "../limits.ts";
import type { GridPos, Panel, PanelReport, Transformation } from "../model.ts";
import { readFields, readOverrides } from "./fields.ts";
import { kindOf, readGraph, readLegend, readReduce, readStat, readText } from "./kinds.ts";
import { foreignDatasource, readTargets } from "./targets.ts";

export interface PanelPlace {
  readonly id: number;
  readonly gridPos: GridPos;
}

export interface ReadPanel {
  readonly panel: Panel;
  readonly report: PanelReport;
}

/** Transformations that the page applies. The rest are named in the report. */
const APPLIED_TRANSFORMATIONS = new Set(["organize", "merge", "sortBy", "filterFieldsByName"]);

export function readPanel(file: JsonObject, place: PanelPlace): ReadPanel {
  const panel = toPanel(file, place);
  const faults = panel.kind === "unsupported" ? whyUnsupported(file) : [];
  return {
    panel,
    report: {
      id: panel.id,
      title: panel.title,
      type: panel.type,
      status: panel.kind === "unsupported" ? "unsupported" : "drawn",
      reasons: [...faults, ...leftOut(file, panel)],
    },
  };
}

function toPanel(file: JsonObject, { id, gridPos }: PanelPlace): Panel {
  const base = {
    id,
    gridPos,
    title: textOf(file.title, LINE_CHARS_MAX),
    description: textOf(file.description, LINE_CHARS_MAX),
    type: textOf(file.type, LINE_CHARS_MAX),
    targets: readTargets(file),
    fields: readFields(file),
    overrides: readOverrides(file),
    transformations: readTransformations(file),
    interval: textOf(file.interval, LINE_CHARS_MAX),
  };
  const kind = whyUnsupported(file).length > 0 ? "unsupported" : kindOf(file);
  switch (kind) {
    case "timeseries":
      return { ...base, kind, graph: readGraph(file), legend: readLegend(file) };
    case "stat":
      return { ...base, kind, reduce: readReduce(file), ...readStat(file) };
    case "gauge":
      return { ...base, kind, reduce: readReduce(file) };
    case "bargauge": {
      const { orientation } = objectOf(file.options);
      const direction = wordOf(orientation, ["horizontal", "vertical"]);
      return { ...base, kind, reduce: readReduce(file), orientation: direction };
    }
    case "heatmap":
    case "table":
    case "unsupported":
      return { ...base, kind };
    case "text":
      return { ...base, kind, ...readText(file) };
    case "row":
      return { ...base, kind, isCollapsed: file.collapsed === true, panels: [] };
  }
}

function readTransformations(file: JsonObject): Transformation[] {
  return objectsOf(file.transformations, ITEMS_PER_PANEL_MAX)
    .filter((transformation) => transformation.disabled !== true)
    .map((transformation) => ({
      id: textOf(transformation.id, LINE_CHARS_MAX),
      options: objectOf(transformation.options),
    }));
}

/** Why a panel cannot be drawn, in words that stand in its box; empty when it can. */
function whyUnsupported(file: JsonObject): string[] {
  const kind = kindOf(file);
  const type = textOf(file.type, LINE_CHARS_MAX);
  if (file.libraryPanel !== undefined && type === "") {
    const name = textOf(objectOf(file.libraryPanel).name, LINE_CHARS_MAX);
    return [`It is the library panel "${name}", which the file names but does not hold`];
  }
  if (kind === "unsupported") return [`Panels of type "${type}" are not drawn yet`];
  if (kind === "text" || kind === "row") return [];
  const foreign = foreignDatasource(file);
  if (foreign !== undefined) {
    return [`It asks a data source of type "${foreign}"; only Prometheus queries are answered`];
  }
  return readTargets(file).length === 0 ? ["It has no query"] : [];
}

/** What of a drawn panel is not honoured. */
function leftOut(file: JsonObject, panel: Panel): string[] {
  if (panel.kind === "unsupported") return [];
  const reasons = panel.transformations
    .filter(({ id }) => !APPLIED_TRANSFORMATIONS.has(id) || panel.kind !== "table")
    .map(({ id }) => `The transformation "${id}" is not applied yet`);
  if (typeof file.repeat === "string" && file.repeat !== "") {
    reasons.push(
      `It repeats by "${file.repeat.slice(0, 100)}", which is drawn once, for all values`,
    );
  }
  if (typeof file.timeFrom === "string" || typeof file.timeShift === "string") {
    reasons.push("Its own time range is not applied yet");
  }
  return [...new Set(reasons)];
}
