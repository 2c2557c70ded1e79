import type { JsonObject } from "../json.ts";
import { objectOf, objectsOf, textOf, wordOf } from "../json.ts";
import { LINE_CHARS_MAX, TARGETS_PER_PANEL_MAX, TEXT_CHARS_MAX } from "../limits.ts";
import type { Target } from "../model.ts";

/** The PromQL queries of a panel; targets without one are left out. */
export function readTargets(panel: JsonObject): Target[] {
  return objectsOf(panel.targets, TARGETS_PER_PANEL_MAX)
    .map(readTarget)
    .filter((target) => target.expr.trim() !== "");
}

function readTarget(target: JsonObject, index: number): Target {
  return {
    refId: textOf(target.refId, LINE_CHARS_MAX) || letterOf(index),
    expr: textOf(target.expr, TEXT_CHARS_MAX),
    legendFormat: textOf(target.legendFormat, LINE_CHARS_MAX),
    format: wordOf(target.format, ["time_series", "table", "heatmap"]),
    isInstant: target.instant === true && target.range !== true,
    isHidden: target.hide === true,
    interval: textOf(target.interval, LINE_CHARS_MAX),
  };
}

/** A, B … Z, then A26, A27. */
function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `A${index}`;
}

/** Data sources that are ours to answer: Prometheus' kin, variables, and those left to a default. */
const ANSWERED_TYPES = new Set([
  "",
  "prometheus",
  "victoriametrics-metrics-datasource",
  "datasource",
  "grafana",
  "mixed",
]);

/** The type of data source that a panel asks and we are not; undefined when all is well. */
export function foreignDatasource(panel: JsonObject): string | undefined {
  const asked = [panel, ...objectsOf(panel.targets, TARGETS_PER_PANEL_MAX)];
  return asked
    .map((one) => textOf(objectOf(one.datasource).type, LINE_CHARS_MAX))
    .find((type) => !ANSWERED_TYPES.has(type));
}
