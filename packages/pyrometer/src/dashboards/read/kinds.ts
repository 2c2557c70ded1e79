/**
 * What each panel type needs beyond the common part, old types turned into the ones that replaced
 * them: graph into timeseries, singlestat into stat or gauge, table-old into table.
 */
import type { JsonObject } from "../json.ts";
import { listOf, numberOf, objectOf, textOf, wordOf } from "../json.ts";
import { LINE_CHARS_MAX, TEXT_CHARS_MAX } from "../limits.ts";
import type { GraphOptions, Legend, PanelKind, ReduceOptions } from "../model.ts";

const KIND_BY_TYPE: ReadonlyMap<string, PanelKind> = new Map([
  ["timeseries", "timeseries"],
  ["graph", "timeseries"],
  ["stat", "stat"],
  ["singlestat", "stat"],
  ["grafana-singlestat-panel", "stat"],
  ["gauge", "gauge"],
  ["bargauge", "bargauge"],
  ["heatmap", "heatmap"],
  ["table", "table"],
  ["table-old", "table"],
  ["text", "text"],
  ["row", "row"],
]);

export function kindOf(panel: JsonObject): PanelKind {
  const kind = KIND_BY_TYPE.get(textOf(panel.type, LINE_CHARS_MAX)) ?? "unsupported";
  const isOldGauge = kind === "stat" && objectOf(panel.gauge).show === true;
  return isOldGauge ? "gauge" : kind;
}

export function readGraph(panel: JsonObject): GraphOptions {
  if (panel.type === "graph") return readOldGraph(panel);
  const custom = objectOf(objectOf(objectOf(panel.fieldConfig).defaults).custom);
  const scale = objectOf(custom.scaleDistribution);
  const thresholds = textOf(objectOf(custom.thresholdsStyle).mode, LINE_CHARS_MAX);
  return {
    drawStyle: wordOf(custom.drawStyle, ["line", "bars", "points"]),
    lineWidthPx: Math.min(10, Math.max(0, numberOf(custom.lineWidth) ?? 1)),
    fillPercent: Math.min(100, Math.max(0, numberOf(custom.fillOpacity) ?? 0)),
    stacking: wordOf(objectOf(custom.stacking).mode, ["none", "normal", "percent"]),
    spansNulls: custom.spanNulls === true || (numberOf(custom.spanNulls) ?? 0) > 0,
    interpolation: wordOf(custom.lineInterpolation, [
      "linear",
      "smooth",
      "stepBefore",
      "stepAfter",
    ]),
    axisLabel: textOf(custom.axisLabel, LINE_CHARS_MAX),
    logBase: scale.type === "log" ? logBaseOf(scale.log ?? 2) : 0,
    thresholdStyle:
      thresholds === "" || thresholds === "off"
        ? "off"
        : thresholds.includes("area")
          ? "area"
          : "line",
  };
}

function readOldGraph(panel: JsonObject): GraphOptions {
  const axis = objectOf(listOf(panel.yaxes)[0]);
  const stacking = panel.percentage === true ? "percent" : "normal";
  const isPoints = panel.points === true && panel.lines === false;
  return {
    drawStyle: panel.bars === true ? "bars" : isPoints ? "points" : "line",
    lineWidthPx: Math.min(10, Math.max(0, numberOf(panel.linewidth) ?? 1)),
    // Ten steps there, a percentage here.
    fillPercent: Math.min(100, Math.max(0, (numberOf(panel.fill) ?? 1) * 10)),
    stacking: panel.stack === true ? stacking : "none",
    spansNulls: panel.nullPointMode === "connected",
    interpolation: panel.steppedLine === true ? "stepAfter" : "linear",
    axisLabel: textOf(axis.label, LINE_CHARS_MAX),
    logBase: logBaseOf(axis.logBase),
    thresholdStyle: "off",
  };
}

function logBaseOf(value: unknown): number {
  const base = numberOf(value) ?? 1;
  return base === 2 || base === 10 ? base : 0;
}

export function readLegend(panel: JsonObject): Legend {
  if (panel.type === "graph") return readOldLegend(objectOf(panel.legend));
  const legend = objectOf(objectOf(panel.options).legend);
  const isHidden = legend.showLegend === false || legend.displayMode === "hidden";
  return {
    isShown: !isHidden,
    displayMode: wordOf(legend.displayMode, ["list", "table"]),
    placement: wordOf(legend.placement, ["bottom", "right"]),
    calcs: listOf(legend.calcs)
      .map((calc) => textOf(calc, LINE_CHARS_MAX))
      .slice(0, CALC_BY_OLD_NAME.size),
  };
}

/** Old names of the ways to reduce a series. */
const CALC_BY_OLD_NAME: ReadonlyMap<string, string> = new Map([
  ["min", "min"],
  ["max", "max"],
  ["avg", "mean"],
  ["current", "lastNotNull"],
  ["total", "sum"],
  ["sum", "sum"],
  ["first", "first"],
  ["delta", "delta"],
  ["diff", "diff"],
  ["range", "range"],
  ["name", "name"],
]);

function readOldLegend(legend: JsonObject): Legend {
  const shown = ["min", "max", "avg", "current", "total"].filter((name) => legend[name] === true);
  return {
    isShown: legend.show !== false,
    displayMode: legend.alignAsTable === true ? "table" : "list",
    placement: legend.rightSide === true ? "right" : "bottom",
    calcs: shown.map((name) => CALC_BY_OLD_NAME.get(name) ?? name),
  };
}

export function readReduce(panel: JsonObject): ReduceOptions {
  const options = objectOf(panel.options);
  const reduce = { ...objectOf(options.fieldOptions), ...objectOf(options.reduceOptions) };
  const calc = textOf(listOf(reduce.calcs)[0], LINE_CHARS_MAX);
  const old = CALC_BY_OLD_NAME.get(textOf(panel.valueName, LINE_CHARS_MAX));
  return {
    calc: (CALC_BY_OLD_NAME.get(calc) ?? calc) || old || "lastNotNull",
    hasAllValues: reduce.values === true,
  };
}

export function readStat(panel: JsonObject) {
  const options = objectOf(panel.options);
  const isOld = panel.type !== "stat";
  const oldColor =
    panel.colorBackground === true ? "background" : panel.colorValue === true ? "value" : "none";
  const colorMode = textOf(options.colorMode, LINE_CHARS_MAX);
  const newColor = colorMode.startsWith("background") ? "background" : colorMode;
  return {
    colorMode: wordOf(isOld ? oldColor : newColor, ["value", "background", "none"]),
    hasSparkline: isOld
      ? objectOf(panel.sparkline).show === true
      : options.graphMode !== "none" && options.graphMode !== undefined,
    textMode: wordOf(options.textMode, ["auto", "value", "value_and_name", "name", "none"]),
  } as const;
}

export function readText(panel: JsonObject) {
  const options = objectOf(panel.options);
  return {
    mode: wordOf(options.mode ?? panel.mode, ["markdown", "html", "code"]),
    content: textOf(options.content ?? panel.content, TEXT_CHARS_MAX),
  } as const;
}
