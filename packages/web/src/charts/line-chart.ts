/** Builds uPlot's options for a time series chart: scales, axes, series, thresholds, crosshair. */
import uPlot from "uplot";
import { CANVAS_COLORS, CANVAS_FONT } from "../frame/scheme.ts";
import type { FieldOptions, GraphOptions } from "../model.ts";
import type { Grid } from "./aligned-data.ts";
import { resolveColor, type Scheme, withAlpha } from "./colors.ts";
import { isolatedIndices } from "./isolated.ts";
import { formatTicks, formatTimeTicks } from "./ticks.ts";
import { yRange } from "./y-range.ts";

const MS_PER_SECOND = 1000;

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly fields: FieldOptions;
  readonly isShown: boolean;
}

export interface ChartSpec {
  readonly series: readonly ChartSeries[];
  readonly graph: GraphOptions;
  readonly fields: FieldOptions;
  readonly scheme: Scheme;
  /** Charts of one key share their crosshair. */
  readonly syncKey: string;
}

export interface ChartHooks {
  /** Read at every draw, so that new data needs no new chart. */
  grid(): Grid;
  onZoom(fromMs: number, toMs: number): void;
  onCursor(chart: uPlot): void;
}

export function chartOptions(
  spec: ChartSpec,
  hooks: ChartHooks,
): Omit<uPlot.Options, "width" | "height"> {
  const { fields, graph } = spec;
  return {
    // To the right, half a "18:09:00": the last tick may stand at the very edge.
    padding: [10, 26, 0, 0],
    legend: { show: false },
    // Dimming the others would dim them in every chart that shares the crosshair.
    focus: { alpha: 1 },
    cursor: cursorOptions(spec),
    scales: {
      x: { time: true, range: () => xRange(hooks.grid()) },
      y: {
        range: (_, low, high) => yRange({ ...fields, isLog: graph.logBase > 0 }, low, high),
        ...(graph.logBase > 0 && { distr: 3, log: graph.logBase === 2 ? 2 : 10 }),
      },
    },
    axes: axesOf(spec),
    series: [{}, ...spec.series.map((one) => seriesOf(one, graph, spec.series.length))],
    bands: graph.stacking === "none" ? [] : bandsOf(spec.series.length),
    hooks: {
      draw: [(chart) => drawThresholds(chart, spec)],
      setCursor: [hooks.onCursor],
      setSelect: [(chart) => reportZoom(chart, hooks)],
    },
  };
}

function cursorOptions({ syncKey }: ChartSpec): uPlot.Cursor {
  return {
    sync: { key: syncKey, setSeries: false, scales: ["x", null] },
    drag: { x: true, y: false, setScale: false },
    focus: { prox: 24 },
    points: { size: 7, width: 2 },
  };
}

function xRange({ startMs, endMs }: Grid): uPlot.Range.MinMax {
  return [startMs / MS_PER_SECOND, Math.max(endMs, startMs + 1) / MS_PER_SECOND];
}

function axesOf({ scheme, fields, graph }: ChartSpec): uPlot.Axis[] {
  const colors = CANVAS_COLORS[scheme];
  const base = {
    stroke: colors.text,
    font: CANVAS_FONT,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  };
  const hasLabel = graph.axisLabel !== "";
  return [
    {
      ...base,
      space: 72,
      size: 26,
      gap: 6,
      values: (...[, splits, , , gapS]) =>
        formatTimeTicks(
          splits.map((timeS) => timeS * MS_PER_SECOND),
          gapS * MS_PER_SECOND,
        ),
    },
    {
      ...base,
      space: 34,
      gap: 8,
      size: (_, texts) => 18 + 6.4 * Math.max(3, ...(texts ?? []).map((text) => text.length)),
      values: (_, splits) => formatTicks(splits, fields.unit, fields.decimals),
      ...(IS_BINARY.test(fields.unit) && { incrs: BINARY_STEPS }),
      ...(hasLabel && {
        label: graph.axisLabel,
        labelSize: 18,
        labelFont: CANVAS_FONT,
        labelGap: 2,
      }),
    },
  ];
}

/** Ticks at 256 MiB, not at 238.4. */
const IS_BINARY = /^(bytes|[kmgt]bytes|bits|bin[bB]ps|[KMG]iBs)$/;
const BINARY_STEPS = Array.from({ length: 60 }, (_, power) => 2 ** power);

function showIsolated(chart: uPlot, index: number): number[] | null {
  const column = chart.data[index];
  if (!column) return null;
  const [first, last] = chart.series[0]?.idxs ?? [0, column.length - 1];
  const found = isolatedIndices(column, first, last);
  return found.length > 0 ? found : null;
}

function seriesOf(
  { name, color, isShown }: ChartSeries,
  graph: GraphOptions,
  seriesCount: number,
): uPlot.Series {
  const alpha = graph.fillPercent / 100;
  const paths = pathsOf(graph);
  return {
    label: name,
    show: isShown,
    stroke: color,
    width: graph.drawStyle === "points" ? 0 : Math.max(1.5, graph.lineWidthPx),
    spanGaps: graph.spansNulls,
    points: {
      show: graph.drawStyle === "points",
      size: 5,
      fill: color,
      ...(graph.drawStyle === "line" && { filter: showIsolated }),
    },
    ...(alpha > 0 && graph.drawStyle === "line" && { fill: fillOf(color, graph, seriesCount) }),
    ...(graph.drawStyle === "bars" && { fill: withAlpha(color, Math.max(alpha, 0.6)), width: 0 }),
    ...(paths && { paths }),
  };
}

/**
 * Fades towards the axis, and the more series the fainter: fills lie over each other, and many flat
 * ones add up to grey. A stack's do not overlap.
 */
function fillOf(
  color: string,
  { fillPercent, stacking }: GraphOptions,
  seriesCount: number,
): uPlot.Series.Fill {
  const alpha = fillPercent / 100;
  if (stacking !== "none") return withAlpha(color, alpha);
  return ({ ctx, bbox }) => {
    // Before the first layout there is no box, and a gradient over NaN throws.
    if (!Number.isFinite(bbox.top) || bbox.height <= 0) return withAlpha(color, alpha);
    const gradient = ctx.createLinearGradient(0, bbox.top, 0, bbox.top + bbox.height);
    gradient.addColorStop(0, withAlpha(color, Math.min(1, (alpha * 1.5) / seriesCount)));
    gradient.addColorStop(1, withAlpha(color, 0));
    return gradient;
  };
}

function pathsOf({ drawStyle, interpolation }: GraphOptions): uPlot.Series.PathBuilder | undefined {
  const { bars, stepped, spline } = uPlot.paths;
  if (drawStyle === "bars") return bars?.({ size: [0.7, 60] });
  if (drawStyle === "points") return () => null;
  if (interpolation === "smooth") return spline?.();
  if (interpolation === "linear") return undefined;
  return stepped?.({ align: interpolation === "stepAfter" ? 1 : -1 });
}

/** Each series of a stack is filled down to the one below it. */
function bandsOf(seriesCount: number): uPlot.Band[] {
  return Array.from({ length: Math.max(0, seriesCount - 1) }, (_, i) => ({
    series: [i + 2, i + 1],
  }));
}

function drawThresholds(chart: uPlot, { fields, graph, scheme }: ChartSpec): void {
  if (graph.thresholdStyle === "off") return;
  const { ctx, bbox } = chart;
  const steps = fields.thresholds.steps.filter((step) => step.value !== null);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [index, { value, color }] of steps.entries()) {
    const y = chart.valToPos(value!, "y", true);
    const stroke = resolveColor(color, scheme, CANVAS_COLORS[scheme].text);
    if (graph.thresholdStyle === "area") {
      const next = steps[index + 1]?.value;
      const top = next == null ? bbox.top : chart.valToPos(next, "y", true);
      ctx.fillStyle = withAlpha(stroke, 0.09);
      ctx.fillRect(bbox.left, top, bbox.width, y - top);
    }
    ctx.strokeStyle = stroke;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function reportZoom(chart: uPlot, { onZoom }: ChartHooks): void {
  const { left, width } = chart.select;
  if (width < 4) return; // a click, not a drag
  const atMs = (px: number) => Math.round(chart.posToVal(px, "x") * MS_PER_SECOND);
  const [fromMs, toMs] = [atMs(left), atMs(left + width)];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(fromMs, toMs);
}
