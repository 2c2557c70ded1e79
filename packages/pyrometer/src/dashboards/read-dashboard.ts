/**
 * Any Grafana dashboard file → the one model (model.ts).
 *
 * Wrappers (the API's `{dashboard, meta}`, a Kubernetes-style `{spec}`), rows of old schemas,
 * missing places, ids and versions are all read; what a field does not say gets the default.
 * Nothing in the text makes this throw: see errors.
 *
 * Source: grafana.com/docs, "Dashboard JSON model"; real files in the conformance data.
 */
import type { Source } from "../std/index.ts";
import { ellipsis, SourceError } from "../std/index.ts";
import type { JsonObject } from "./json.ts";
import { isObject, listOf, numberOf, objectOf, objectsOf, parseJson, textOf } from "./json.ts";
import { ITEMS_PER_PANEL_MAX, LINE_CHARS_MAX, PANELS_MAX } from "./limits.ts";
import type { Dashboard, Panel, PanelReport, TimeRangeText } from "./model.ts";
import { AutoLayout, panelsOfRows, readGridPos } from "./read/layout.ts";
import type { ReadPanel } from "./read/panels.ts";
import { readPanel } from "./read/panels.ts";
import { readVariables } from "./read/variables.ts";

export interface DashboardFile {
  /** undefined when the text is no dashboard at all. */
  readonly dashboard: Dashboard | undefined;
  readonly panels: readonly PanelReport[];
  readonly errors: readonly SourceError[];
}

/** Reads a dashboard file; `source.name`, its path, stands in for a title it does not have. */
export function readDashboard(source: Source): DashboardFile {
  const parsed = parseJson(source);
  if ("error" in parsed) return { dashboard: undefined, panels: [], errors: [parsed.error] };
  const file = unwrap(parsed.value);
  const fault = whyNoDashboard(source, file);
  if (fault !== undefined || file === undefined) {
    return { dashboard: undefined, panels: [], errors: fault ? [fault] : [] };
  }
  const listed = listPanels(file);
  const read = readPanels(listed.slice(0, PANELS_MAX));
  const errors = listed.length > PANELS_MAX ? [tooManyPanels(source, listed.length)] : [];
  return {
    dashboard: toDashboard(file, source, groupByRow(read)),
    panels: read.map(({ report }) => report),
    errors,
  };
}

/** The dashboard inside whatever it came in. */
function unwrap(value: unknown): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  if (isObject(value.dashboard)) return value.dashboard;
  return isObject(value.spec) ? value.spec : value;
}

function whyNoDashboard(source: Source, file: JsonObject | undefined): SourceError | undefined {
  const fail = (code: string, problem: string, key: string) => {
    const start = Math.max(0, source.text.indexOf(`"${key}"`));
    return new SourceError(`dashboards/${code}`, `Cannot read the dashboard: ${problem}`, {
      source,
      span: { start, end: start + key.length + 2 },
    });
  };
  if (file === undefined) return fail("shape", "it is not a JSON object", "");
  if (isObject(file.elements) && isObject(file.layout)) {
    return fail("schema-v2", "it has Grafana's schema v2, expected schema v1 or older", "elements");
  }
  for (const key of ["panels", "rows"]) {
    if (file[key] != null && !Array.isArray(file[key])) {
      return fail("shape", `its "${key}" is not a list`, key);
    }
  }
  const isEmpty = file.panels == null && file.rows == null && typeof file.title !== "string";
  return isEmpty
    ? fail("shape", `it has neither "panels" nor "rows" nor a "title"`, "")
    : undefined;
}

function tooManyPanels(source: Source, count: number): SourceError {
  const start = Math.max(0, source.text.indexOf('"panels"'));
  const problem = `Cannot read all of the dashboard: it has ${count} panels, the first ${PANELS_MAX} are read`;
  return new SourceError("dashboards/too-many-panels", problem, {
    source,
    span: { start, end: start + 8 },
  });
}

/** Panels in the order of the page, rows before what they hold; nested lists laid flat. */
function listPanels(file: JsonObject): JsonObject[] {
  const top = objectsOf(file.panels, Infinity);
  const panels = top.length > 0 ? top : panelsOfRows(objectsOf(file.rows, PANELS_MAX));
  return inReadingOrder(panels).flatMap((panel) =>
    panel.type === "row" ? [panel, ...inReadingOrder(objectsOf(panel.panels, Infinity))] : [panel],
  );
}

/** By place, where each has one: files list panels in the order in which they were made. */
function inReadingOrder(panels: readonly JsonObject[]): JsonObject[] {
  const placed = panels.map((panel) => ({ panel, pos: readGridPos(panel) }));
  if (placed.some(({ pos }) => pos === undefined)) return [...panels];
  placed.sort((a, b) => a.pos!.y - b.pos!.y || a.pos!.x - b.pos!.x);
  return placed.map(({ panel }) => panel);
}

function readPanels(files: readonly JsonObject[]): ReadPanel[] {
  const positions = files.map(readGridPos);
  const bottom = positions.reduce((y, pos) => Math.max(y, pos ? pos.y + pos.h : 0), 0);
  const layout = new AutoLayout(bottom);
  const takenIds = new Set<number>();
  let nextId = files.reduce((max, file) => Math.max(max, fileId(file) ?? 0), 0) + 1;
  return files.map((file, index) => {
    const ownId = fileId(file);
    const id = ownId === undefined || takenIds.has(ownId) ? nextId++ : ownId;
    takenIds.add(id);
    const auto = () => (file.type === "row" ? layout.nextRow() : layout.next());
    return readPanel(file, { id, gridPos: positions[index] ?? auto() });
  });
}

function fileId(file: JsonObject): number | undefined {
  const id = numberOf(file.id);
  return id !== undefined && Number.isSafeInteger(id) && 0 < id && id < 2 ** 31 ? id : undefined;
}

/** Gives each row the panels that follow it, whether the file nests them (collapsed) or not. */
function groupByRow(read: readonly ReadPanel[]): Panel[] {
  const panels: Panel[] = [];
  let open: Panel[] = panels;
  for (const { panel } of read) {
    if (panel.kind !== "row") {
      open.push(panel);
      continue;
    }
    open = [];
    panels.push({ ...panel, panels: open });
  }
  return panels;
}

function toDashboard(file: JsonObject, source: Source, panels: readonly Panel[]): Dashboard {
  const baseName = source.name.replace(/^.*[\\/]/, "").replace(/\.json$/i, "");
  const title = textOf(file.title, LINE_CHARS_MAX) || baseName;
  const refresh = textOf(file.refresh, LINE_CHARS_MAX);
  return {
    uid: readUid(file) || slugOf(title) || slugOf(baseName) || "dashboard",
    title,
    description: textOf(file.description, LINE_CHARS_MAX),
    tags: listOf(file.tags)
      .slice(0, ITEMS_PER_PANEL_MAX)
      .map((tag) => textOf(tag, LINE_CHARS_MAX))
      .filter((tag) => tag !== ""),
    time: readTime(file),
    refresh: /^\d+(ms|s|m|h|d)$/.test(refresh) ? refresh : "",
    timezone: textOf(file.timezone, LINE_CHARS_MAX) || "browser",
    variables: readVariables(file),
    panels,
  };
}

function readTime(file: JsonObject): TimeRangeText {
  const time = objectOf(file.time);
  return {
    from: textOf(time.from, LINE_CHARS_MAX) || "now-1h",
    to: textOf(time.to, LINE_CHARS_MAX) || "now",
  };
}

/** Stands in a URL, so a uid with other characters is as good as none. */
function readUid(file: JsonObject): string {
  const uid = textOf(file.uid, LINE_CHARS_MAX);
  return /^[\w-]{1,100}$/.test(uid) ? uid : "";
}

function slugOf(text: string): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return ellipsis(words.replace(/^-+|-+$/g, ""), 80).replace(/…$/, "");
}
