/**
 * The part of this room that runs in a browser too: types and pure functions, nothing of Node's
 * and no parser. The web app imports this file and no other of ours.
 */
export type { Displayed } from "./draw/display.ts";
export { colorAt, displayValue, fieldsOf, limitsOf } from "./draw/display.ts";
export type { VariableValues } from "./draw/interpolate.ts";
export { ALL_VALUE, interpolateQuery, interpolateText } from "./draw/interpolate.ts";
export type { StepOptions } from "./draw/interval.ts";
export {
  builtInVariables,
  durationTextMs,
  niceStepMs,
  printInterval,
  resolveTimeMs,
  stepMsOf,
} from "./draw/interval.ts";
export { formatLegend } from "./draw/legend.ts";
export { CALC_NAMES, reduceValues } from "./draw/reduce.ts";
export type { Formatted } from "./draw/units.ts";
export { formatUnit, printUnit } from "./draw/units.ts";
export { pickOptions } from "./draw/variable-options.ts";
export type {
  BarGaugePanel,
  Dashboard,
  FieldOptions,
  GaugePanel,
  GraphOptions,
  GridPos,
  HeatmapPanel,
  Legend,
  Mapping,
  Override,
  Panel,
  PanelKind,
  PanelReport,
  ReduceOptions,
  RowPanel,
  StatPanel,
  TablePanel,
  Target,
  TextPanel,
  ThresholdStep,
  Thresholds,
  TimeRangeText,
  TimeseriesPanel,
  Transformation,
  UnsupportedPanel,
  Variable,
  VariableKind,
  VariableOption,
} from "./model.ts";
export { allPanels } from "./model.ts";
