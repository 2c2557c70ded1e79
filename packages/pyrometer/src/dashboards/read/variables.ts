/** Template variables, and the constants an exported dashboard asks for (`__inputs`). */
import type { JsonObject } from "../json.ts";
import { listOf, numberOf, objectOf, objectsOf, textOf } from "../json.ts";
import {
  LINE_CHARS_MAX,
  OPTIONS_PER_VARIABLE_MAX,
  TEXT_CHARS_MAX,
  VARIABLES_MAX,
} from "../limits.ts";
import type { Variable, VariableKind, VariableOption } from "../model.ts";

const KINDS: readonly VariableKind[] = [
  "query",
  "custom",
  "interval",
  "constant",
  "textbox",
  "datasource",
  "adhoc",
];

export function readVariables(dashboard: JsonObject): Variable[] {
  const listed = objectsOf(objectOf(dashboard.templating).list, VARIABLES_MAX).map(readVariable);
  const names = new Set(listed.map((variable) => variable.name));
  const inputs = objectsOf(dashboard.__inputs, VARIABLES_MAX)
    .filter((input) => input.type === "constant" || input.type === "datasource")
    .map(readInput)
    .filter((input) => !names.has(input.name));
  return [...inputs, ...listed].filter((variable) => variable.name !== "");
}

function readVariable(variable: JsonObject): Variable {
  const kind = KINDS.find((known) => known === variable.type) ?? "custom";
  const query = readQuery(variable);
  const current = readCurrent(objectOf(variable.current));
  const options = kind === "custom" || kind === "interval" ? splitOptions(query) : [];
  return {
    name: textOf(variable.name, LINE_CHARS_MAX),
    label: textOf(variable.label, LINE_CHARS_MAX),
    kind,
    isHidden: variable.hide === 2 || variable.hide === "hideVariable" || kind === "constant",
    query,
    regex: textOf(variable.regex, LINE_CHARS_MAX),
    sort: numberOf(variable.sort) ?? 0,
    options: options.length > 0 ? options : readOptions(variable.options),
    isMulti: variable.multi === true,
    hasAll: variable.includeAll === true,
    allValue: textOf(variable.allValue, LINE_CHARS_MAX),
    current,
  };
}

function readInput(input: JsonObject): Variable {
  const query = textOf(input.value, LINE_CHARS_MAX);
  return {
    name: textOf(input.name, LINE_CHARS_MAX),
    label: textOf(input.label, LINE_CHARS_MAX),
    kind: input.type === "constant" ? "constant" : "datasource",
    isHidden: true,
    query,
    regex: "",
    sort: 0,
    options: [],
    isMulti: false,
    hasAll: false,
    allValue: "",
    current: [query],
  };
}

/** Newer files write {query, refId}; classic ones {qryType, label, metric} beside the text. */
function readQuery(variable: JsonObject): string {
  const { query } = variable;
  const text = typeof query === "object" ? objectOf(query).query : query;
  const definition = textOf(variable.definition, TEXT_CHARS_MAX);
  return textOf(text, TEXT_CHARS_MAX) || definition;
}

/** `a, b : c` — commas between, a backslash before one that is meant, " : " after a shown text. */
function splitOptions(query: string): VariableOption[] {
  const parts = query.match(/(?:\\,|[^,])+/g) ?? [];
  return parts.slice(0, OPTIONS_PER_VARIABLE_MAX).map((part) => {
    const option = part.replaceAll("\\,", ",").trim();
    const [, text = option, value = option] = /^(.*?)\s+:\s+(.*)$/.exec(option) ?? [];
    return { text, value };
  });
}

function readOptions(options: unknown): VariableOption[] {
  return objectsOf(options, OPTIONS_PER_VARIABLE_MAX)
    .map((option) => ({
      text: textOf(option.text, LINE_CHARS_MAX),
      value: textOf(option.value, LINE_CHARS_MAX),
    }))
    .filter((option) => option.value !== "$__all");
}

function readCurrent(current: JsonObject): string[] {
  const values = Array.isArray(current.value) ? listOf(current.value) : [current.value];
  return values
    .slice(0, OPTIONS_PER_VARIABLE_MAX)
    .map((value) => textOf(value, LINE_CHARS_MAX))
    .filter((value) => value !== "");
}
