/**
 * What a dashboard is to us, whichever Grafana schema it came in: one model, all defaults filled
 * in. Plain JSON values only, since it crosses HTTP to the browser as it stands.
 *
 * Words are Grafana's, so that its manual explains ours. Texts are the author's and untrusted:
 * titles, units, colours and links are escaped or checked where they are drawn.
 */
export interface Dashboard {
  /** Derived from the title, or the file's name, where the file has none. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly time: TimeRangeText;
  /** A duration; "" is off. */
  readonly refresh: string;
  /** "browser", "utc" or a zone's name. */
  readonly timezone: string;
  readonly variables: readonly Variable[];
  /** In reading order. The panels of a row are in the row. */
  readonly panels: readonly Panel[];
}

/** As in a URL: "now-1h", "now", or Unix milliseconds as digits. */
export interface TimeRangeText {
  readonly from: string;
  readonly to: string;
}

export type VariableKind =
  | "query"
  | "custom"
  | "interval"
  | "constant"
  | "textbox"
  | "datasource"
  | "adhoc";

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly kind: VariableKind;
  readonly isHidden: boolean;
  /** label_values(…) and kin for "query"; the value itself for "constant" and "textbox". */
  readonly query: string;
  /** Picks from what `query` gave: /pattern/, the first group if there is one. */
  readonly regex: string;
  readonly sort: number;
  readonly options: readonly VariableOption[];
  readonly isMulti: boolean;
  readonly hasAll: boolean;
  /** What "All" stands for; "" is every option. */
  readonly allValue: string;
  /** Chosen when the file was saved; "$__all" is all. */
  readonly current: readonly string[];
}

export interface VariableOption {
  readonly text: string;
  readonly value: string;
}

/** Of the 24 columns of a dashboard; a row of the grid is 30 px and a gap. */
export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly format: "time_series" | "table" | "heatmap";
  readonly isInstant: boolean;
  readonly isHidden: boolean;
  /** The least step, a duration; "" is none. */
  readonly interval: string;
}

export interface ThresholdStep {
  /** -Infinity, the first step's, is null: JSON has no infinities. */
  readonly value: number | null;
  readonly color: string;
}

export interface Thresholds {
  readonly mode: "absolute" | "percentage";
  /** By value, lowest first. */
  readonly steps: readonly ThresholdStep[];
}

export type Mapping =
  | { readonly kind: "value"; readonly value: string; readonly result: MappingResult }
  | {
      readonly kind: "range";
      readonly from: number | null;
      readonly to: number | null;
      readonly result: MappingResult;
    }
  | { readonly kind: "regex"; readonly pattern: string; readonly result: MappingResult }
  | { readonly kind: "special"; readonly match: string; readonly result: MappingResult };

export interface MappingResult {
  readonly text: string;
  readonly color: string;
}

/** How values are printed and coloured. */
export interface FieldOptions {
  /** Grafana's unit id, or any text, printed after the number; "" is none. */
  readonly unit: string;
  readonly decimals: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly displayName: string;
  /** Shown in place of no value; "" leaves it to the panel. */
  readonly noValue: string;
  readonly color: { readonly mode: string; readonly fixedColor: string };
  readonly thresholds: Thresholds;
  readonly mappings: readonly Mapping[];
}

/** Changes the field options of the series that `matcher` picks. */
export interface Override {
  readonly matcher: { readonly id: string; readonly options: unknown };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface Transformation {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
}

interface PanelBase {
  /** Unique in the dashboard; given out anew where the file's is missing or taken. */
  readonly id: number;
  readonly title: string;
  readonly description: string;
  /** As the file has it: "graph", "singlestat". */
  readonly type: string;
  readonly gridPos: GridPos;
  readonly targets: readonly Target[];
  readonly fields: FieldOptions;
  readonly overrides: readonly Override[];
  readonly transformations: readonly Transformation[];
  /** The least step of its queries, a duration; "" is none. */
  readonly interval: string;
}

export interface Legend {
  readonly isShown: boolean;
  readonly displayMode: "list" | "table";
  readonly placement: "bottom" | "right";
  /** Grafana's reducer ids: "mean", "lastNotNull", "max" … */
  readonly calcs: readonly string[];
}

export interface GraphOptions {
  readonly drawStyle: "line" | "bars" | "points";
  readonly lineWidthPx: number;
  /** 0 to 100. */
  readonly fillPercent: number;
  readonly stacking: "none" | "normal" | "percent";
  /** Draw across gaps. */
  readonly spansNulls: boolean;
  readonly interpolation: "linear" | "smooth" | "stepBefore" | "stepAfter";
  readonly axisLabel: string;
  /** Base of a logarithmic axis; 0 is linear. */
  readonly logBase: number;
  readonly thresholdStyle: "off" | "line" | "area";
}

export interface ReduceOptions {
  /** How a series becomes one number: a reducer id. */
  readonly calc: string;
  /** Every row of a table is a value of its own. */
  readonly hasAllValues: boolean;
}

export interface TimeseriesPanel extends PanelBase {
  readonly kind: "timeseries";
  readonly graph: GraphOptions;
  readonly legend: Legend;
}

export interface StatPanel extends PanelBase {
  readonly kind: "stat";
  readonly reduce: ReduceOptions;
  readonly colorMode: "value" | "background" | "none";
  readonly hasSparkline: boolean;
  readonly textMode: "auto" | "value" | "value_and_name" | "name" | "none";
}

export interface GaugePanel extends PanelBase {
  readonly kind: "gauge";
  readonly reduce: ReduceOptions;
}

export interface BarGaugePanel extends PanelBase {
  readonly kind: "bargauge";
  readonly reduce: ReduceOptions;
  readonly orientation: "horizontal" | "vertical";
}

export interface HeatmapPanel extends PanelBase {
  readonly kind: "heatmap";
}

export interface TablePanel extends PanelBase {
  readonly kind: "table";
}

export interface TextPanel extends PanelBase {
  readonly kind: "text";
  readonly mode: "markdown" | "html" | "code";
  readonly content: string;
}

export interface RowPanel extends PanelBase {
  readonly kind: "row";
  readonly isCollapsed: boolean;
  readonly panels: readonly Panel[];
}

/** A kind of panel we do not draw; a labelled box says so. */
export interface UnsupportedPanel extends PanelBase {
  readonly kind: "unsupported";
}

export type Panel =
  | TimeseriesPanel
  | StatPanel
  | GaugePanel
  | BarGaugePanel
  | HeatmapPanel
  | TablePanel
  | TextPanel
  | RowPanel
  | UnsupportedPanel;

export type PanelKind = Panel["kind"];

/** What became of one panel at import. */
export interface PanelReport {
  readonly id: number;
  readonly title: string;
  /** As the file has it. */
  readonly type: string;
  readonly status: "drawn" | "unsupported";
  /** Why it is not drawn or, when drawn, what of it is left out. */
  readonly reasons: readonly string[];
}

/** Every panel, those inside rows included, in reading order. */
export function allPanels(dashboard: Dashboard): Panel[] {
  return dashboard.panels.flatMap((panel) =>
    panel.kind === "row" ? [panel, ...panel.panels] : [panel],
  );
}
