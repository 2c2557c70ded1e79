/**
 * Where panels stand. New files say so (gridPos); old ones have rows with spans of twelve; a file
 * written by hand, as a newcomer writes it, says nothing: then two stand beside each other.
 */
import type { JsonObject } from "../json.ts";
import { numberOf, objectOf } from "../json.ts";
import type { GridPos } from "../model.ts";

export const GRID_COLUMNS = 24;

const PANEL_HEIGHT = 8;
const PANELS_PER_ROW = 2;
/** A grid row and its gap: what an old row's height in pixels is divided by. */
const GRID_ROW_PX = 38;
const HEIGHT_MAX = 200;
const Y_MAX = 100_000;

/** The file's place for a panel, inside the grid; undefined when it names none. */
export function readGridPos(panel: JsonObject): GridPos | undefined {
  const pos = objectOf(panel.gridPos);
  const y = numberOf(pos.y);
  const w = numberOf(pos.w);
  const h = numberOf(pos.h);
  if (y === undefined || w === undefined || h === undefined) return undefined;
  const width = clamp(w, 1, GRID_COLUMNS);
  return {
    x: clamp(numberOf(pos.x) ?? 0, 0, GRID_COLUMNS - width),
    y: clamp(y, 0, Y_MAX),
    w: width,
    h: clamp(h, 1, HEIGHT_MAX),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Math.round(value)));
}

/** Gives out places two beside each other, downwards from `y`. */
export class AutoLayout {
  #y: number;
  #index = 0;

  constructor(y: number) {
    this.#y = y;
  }

  next(): GridPos {
    const column = this.#index % PANELS_PER_ROW;
    if (column === 0 && this.#index > 0) this.#y += PANEL_HEIGHT;
    this.#index += 1;
    const w = GRID_COLUMNS / PANELS_PER_ROW;
    return { x: column * w, y: this.#y, w, h: PANEL_HEIGHT };
  }

  /** A row's heading: a line of its own, the panels after it begin anew below. */
  nextRow(): GridPos {
    if (this.#index > 0) this.#y += PANEL_HEIGHT;
    this.#index = 0;
    const pos = { x: 0, y: this.#y, w: GRID_COLUMNS, h: 1 };
    this.#y += 1;
    return pos;
  }
}

/** Rewrites `rows: [{height, panels: [{span}]}]` (schema 15 and older) as panels with places. */
export function panelsOfRows(rows: readonly JsonObject[]): JsonObject[] {
  const panels: JsonObject[] = [];
  let y = 0;
  const needsHeadings = rows.some((row) => row.showTitle === true || row.collapse === true);
  for (const row of rows) {
    if (needsHeadings) {
      panels.push({ type: "row", title: row.title, gridPos: { x: 0, y, w: GRID_COLUMNS, h: 1 } });
      y += 1;
    }
    y = placeRow(panels, row, y);
  }
  return panels;
}

/** Adds a row's panels to `panels`, wrapping at twelve, and returns the y below them. */
function placeRow(panels: JsonObject[], row: JsonObject, startY: number): number {
  const rowHeight = heightOf(row.height) ?? PANEL_HEIGHT;
  let x = 0;
  let y = startY;
  let lineHeight = 0;
  for (const panel of Array.isArray(row.panels) ? row.panels : []) {
    const fields = objectOf(panel);
    const w = clamp((numberOf(fields.span) ?? 4) * 2, 1, GRID_COLUMNS);
    const h = heightOf(fields.height) ?? rowHeight;
    if (x + w > GRID_COLUMNS) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    panels.push({ ...fields, gridPos: { x, y, w, h } });
    x += w;
    lineHeight = Math.max(lineHeight, h);
  }
  return y + lineHeight;
}

/** "250px" or 250. */
function heightOf(height: unknown): number | undefined {
  const px = numberOf(typeof height === "string" ? height.replace(/px$/, "") : height);
  return px === undefined ? undefined : clamp(Math.ceil(px / GRID_ROW_PX), 2, HEIGHT_MAX);
}
