/** Draws heatmap cells on a canvas, axes included. Coordinates are CSS pixels. */
import { CANVAS_COLORS, CANVAS_FONT } from "../frame/scheme.ts";
import type { Size } from "../frame/use-size.ts";
import { niceStepMs } from "../model.ts";
import type { Grid } from "./aligned-data.ts";
import { heatColor, type Scheme } from "./colors.ts";
import type { HeatmapCells } from "./heatmap-cells.ts";
import { formatTicks, formatTimeTicks } from "./ticks.ts";

export interface HeatmapView {
  readonly cells: HeatmapCells;
  readonly grid: Grid;
  readonly unit: string;
  readonly scheme: Scheme;
}

export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LABEL_GAP_PX = 8;
const TIME_AXIS_PX = 24;
const ROW_LABEL_MIN_PX = 15;
const TIME_LABEL_PX = 84;

/** Where the cells are: what is left of the canvas beside the labels. */
export function plotOf(view: HeatmapView, size: Size): Plot {
  const labelPx = Math.max(...boundTexts(view).map((text) => text.length)) * 6.4;
  const left = Math.min(size.width / 3, labelPx + LABEL_GAP_PX + 10);
  return { left, top: 8, width: size.width - left - 12, height: size.height - 8 - TIME_AXIS_PX };
}

export function boundTexts({ cells, unit }: HeatmapView): string[] {
  return formatTicks(cells.bounds, unit, undefined);
}

export function drawHeatmap(
  context: CanvasRenderingContext2D,
  view: HeatmapView,
  size: Size,
): void {
  const plot = plotOf(view, size);
  context.clearRect(0, 0, size.width, size.height);
  if (plot.width < 10 || plot.height < 10) return;
  drawCells(context, view, plot);
  const { text } = CANVAS_COLORS[view.scheme];
  context.fillStyle = text;
  context.font = CANVAS_FONT;
  drawBoundLabels(context, view, plot);
  drawTimeLabels(context, view, plot);
}

function drawCells(
  context: CanvasRenderingContext2D,
  { cells, scheme }: HeatmapView,
  plot: Plot,
): void {
  const { columnCount, rowCount, counts, countMax } = cells;
  const width = plot.width / columnCount;
  const height = plot.height / rowCount;
  const gapX = width > 5 ? 1 : 0;
  const gapY = height > 5 ? 1 : 0;
  for (let column = 0; column < columnCount; column++) {
    for (let row = 0; row < rowCount; row++) {
      const count = counts[column * rowCount + row]!;
      if (count === 0) continue;
      // The root brings out small counts beside a large one.
      context.fillStyle = heatColor(Math.sqrt(count / countMax), scheme);
      const x = plot.left + column * width;
      const y = plot.top + (rowCount - 1 - row) * height;
      context.fillRect(x, y, Math.max(1, width - gapX), Math.max(1, height - gapY));
    }
  }
}

function drawBoundLabels(context: CanvasRenderingContext2D, view: HeatmapView, plot: Plot): void {
  const { rowCount } = view.cells;
  const texts = boundTexts(view);
  const rowPx = plot.height / rowCount;
  const every = Math.max(1, Math.ceil(ROW_LABEL_MIN_PX / rowPx));
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let bound = 0; bound <= rowCount; bound += every) {
    const y = plot.top + plot.height - bound * rowPx;
    context.fillText(texts[bound]!, plot.left - LABEL_GAP_PX, Math.max(7, y));
  }
}

function drawTimeLabels(
  context: CanvasRenderingContext2D,
  { grid }: HeatmapView,
  plot: Plot,
): void {
  const rangeMs = Math.max(1, grid.endMs - grid.startMs);
  const gapMs = niceStepMs((rangeMs * TIME_LABEL_PX) / plot.width);
  // Whole hours and days are the reader's, not UTC's.
  const zoneMs = new Date(grid.startMs).getTimezoneOffset() * -60_000;
  const firstMs = Math.ceil((grid.startMs + zoneMs) / gapMs) * gapMs - zoneMs;
  const count = Math.max(0, Math.floor((grid.endMs - firstMs) / gapMs) + 1);
  const timesMs = Array.from({ length: count }, (_, i) => firstMs + i * gapMs);
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const [i, text] of formatTimeTicks(timesMs, gapMs).entries()) {
    const x = plot.left + ((timesMs[i]! - grid.startMs) / rangeMs) * plot.width;
    context.fillText(text, x, plot.top + plot.height + 9);
  }
}
