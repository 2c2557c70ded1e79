/**
 * The values a template computes with, and Go's ways with them.
 *
 * | Go              | here                                                                     |
 * |-----------------|--------------------------------------------------------------------------|
 * | nil, no value   | null                                                                     |
 * | int kinds       | bigint: prints `1000000`                                                 |
 * | float64         | number: prints `1e+06`                                                   |
 * | slice           | array                                                                    |
 * | map             | Map, or a plain object: a missing key is no error                        |
 * | struct          | an object marked by struct(): a missing field is an error                |
 * | method          | a function-valued property of any of these: `.Alerts.Firing` calls it    |
 * | time, duration  | GoTime, GoDuration                                                       |
 */
import { compareText } from "../std/index.ts";
import { GoDuration } from "./go-duration.ts";
import { GoTime } from "./go-time.ts";
import { SafeText } from "./safe-text.ts";

export type TemplateFunction = (
  ...args: readonly TemplateValue[]
) => TemplateValue | Promise<TemplateValue>;

export interface TemplateObject {
  readonly [name: string]: TemplateValue;
}

export type TemplateValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly TemplateValue[]
  | ReadonlyMap<string, TemplateValue>
  | TemplateObject
  | TemplateFunction
  | GoTime
  | GoDuration
  | SafeText;

const TYPE_NAME = Symbol("the Go type's name");

interface Named {
  readonly [TYPE_NAME]?: string;
}

/** Gives a list, map or struct the name that errors call its type. */
export function named<T extends object>(typeName: string, value: T): T {
  Object.defineProperty(value, TYPE_NAME, { value: typeName });
  return value;
}

/** A Go struct: reading a field it lacks is an error, not an empty text. */
export function struct<T extends TemplateObject>(typeName: string, fields: T): T {
  return named(typeName, { ...fields });
}

export function isList(value: TemplateValue): value is readonly TemplateValue[] {
  return Array.isArray(value);
}

export function isMap(value: TemplateValue): value is ReadonlyMap<string, TemplateValue> {
  return value instanceof Map;
}

/** A plain object: a map, or, when it is marked, a struct. */
export function isRecord(value: TemplateValue): value is TemplateObject {
  if (typeof value !== "object" || value === null || isList(value) || isMap(value)) return false;
  return !isOpaque(value);
}

export function isStruct(value: TemplateValue): value is TemplateObject {
  return isRecord(value) && (value as unknown as Named)[TYPE_NAME] !== undefined;
}

export function isOpaque(value: TemplateValue): value is GoTime | GoDuration | SafeText {
  return value instanceof GoTime || value instanceof GoDuration || value instanceof SafeText;
}

/** A map's entries in key order, or a struct's in field order; methods left out. */
export function entriesOf(
  value: ReadonlyMap<string, TemplateValue> | TemplateObject,
): [string, TemplateValue][] {
  const entries = value instanceof Map ? [...value] : Object.entries(value as TemplateObject);
  const fields = entries.filter(([, field]) => typeof field !== "function");
  if (isStruct(value)) return fields;
  return fields.sort(([a], [b]) => compareText(a, b));
}

/** Go's truth: false, 0, "", nil and empty lists and maps are false; every struct is true. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === false || value === "") return false;
  if (typeof value === "number") return value !== 0; // NaN is true, as in Go
  if (typeof value === "bigint") return value !== 0n;
  if (value instanceof SafeText) return value.text !== "";
  if (value instanceof GoDuration) return value.nanos !== 0n;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  if (isRecord(value)) return isStruct(value) || entriesOf(value).length > 0;
  return true;
}

/** What Go would call the value's type: for errors and %T. */
export function typeName(value: TemplateValue): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    case "bigint":
      return "int";
    case "function":
      return "func";
    case "object":
      break;
  }
  if (value === null) return "<nil>";
  if (value instanceof GoTime) return "time.Time";
  if (value instanceof GoDuration) return "time.Duration";
  if (value instanceof SafeText) return "template.HTML";
  const name = (value as unknown as Named)[TYPE_NAME];
  if (name !== undefined) return name;
  if (isList(value)) return "[]interface {}";
  return isTextMap(value) ? "map[string]string" : "map[string]interface {}";
}

/** Whether a missing key of this map means "" (map[string]string) rather than no value. */
export function isTextMap(value: ReadonlyMap<string, TemplateValue> | TemplateObject): boolean {
  return entriesOf(value).every(([, field]) => typeof field === "string");
}
