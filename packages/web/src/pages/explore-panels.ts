/** The two panels that the explore page draws its answer with. */
import type { FieldOptions, TablePanel, TimeseriesPanel } from "../model.ts";

const FIELDS: FieldOptions = {
  unit: "",
  decimals: undefined,
  min: undefined,
  max: undefined,
  displayName: "",
  noValue: "",
  color: { mode: "", fixedColor: "" },
  thresholds: { mode: "absolute", steps: [{ value: null, color: "" }] },
  mappings: [],
};

const BASE = {
  description: "",
  gridPos: { x: 0, y: 0, w: 24, h: 10 },
  targets: [],
  fields: FIELDS,
  overrides: [],
  transformations: [],
  interval: "",
};

export const GRAPH_PANEL: TimeseriesPanel = {
  ...BASE,
  id: 1,
  title: "Graph",
  kind: "timeseries",
  type: "timeseries",
  graph: {
    drawStyle: "line",
    lineWidthPx: 1.5,
    fillPercent: 0,
    stacking: "none",
    spansNulls: false,
    interpolation: "linear",
    axisLabel: "",
    logBase: 0,
    thresholdStyle: "off",
  },
  legend: { isShown: true, displayMode: "list", placement: "bottom", calcs: [] },
};

export const TABLE_PANEL: TablePanel = {
  ...BASE,
  id: 2,
  title: "Table",
  kind: "table",
  type: "table",
};
