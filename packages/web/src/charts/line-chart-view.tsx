/** A uPlot chart in React: made once per shape of the data, then only fed. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { type Size, useSize } from "../frame/use-size.ts";
import { displayValue } from "../model.ts";
import type { Column, Grid } from "./aligned-data.ts";
import { type ChartSpec, chartOptions } from "./line-chart.ts";
import { momentText } from "./ticks.ts";

interface Props {
  readonly spec: ChartSpec;
  readonly data: [number[], ...Column[]];
  /** Unstacked, for the tooltip. */
  readonly values: readonly Column[];
  readonly grid: Grid;
  readonly label: string;
  onZoom(fromMs: number, toMs: number): void;
}

interface Hover {
  readonly left: number;
  readonly isRightHalf: boolean;
  readonly index: number;
  readonly isFocused: (seriesIndex: number) => boolean;
}

export function LineChart(props: Props) {
  const { spec, values, grid, label } = props;
  const [ref, size] = useSize<HTMLDivElement>();
  const [hover, setHover] = useState<Hover>();
  return (
    <div className="chart" ref={ref} role="img" aria-label={label}>
      {size && <Canvas key={JSON.stringify(spec)} {...props} size={size} onHover={setHover} />}
      {hover && <Tooltip hover={hover} spec={spec} values={values} grid={grid} />}
    </div>
  );
}

/** One chart for one spec: another spec is another Canvas, by its key. */
function Canvas(props: Props & { readonly size: Size; onHover(hover: Hover | undefined): void }) {
  const { data, size } = props;
  const ref = useRef<HTMLDivElement>(null);
  const chartRef = useRef<uPlot>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  useLayoutEffect(() => {
    const options = chartOptions(latest.current.spec, {
      grid: () => latest.current.grid,
      onZoom: (fromMs, toMs) => latest.current.onZoom(fromMs, toMs),
      onCursor: (chart) => latest.current.onHover(hoverOf(chart)),
    });
    const chart = new uPlot(
      { ...options, ...latest.current.size },
      latest.current.data,
      ref.current ?? undefined,
    );
    chartRef.current = chart;
    return () => {
      chartRef.current = null;
      chart.destroy();
    };
  }, []);

  useEffect(() => chartRef.current?.setData(data), [data]);
  useEffect(() => chartRef.current?.setSize(size), [size]);
  return <div ref={ref} className="chart-canvas" />;
}

/** Where the pointer is on this chart; the crosshairs it draws on others have no tooltip. */
function hoverOf(chart: uPlot): Hover | undefined {
  const { left, idx, event } = chart.cursor as uPlot.Cursor & { readonly event?: MouseEvent };
  if (idx == null || left === undefined || left < 0 || !event) return undefined;
  if (!chart.over.matches(":hover")) return undefined;
  const focused = chart.series.findIndex(
    (one, i) => i > 0 && "_focus" in one && one._focus === true,
  );
  return {
    left: left + chart.over.offsetLeft,
    isRightHalf: left > chart.over.clientWidth / 2,
    index: idx,
    isFocused: (seriesIndex) => seriesIndex + 1 === focused,
  };
}

const ROWS_SHOWN_MAX = 12;

function Tooltip({
  hover,
  spec,
  values,
  grid,
}: Pick<Props, "spec" | "values" | "grid"> & { readonly hover: Hover }) {
  const rows = spec.series
    .map((series, index) => ({ series, index, value: values[index]?.[hover.index] ?? null }))
    .filter(({ series, value }) => series.isShown && value !== null)
    .sort((a, b) => b.value! - a.value!);
  if (rows.length === 0) return null;
  const timeMs = grid.startMs + hover.index * grid.stepMs;
  const style = hover.isRightHalf
    ? { right: `calc(100% - ${hover.left - 12}px)` }
    : { left: hover.left + 12 };
  return (
    <div className="chart-tooltip" style={style} aria-hidden="true">
      <div className="chart-tooltip-time">{momentText(timeMs)}</div>
      {rows.slice(0, ROWS_SHOWN_MAX).map(({ series, index, value }) => {
        const shown = displayValue(value, series.fields);
        return (
          <div key={series.key} className="chart-tooltip-row" data-focused={hover.isFocused(index)}>
            <i style={{ background: series.color }} />
            <span>{series.name}</span>
            <b>{`${shown.prefix}${shown.text}${shown.suffix}`}</b>
          </div>
        );
      })}
      {rows.length > ROWS_SHOWN_MAX && <div>and {rows.length - ROWS_SHOWN_MAX} more</div>}
    </div>
  );
}
