/** From a panel and a time range to the queries to send, and from their answers to one data set. */

import type { Grid } from "../charts/aligned-data.ts";
import type { Target, VariableValues } from "../model.ts";
import {
  builtInVariables,
  durationTextMs,
  interpolateQuery,
  type Panel,
  stepMsOf,
} from "../model.ts";

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface QueryScope {
  readonly range: TimeRange;
  readonly scrapeIntervalMs: number;
  readonly variables: ReadonlyMap<string, VariableValues>;
}

export interface PanelRequest {
  readonly refId: string;
  /** With all variables filled in. */
  readonly expr: string;
  readonly legendFormat: string;
  readonly isInstant: boolean;
  readonly grid: Grid;
}

/** Points a panel asks for: by its place, not its pixels, so that a resized window asks nothing new. */
const POINTS_PER_COLUMN = 25;

/** The queries of a panel that are shown, on a grid of whole steps that ends at or before "to". */
export function requestsOf(panel: Panel, scope: QueryScope): PanelRequest[] {
  return panel.targets
    .filter((target) => !target.isHidden)
    .map((target) => requestOf(panel, target, scope));
}

function requestOf(panel: Panel, target: Target, scope: QueryScope): PanelRequest {
  const grid = gridOf(panel, target, scope);
  const { range, scrapeIntervalMs } = scope;
  const builtIn = builtInVariables({
    stepMs: grid.stepMs,
    rangeMs: range.toMs - range.fromMs,
    scrapeIntervalMs,
    ...range,
  });
  const lookup = (name: string) => builtIn[name] ?? scope.variables.get(name);
  return {
    refId: target.refId,
    expr: interpolateQuery(target.expr, lookup),
    legendFormat: target.legendFormat,
    isInstant: panel.kind === "table" || target.isInstant,
    grid,
  };
}

function gridOf(panel: Panel, target: Target, scope: QueryScope): Grid {
  const { fromMs, toMs } = scope.range;
  const asked = [target.interval, panel.interval].map((text) => durationTextMs(fill(text, scope)));
  const stepMs = stepMsOf({
    rangeMs: toMs - fromMs,
    pointsMax: Math.max(60, panel.gridPos.w * POINTS_PER_COLUMN),
    stepMinMs: Math.max(scope.scrapeIntervalMs, ...asked.map((ms) => ms ?? 0)),
  });
  // Whole steps: the same moments are asked again at every refresh, so lines do not wobble.
  const endMs = Math.floor(toMs / stepMs) * stepMs;
  return { startMs: Math.ceil(fromMs / stepMs) * stepMs, endMs, stepMs };
}

function fill(text: string, scope: QueryScope): string {
  return interpolateQuery(text, (name) => scope.variables.get(name));
}
