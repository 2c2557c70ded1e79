/**
 * What Prometheus offers to the templates of alerting rules, complete but for what needs a server:
 * the caller adds query, externalURL, pathPrefix, now and tmpl.
 *
 * A query's result is a list of samples: {Labels: Map, Value: number}, see querySample().
 * Source: Prometheus template/template.go
 */
import type { Labels } from "../../model/index.ts";
import { compareText, MS_PER_SECOND, parseDuration } from "../../std/index.ts";
import { FunctionError } from "../errors.ts";
import { escapeQuery } from "../escape.ts";
import { GoDuration } from "../go-duration.ts";
import type { TemplateFunction, TemplateObject, TemplateValue } from "../value.ts";
import { isList, isMap, isStruct, named, struct, typeName } from "../value.ts";
import { commonFunctions } from "./common.ts";
import { splitHostPort, stripDomain } from "./host-port.ts";
import {
  humanize,
  humanize1024,
  humanizePercentage,
  humanizeTimestamp,
  toTime,
} from "./humanize.ts";
import { takes } from "./takes.ts";

export const prometheusFunctions: Readonly<Record<string, TemplateFunction>> = {
  ...commonFunctions,
  args: (...args) => new Map(args.map((arg, index) => [`arg${index}`, arg])),
  first: takes(["list"], (samples) => {
    const [first] = samples;
    if (first !== undefined) return first;
    throw new FunctionError("first() called on vector with no elements");
  }),
  graphLink: takes(["text"], (expr) => `/graph?g0.expr=${escapeQuery(expr)}&g0.tab=0`),
  humanize: takes(["number"], humanize),
  humanize1024: takes(["number"], humanize1024),
  humanizePercentage: takes(["number"], humanizePercentage),
  humanizeTimestamp: takes(["number"], humanizeTimestamp),
  label: takes(["text", "any"], (name, sample) => labelOf(sample, name)),
  parseDuration: takes(["text"], parseSeconds),
  sortByLabel: takes(["text", "list"], sortByLabel),
  stripDomain: takes(["text"], stripDomain),
  stripPort: takes(["text"], (text) => splitHostPort(text)?.host ?? text),
  strvalue: takes(["any"], (sample) => labelOf(sample, "__value__")),
  tableLink: takes(["text"], (expr) => `/graph?g0.expr=${escapeQuery(expr)}&g0.tab=1`),
  title: takes(["text"], titleKeepingCase),
  toDuration: takes(["number"], (seconds) => GoDuration.fromSeconds(seconds)),
  toTime: takes(["number"], toTime),
  urlQueryEscape: takes(["text"], escapeQuery),
  value: takes(["any"], (sample) => sampleOf(sample).Value ?? null),
};

/** One series of a query's result, as templates see it. */
export function querySample(labels: Labels, value: number): TemplateObject {
  return struct("*template.sample", { Labels: new Map(labels), Value: value });
}

/** A query's result, as templates see it. */
export function queryResult(samples: readonly TemplateObject[]): readonly TemplateObject[] {
  return named("template.queryResult", [...samples]);
}

function sampleOf(sample: TemplateValue): TemplateObject {
  if (isStruct(sample)) return sample;
  throw new FunctionError(`expected a sample of a query's result; got ${typeName(sample)}`);
}

function labelOf(sample: TemplateValue, name: string): string {
  const labels = sampleOf(sample).Labels ?? null;
  const value = isMap(labels) ? labels.get(name) : undefined;
  return typeof value === "string" ? value : "";
}

function sortByLabel(name: string, samples: readonly TemplateValue[]): TemplateValue {
  const sorted = [...samples].sort((a, b) => compareText(labelOf(a, name), labelOf(b, name)));
  return isList(samples) ? named("template.queryResult", sorted) : sorted;
}

function parseSeconds(text: string): number {
  const isNegative = text.startsWith("-");
  const parsed = parseDuration(isNegative ? text.slice(1) : text);
  if ("problem" in parsed) throw new FunctionError(parsed.problem);
  return ((isNegative ? -1 : 1) * parsed.ms) / MS_PER_SECOND;
}

/** Every word's first letter in upper case, the rest as it was: "aa CC" is "Aa CC". */
function titleKeepingCase(text: string): string {
  return text.replace(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_]*/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("");
  });
}
