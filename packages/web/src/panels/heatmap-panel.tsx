import { useLayoutEffect, useMemo, useRef, useState } from "react";
import {
  boundTexts,
  drawHeatmap,
  plotOf,
  type HeatmapView as View,
} from "../charts/draw-heatmap.ts";
import { toHeatmapCells } from "../charts/heatmap-cells.ts";
import { momentText } from "../charts/ticks.ts";
import { useScheme } from "../frame/scheme.ts";
import { type Size, useSize } from "../frame/use-size.ts";
import { type HeatmapPanel, printUnit } from "../model.ts";
import type { PanelProps } from "./panel-props.ts";

export function HeatmapView({ panel, data }: PanelProps<HeatmapPanel>) {
  const scheme = useScheme();
  const [ref, size] = useSize<HTMLDivElement>();
  const cells = useMemo(() => toHeatmapCells(data.series, data.grid), [data]);
  const view = cells && { cells, grid: data.grid, unit: panel.fields.unit, scheme };
  return (
    <div className="heatmap" ref={ref}>
      {view && size && <Canvas view={view} size={size} label={panel.title || "Heatmap"} />}
      {!view && <p className="panel-note">Nothing to count</p>}
    </div>
  );
}

interface Hover {
  readonly x: number;
  readonly y: number;
}

function Canvas({
  view,
  size,
  label,
}: {
  readonly view: View;
  readonly size: Size;
  readonly label: string;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [hover, setHover] = useState<Hover>();
  useLayoutEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!ref.current || !context) return;
    const ratio = window.devicePixelRatio || 1;
    ref.current.width = size.width * ratio;
    ref.current.height = size.height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawHeatmap(context, view, size);
  });
  return (
    <>
      <canvas
        ref={ref}
        role="img"
        aria-label={`${label}: ${view.cells.rowCount} bands over time`}
        style={{ width: size.width, height: size.height }}
        onMouseMove={(event) =>
          setHover({ x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY })
        }
        onMouseLeave={() => setHover(undefined)}
      />
      {hover && <Tooltip hover={hover} view={view} size={size} />}
    </>
  );
}

function Tooltip({
  hover,
  view,
  size,
}: {
  readonly hover: Hover;
  readonly view: View;
  readonly size: Size;
}) {
  const plot = plotOf(view, size);
  const { cells, grid } = view;
  const column = Math.floor(((hover.x - plot.left) / plot.width) * cells.columnCount);
  const row = Math.floor((1 - (hover.y - plot.top) / plot.height) * cells.rowCount);
  if (column < 0 || column >= cells.columnCount || row < 0 || row >= cells.rowCount) return null;
  const count = cells.counts[column * cells.rowCount + row]!;
  const texts = boundTexts(view);
  const style =
    hover.x > size.width / 2 ? { right: size.width - hover.x + 12 } : { left: hover.x + 12 };
  const what = cells.kind === "values" ? "series" : "in this bucket";
  return (
    <div className="chart-tooltip" style={style} aria-hidden="true">
      <div className="chart-tooltip-time">{momentText(grid.startMs + column * cells.columnMs)}</div>
      <div className="chart-tooltip-row">
        <span>
          {texts[row]} to {texts[row + 1]}
        </span>
        <b>
          {printUnit(count, "short")} {what}
        </b>
      </div>
    </div>
  );
}
