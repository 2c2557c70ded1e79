import { useMemo, useState } from "react";
import { type Column, stackColumns, toAlignedData } from "../charts/aligned-data.ts";
import { resolveColor, type Scheme, seriesColor } from "../charts/colors.ts";
import type { ChartSeries } from "../charts/line-chart.ts";
import { LineChart } from "../charts/line-chart-view.tsx";
import type { PanelData } from "../dashboard/panel-data.ts";
import type { NamedSeries } from "../dashboard/series-names.ts";
import { useScheme } from "../frame/scheme.ts";
import { fieldsOf, type GraphOptions, type TimeseriesPanel } from "../model.ts";
import { Legend } from "./legend.tsx";
import type { PanelProps } from "./panel-props.ts";

/** Beyond this lines are a fog, and the page slow; the legend says how many there are. */
const SERIES_DRAWN_MAX = 500;

export function TimeseriesView({ panel, data, syncKey, onZoom }: PanelProps<TimeseriesPanel>) {
  const scheme = useScheme();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { drawn, aligned, values } = useAligned(data, panel.graph.stacking);
  const series = drawn.map((one, index) => toChartSeries(panel, one, { index, scheme, hidden }));
  const { graph, legend } = panel;
  return (
    <div className="timeseries" data-placement={legend.placement}>
      <LineChart
        spec={{ series, graph, fields: firstUnit(panel, series), scheme, syncKey }}
        data={aligned}
        values={values}
        grid={data.grid}
        label={`${panel.title || "Chart"}: ${data.series.length} series`}
        onZoom={onZoom}
      />
      {legend.isShown && (
        <Legend
          legend={legend}
          series={series}
          values={values}
          leftOutCount={data.series.length - drawn.length}
          onToggle={(name) => setHidden(toggled(hidden, name))}
          onOnly={(name) => setHidden(allBut(series, hidden, name))}
        />
      )}
    </div>
  );
}

function useAligned(data: PanelData, stacking: GraphOptions["stacking"]) {
  return useMemo(() => {
    const drawn = data.series.slice(0, SERIES_DRAWN_MAX);
    const [xs, ...values] = toAlignedData(drawn, data.grid);
    const shown: Column[] = stacking === "none" ? values : stackColumns(values, stacking);
    return { drawn, aligned: [xs, ...shown] as [number[], ...Column[]], values };
  }, [data, stacking]);
}

interface SeriesLook {
  readonly index: number;
  readonly scheme: Scheme;
  readonly hidden: ReadonlySet<string>;
}

function toChartSeries(
  panel: TimeseriesPanel,
  { name, refId, key }: NamedSeries,
  { index, scheme, hidden }: SeriesLook,
): ChartSeries {
  const fields = fieldsOf(panel.fields, panel.overrides, { name, refId });
  const own = seriesColor(index, scheme);
  const color =
    fields.color.mode === "fixed" ? resolveColor(fields.color.fixedColor, scheme, own) : own;
  return {
    key,
    name: fields.displayName || name,
    color,
    fields,
    isShown: !hidden.has(fields.displayName || name),
  };
}

/** One axis: when only overrides name a unit, it speaks the first series' one. */
function firstUnit(panel: TimeseriesPanel, series: readonly ChartSeries[]) {
  const unit = panel.fields.unit || (series[0]?.fields.unit ?? "");
  return { ...panel.fields, unit };
}

function toggled(hidden: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(name)) next.add(name);
  return next;
}

/** Shows one series alone; everything again when it already was. */
function allBut(
  series: readonly ChartSeries[],
  hidden: ReadonlySet<string>,
  name: string,
): ReadonlySet<string> {
  const others = series.map((one) => one.name).filter((other) => other !== name);
  const isAlone = others.every((other) => hidden.has(other)) && !hidden.has(name);
  return isAlone ? new Set() : new Set(others);
}
