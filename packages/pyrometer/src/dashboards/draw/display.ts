/**
 * One value as a reader sees it: mapped, printed with its unit, coloured by its threshold. Colours
 * stay names here ("green", "#f00"); the page resolves them for its theme.
 */
import type { FieldOptions, Mapping, Override, Thresholds } from "../model.ts";
import { formatUnit } from "./units.ts";

export interface Displayed {
  readonly prefix: string;
  readonly text: string;
  readonly suffix: string;
  /** A colour of the file; "" when nothing says. */
  readonly color: string;
}

/** `value` null is no data: the field's own word for it, or a dash. */
export function displayValue(value: number | null, fields: FieldOptions): Displayed {
  const mapped = fields.mappings.find((mapping) => matches(mapping, value))?.result;
  const color = mapped?.color || colorOf(value, fields);
  if (mapped && mapped.text !== "") return { prefix: "", text: mapped.text, suffix: "", color };
  if (value === null) return { prefix: "", text: fields.noValue || "–", suffix: "", color: "" };
  return { ...formatUnit(value, fields.unit, fields.decimals), color };
}

function matches(mapping: Mapping, value: number | null): boolean {
  switch (mapping.kind) {
    case "value":
      return value !== null && mapping.value.trim() !== "" && Number(mapping.value) === value;
    case "range":
      return (
        value !== null && (mapping.from ?? -Infinity) <= value && value <= (mapping.to ?? Infinity)
      );
    case "special":
      return isSpecial(mapping.match, value);
    case "regex":
      // Of texts; our values are numbers. No RegExp from a file runs in the page.
      return false;
  }
}

function isSpecial(match: string, value: number | null): boolean {
  switch (match) {
    case "null":
      return value === null;
    case "nan":
      return Number.isNaN(value);
    case "null+nan":
      return value === null || Number.isNaN(value);
    default:
      return false;
  }
}

function colorOf(value: number | null, fields: FieldOptions): string {
  if (fields.color.mode === "fixed") return fields.color.fixedColor;
  return value === null ? "" : colorAt(value, fields.thresholds, limitsOf(fields, undefined));
}

/** The colour of the highest step that `value` has reached. */
export function colorAt(
  value: number,
  { mode, steps }: Thresholds,
  { min, max }: { readonly min: number; readonly max: number },
): string {
  const reached = mode === "percentage" ? (100 * (value - min)) / (max - min) : value;
  const step = steps.findLast((one) => one.value === null || one.value <= reached);
  return (step ?? steps[0])?.color ?? "";
}

/**
 * Where a gauge or an axis of these fields begins and ends: what the file says, else what the unit
 * implies, else the data.
 */
export function limitsOf(
  fields: FieldOptions,
  data: { readonly min: number; readonly max: number } | undefined,
): { min: number; max: number } {
  const impliedMax = fields.unit === "percentunit" ? 1 : 100;
  const isRatio = fields.unit === "percent" || fields.unit === "percentunit";
  const dataMax = data === undefined || isRatio ? impliedMax : Math.max(data.max, 0);
  const min = fields.min ?? Math.min(0, data?.min ?? 0);
  const max = fields.max ?? (dataMax > min ? dataMax : min + 1);
  return max > min ? { min, max } : { min, max: min + 1 };
}

/** What a series is known by, for overrides. */
export interface SeriesName {
  readonly name: string;
  readonly refId: string;
}

/** The field options of one series: the panel's, changed by the overrides that pick it. */
export function fieldsOf(
  fields: FieldOptions,
  overrides: readonly Override[],
  series: SeriesName,
): FieldOptions {
  let result = fields;
  for (const { matcher, properties } of overrides) {
    const isPicked =
      (matcher.id === "byName" && matcher.options === series.name) ||
      (matcher.id === "byFrameRefID" && matcher.options === series.refId);
    if (!isPicked) continue;
    for (const { id, value } of properties) result = withProperty(result, id, value);
  }
  return result;
}

function withProperty(fields: FieldOptions, id: string, value: unknown): FieldOptions {
  switch (id) {
    case "unit":
    case "displayName":
    case "noValue":
      return typeof value === "string" ? { ...fields, [id]: value } : fields;
    case "min":
    case "max":
    case "decimals":
      return typeof value === "number" ? { ...fields, [id]: value } : fields;
    case "color": {
      const { mode, fixedColor } = (value ?? {}) as Partial<FieldOptions["color"]>;
      if (typeof fixedColor !== "string") return fields;
      return { ...fields, color: { mode: mode ?? "fixed", fixedColor } };
    }
    default:
      return fields;
  }
}
