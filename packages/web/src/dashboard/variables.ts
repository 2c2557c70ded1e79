/**
 * A dashboard's variables: options found, choices made (in the URL: ?var-name=value), values for
 * the queries. A query variable may use those before it, so they are resolved in the file's order.
 */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { getData } from "../api/client.ts";
import { queryInstant } from "../api/query.ts";
import {
  ALL_VALUE,
  interpolateQuery,
  pickOptions,
  type Variable,
  type VariableOption,
  type VariableValues,
} from "../model.ts";

export interface ResolvedVariable {
  readonly variable: Variable;
  readonly options: readonly VariableOption[];
  /** Chosen values; ALL_VALUE alone is all of them. */
  readonly chosen: readonly string[];
  readonly values: VariableValues;
  readonly error?: string;
}

export interface VariablesState {
  /** undefined while they are first being resolved: no query can be sent yet. */
  readonly resolved: readonly ResolvedVariable[] | undefined;
  choose(name: string, values: readonly string[]): void;
}

const NONE: readonly ResolvedVariable[] = [];

export function useVariables(variables: readonly Variable[] | undefined): VariablesState {
  const [params, setParams] = useSearchParams();
  const chosen = useMemo(() => choicesIn(params), [params]);
  const { data } = useQuery({
    queryKey: ["variables", variables, chosen],
    queryFn: ({ signal }) => resolveAll(variables ?? [], chosen, signal),
    enabled: variables !== undefined && variables.length > 0,
    placeholderData: (previous) => previous,
    staleTime: 30_000,
  });
  const choose = (name: string, values: readonly string[]) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        next.delete(`var-${name}`);
        for (const value of values) next.append(`var-${name}`, value);
        return next;
      },
      { replace: true },
    );
  return { resolved: variables?.length === 0 ? NONE : data, choose };
}

/** Grafana's spelling, so that links to its dashboards carry over: All is "All" or $__all. */
function choicesIn(params: URLSearchParams): Readonly<Record<string, readonly string[]>> {
  const choices: Record<string, string[]> = {};
  for (const [key, value] of params) {
    if (!key.startsWith("var-")) continue;
    const name = key.slice("var-".length);
    choices[name] = [...(choices[name] ?? []), value === "All" ? ALL_VALUE : value];
  }
  return choices;
}

export function valuesByName(
  resolved: readonly ResolvedVariable[],
): ReadonlyMap<string, VariableValues> {
  return new Map(resolved.map(({ variable, values }) => [variable.name, values]));
}

async function resolveAll(
  variables: readonly Variable[],
  choices: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<readonly ResolvedVariable[]> {
  const resolved: ResolvedVariable[] = [];
  for (const variable of variables) {
    const before = valuesByName(resolved);
    const found = await findOptions(variable, before, signal);
    resolved.push(choose(variable, found, choices[variable.name] ?? variable.current));
  }
  return resolved;
}

interface Found {
  readonly options: readonly VariableOption[];
  readonly error?: string;
}

async function findOptions(
  variable: Variable,
  before: ReadonlyMap<string, VariableValues>,
  signal: AbortSignal,
): Promise<Found> {
  if (variable.kind !== "query") return { options: variable.options };
  try {
    const query = interpolateQuery(variable.query, (name) => before.get(name));
    const texts = await runVariableQuery(query, signal);
    const match = await compileRegex(variable.regex);
    return { options: pickOptions(texts, variable, match) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { options: variable.options, error: message };
  }
}

/** RE2 in the page, fetched only for dashboards that filter: a file's RegExp could hang the tab. */
async function compileRegex(regex: string): Promise<(text: string) => string | undefined> {
  if (regex === "") return (text) => text;
  const { compileVariableRegex } = await import(
    "../../../pyrometer/src/dashboards/draw/variable-regex.ts"
  );
  return compileVariableRegex(regex);
}

/** What a variable's query asks, in Grafana's words: label_values(…), label_names(), metrics(…). */
export type VariableQuery =
  | { readonly kind: "label-values"; readonly selector: string; readonly label: string }
  | { readonly kind: "label-names" }
  | { readonly kind: "metrics"; readonly pattern: string }
  | { readonly kind: "query-result"; readonly expr: string };

export function parseVariableQuery(query: string): VariableQuery {
  const text = query.trim();
  const [, name, inside = ""] =
    /^(label_values|label_names|metrics|query_result)\s*\(([\s\S]*)\)$/.exec(text) ?? [];
  switch (name) {
    case "label_values": {
      const comma = inside.lastIndexOf(",");
      const label = inside.slice(comma + 1).trim();
      const selector = comma < 0 ? "" : inside.slice(0, comma).trim();
      return { kind: "label-values", selector, label };
    }
    case "label_names":
      return { kind: "label-names" };
    case "metrics":
      return { kind: "metrics", pattern: inside.trim() };
    case "query_result":
      return { kind: "query-result", expr: inside.trim() };
    default:
      return { kind: "query-result", expr: text };
  }
}

async function runVariableQuery(query: string, signal: AbortSignal): Promise<readonly string[]> {
  const parsed = parseVariableQuery(query);
  switch (parsed.kind) {
    case "label-values": {
      const match = parsed.selector === "" ? "" : `?match[]=${encodeURIComponent(parsed.selector)}`;
      return getData(`/api/v1/label/${encodeURIComponent(parsed.label)}/values${match}`, signal);
    }
    case "label-names":
      return getData("/api/v1/labels", signal);
    case "metrics": {
      const selector = `{__name__=~${JSON.stringify(`.*(?:${parsed.pattern}).*`)}}`;
      return getData(
        `/api/v1/label/__name__/values?match[]=${encodeURIComponent(selector)}`,
        signal,
      );
    }
    case "query-result": {
      const { series } = await queryInstant(parsed.expr, Date.now(), signal);
      return series.map(({ labels, values, timesMs }) => {
        const { __name__: name = "", ...rest } = labels;
        const pairs = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
        return `${name}{${pairs.join(",")}} ${values[0]} ${timesMs[0]}`;
      });
    }
  }
}

function choose(
  variable: Variable,
  { options, error }: Found,
  wanted: readonly string[],
): ResolvedVariable {
  const chosen = pickChosen(variable, options, wanted);
  const base = { variable, options, chosen, ...(error !== undefined && { error }) };
  const isAll = chosen.includes(ALL_VALUE);
  const isMulti = variable.isMulti || variable.hasAll;
  if (isAll && variable.allValue !== "") {
    return { ...base, values: { values: [variable.allValue], isMulti, raw: variable.allValue } };
  }
  const values = isAll ? options.map((option) => option.value) : chosen;
  return { ...base, values: { values, isMulti } };
}

/** What was wished for, as far as there is such an option; else all, else the first. */
export function pickChosen(
  variable: Variable,
  options: readonly VariableOption[],
  wanted: readonly string[],
): readonly string[] {
  switch (variable.kind) {
    case "constant":
    case "textbox":
      return wanted.length > 0 ? wanted.slice(0, 1) : [variable.query];
    case "datasource":
      return ["pyrometer"];
    case "adhoc":
      return [];
    default: {
      if (wanted.includes(ALL_VALUE) && variable.hasAll) return [ALL_VALUE];
      const known = wanted.filter((value) => options.some((option) => option.value === value));
      if (known.length > 0) return variable.isMulti ? known : known.slice(0, 1);
      return variable.hasAll ? [ALL_VALUE] : options.slice(0, 1).map((option) => option.value);
    }
  }
}
