/** Panels of single numbers (stat, gauge, bargauge): each series reduced, named and coloured. */
import { resolveColor, type Scheme } from "../charts/colors.ts";
import type { PanelData } from "../dashboard/panel-data.ts";
import {
  type BarGaugePanel,
  colorAt,
  type Displayed,
  displayValue,
  type FieldOptions,
  fieldsOf,
  type GaugePanel,
  limitsOf,
  reduceValues,
  type StatPanel,
} from "../model.ts";

export interface SingleValue {
  readonly key: string;
  readonly name: string;
  readonly value: number | null;
  readonly shown: Displayed;
  /** CSS colour of the value's threshold. */
  readonly color: string;
  readonly fields: FieldOptions;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

/** More single numbers than this are a table. */
const VALUES_SHOWN_MAX = 200;

export function singleValues(
  panel: StatPanel | GaugePanel | BarGaugePanel,
  data: PanelData,
  scheme: Scheme,
): SingleValue[] {
  const series = data.series.slice(0, VALUES_SHOWN_MAX);
  const all = series.flatMap(({ values }) => values.filter(Number.isFinite));
  const extent = {
    min: all.reduce((low, value) => Math.min(low, value), Infinity),
    max: all.reduce((high, value) => Math.max(high, value), -Infinity),
  };
  return series.map(({ name, refId, key, values }) => {
    const fields = fieldsOf(panel.fields, panel.overrides, { name, refId });
    const value = reduceValues(values, panel.reduce.calc);
    const limits = limitsOf(fields, all.length > 0 ? extent : undefined);
    const shown = displayValue(value, fields);
    const isFixed = fields.color.mode === "fixed";
    const threshold = value === null || isFixed ? "" : colorAt(value, fields.thresholds, limits);
    const color = resolveColor(threshold || shown.color, scheme, "var(--text)");
    return {
      key,
      name: fields.displayName || name,
      value,
      shown,
      color,
      fields,
      ...limits,
      values,
    };
  });
}
