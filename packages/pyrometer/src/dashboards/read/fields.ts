/**
 * Field options: unit, decimals, limits, thresholds, colour, mappings. They stand in one of four
 * places, by age: fieldConfig.defaults (7 on), options.fieldOptions.defaults (6), the panel itself
 * (singlestat) and yaxes[0] (graph). Newer wins.
 */
import type { JsonObject } from "../json.ts";
import { listOf, numberOf, objectOf, objectsOf, textOf } from "../json.ts";
import { ITEMS_PER_PANEL_MAX, LINE_CHARS_MAX } from "../limits.ts";
import type { FieldOptions, Mapping, MappingResult, Override, Thresholds } from "../model.ts";

export function readFields(panel: JsonObject): FieldOptions {
  const old = objectOf(objectOf(panel.options).fieldOptions);
  const defaults: JsonObject = {
    ...definedFields(oldFields(panel)),
    ...definedFields(objectOf(old.defaults)),
    ...definedFields(objectOf(objectOf(panel.fieldConfig).defaults)),
  };
  const color = objectOf(defaults.color);
  return {
    unit: textOf(defaults.unit, LINE_CHARS_MAX),
    decimals: readDecimals(defaults.decimals),
    min: numberOf(defaults.min),
    max: numberOf(defaults.max),
    displayName: textOf(defaults.displayName ?? defaults.title, LINE_CHARS_MAX),
    noValue: textOf(defaults.noValue, LINE_CHARS_MAX),
    color: {
      mode: textOf(color.mode, LINE_CHARS_MAX),
      fixedColor: textOf(color.fixedColor, LINE_CHARS_MAX),
    },
    thresholds: readThresholds(defaults.thresholds ?? old.thresholds),
    mappings: readMappings(defaults.mappings ?? old.mappings),
  };
}

/** More than 20 is not a number of decimals to anyone, and toFixed would throw above 100. */
function readDecimals(value: unknown): number | undefined {
  const decimals = numberOf(value);
  return decimals === undefined ? undefined : Math.min(20, Math.max(0, Math.round(decimals)));
}

/** A field that is null is as good as absent, and must not hide an older place's. */
function definedFields(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}

/** The places from before field options existed. */
function oldFields(panel: JsonObject): JsonObject {
  switch (panel.type) {
    case "graph": {
      const axis = objectOf(listOf(panel.yaxes)[0]);
      const format = axis.format ?? listOf(panel.y_formats)[0];
      return { unit: format, min: axis.min, max: axis.max, decimals: axis.decimals };
    }
    case "heatmap": {
      // The panel of before 9 has yAxis.format, the one after options.yAxis.unit.
      const axis = { ...objectOf(panel.yAxis), ...objectOf(objectOf(panel.options).yAxis) };
      return { unit: axis.unit ?? axis.format, decimals: axis.decimals };
    }
    case "singlestat":
    case "grafana-singlestat-panel": {
      const gauge = objectOf(panel.gauge);
      return {
        unit: panel.format,
        decimals: panel.decimals,
        min: gauge.minValue,
        max: gauge.maxValue,
        thresholds: singlestatThresholds(panel),
        mappings: panel.valueMaps,
        noValue: panel.nullText,
      };
    }
    default:
      return { unit: panel.unit ?? panel.format, decimals: panel.decimals };
  }
}

/** "50,80" and three colours: below 50, 50 to 80, from 80. */
function singlestatThresholds(panel: JsonObject): unknown {
  const colors = listOf(panel.colors);
  const limits = textOf(panel.thresholds, LINE_CHARS_MAX).split(",").filter(Boolean);
  if (limits.length === 0 || colors.length === 0) return undefined;
  return {
    steps: [null, ...limits].map((value, i) => ({ value, color: colors[i] ?? colors.at(-1) })),
  };
}

/** Without any steps: one of the base colour. Grafana's own default, red from 80, surprises. */
export function readThresholds(value: unknown): Thresholds {
  const thresholds = Array.isArray(value) ? { steps: value } : objectOf(value);
  const steps = objectsOf(thresholds.steps, ITEMS_PER_PANEL_MAX).map((step, index) => ({
    value: index === 0 && numberOf(step.value) === undefined ? null : (numberOf(step.value) ?? 0),
    color: textOf(step.color, LINE_CHARS_MAX),
  }));
  steps.sort((a, b) => (a.value ?? -Infinity) - (b.value ?? -Infinity));
  return {
    mode: thresholds.mode === "percentage" ? "percentage" : "absolute",
    steps: steps.length > 0 ? steps : [{ value: null, color: "green" }],
  };
}

export function readMappings(value: unknown): Mapping[] {
  return objectsOf(value, ITEMS_PER_PANEL_MAX).flatMap(readMapping);
}

function readMapping(mapping: JsonObject): Mapping[] {
  const options = objectOf(mapping.options);
  switch (mapping.type) {
    case "value":
      return Object.entries(options)
        .slice(0, ITEMS_PER_PANEL_MAX)
        .map(([key, result]) => ({ kind: "value", value: key, result: readResult(result) }));
    case "range":
      return [{ kind: "range", ...readRange(options), result: readResult(options.result) }];
    case "regex": {
      const pattern = textOf(options.pattern, LINE_CHARS_MAX);
      return [{ kind: "regex", pattern, result: readResult(options.result) }];
    }
    case "special": {
      const match = textOf(options.match, LINE_CHARS_MAX);
      return [{ kind: "special", match, result: readResult(options.result) }];
    }
    default:
      return readOldMapping(mapping);
  }
}

/** Up to Grafana 7: {type: 1, value, text}, {type: 2, from, to, text}; singlestat: {op, value, text}. */
function readOldMapping(mapping: JsonObject): Mapping[] {
  const result = readResult(mapping);
  if (mapping.type === 2) return [{ kind: "range", ...readRange(mapping), result }];
  const value = textOf(mapping.value, LINE_CHARS_MAX);
  if (value === "null") return [{ kind: "special", match: "null", result }];
  return value === "" ? [] : [{ kind: "value", value, result }];
}

function readRange(options: JsonObject): { from: number | null; to: number | null } {
  return { from: numberOf(options.from) ?? null, to: numberOf(options.to) ?? null };
}

function readResult(value: unknown): MappingResult {
  const result = objectOf(value);
  return {
    text: textOf(result.text, LINE_CHARS_MAX),
    color: textOf(result.color, LINE_CHARS_MAX),
  };
}

/** Overrides of the file, and what old panels say by series alias: aliasColors, seriesOverrides. */
export function readOverrides(panel: JsonObject): Override[] {
  const own = objectsOf(objectOf(panel.fieldConfig).overrides, ITEMS_PER_PANEL_MAX).map(
    (override) => ({
      matcher: {
        id: textOf(objectOf(override.matcher).id, LINE_CHARS_MAX),
        options: objectOf(override.matcher).options,
      },
      properties: objectsOf(override.properties, ITEMS_PER_PANEL_MAX).map((property) => ({
        id: textOf(property.id, LINE_CHARS_MAX),
        value: property.value,
      })),
    }),
  );
  const colors = Object.entries(objectOf(panel.aliasColors)).slice(0, ITEMS_PER_PANEL_MAX);
  const aliased = colors.map(([name, color]) => ({
    matcher: { id: "byName", options: name },
    properties: [{ id: "color", value: { mode: "fixed", fixedColor: textOf(color, 100) } }],
  }));
  return [...aliased, ...own];
}
