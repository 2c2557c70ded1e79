/**
 * Labels and annotations of alerts as templates: what they may use, and filling them in.
 *
 * Prometheus puts `{{$labels := .Labels}}…` before each text, which moves every column in its
 * error messages; here the variables are simply there.
 */
import type { FloatHistogram, Labels } from "../model/index.ts";
import { printHistogram } from "../model/index.ts";
import type { Source, SourceError } from "../std/index.ts";
import { MS_PER_SECOND } from "../std/index.ts";
import type { Functions, TemplateObject, TemplateSet, TemplateValue } from "../template/index.ts";
import {
  FunctionError,
  parseTemplates,
  prometheusFunctions,
  queryResult,
  querySample,
  struct,
  TemplateError,
} from "../template/index.ts";
import { EXPANDED_LENGTH_MAX } from "./limits.ts";

/** One series of a rule's result. */
export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
  /** A native histogram; `value` is NaN then. */
  readonly histogram?: FloatHistogram | undefined;
}

/** What templates of one evaluation see beside the sample. */
export interface TemplateContext {
  readonly evalMs: number;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** Answers the template's `query`, at the evaluation's time. */
  query(expr: string): Promise<readonly RuleSample[]>;
}

const VARIABLES = ["labels", "externalLabels", "externalURL", "value"] as const;

/** Stand in while parsing; an execution brings its own. */
const UNBOUND: Functions = Object.fromEntries(
  ["query", "externalURL", "pathPrefix", "now", "tmpl"].map((name) => [name, () => null]),
);

const LIMITS = { outputLength: EXPANDED_LENGTH_MAX };

export interface AlertTemplate {
  readonly name: string;
  readonly set: TemplateSet;
  /** A text without actions is its own result: most labels are. */
  readonly plainText: string | undefined;
}

/** @param alertName names the template in messages, as in Prometheus: `__alert_<name>` */
export function parseAlertTemplate(
  alertName: string,
  text: string,
): { readonly template: AlertTemplate | undefined; readonly errors: readonly SourceError[] } {
  const source: Source = { name: `__alert_${alertName}`, text };
  const functions = { ...prometheusFunctions, ...UNBOUND };
  const { templates, errors } = parseTemplates([source], { functions, variables: VARIABLES });
  const template = templates && {
    name: source.name,
    set: templates,
    plainText: text.includes("{{") ? undefined : text,
  };
  return { template, errors };
}

/** What the texts of one alert see: made once for all of them. */
export interface AlertData {
  readonly context: TemplateContext;
  readonly root: TemplateObject;
  readonly variables: Readonly<Record<(typeof VARIABLES)[number], TemplateValue>>;
}

export function createAlertData(
  { labels, value, histogram }: RuleSample,
  context: TemplateContext,
): AlertData {
  const root = struct("template.alertTemplateData", {
    Labels: new Map(labels),
    ExternalLabels: new Map(context.externalLabels),
    ExternalURL: context.externalUrl,
    Value: histogram === undefined ? value : printHistogram(histogram),
  });
  const variables = {
    labels: root.Labels,
    externalLabels: root.ExternalLabels,
    externalURL: root.ExternalURL,
    value: root.Value,
  };
  return { context, root, variables };
}

/** Never fails: as in Prometheus the text says what went wrong, since an alert must go out. */
export async function expandAlertTemplate(
  { name, set, plainText }: AlertTemplate,
  { context, root, variables }: AlertData,
): Promise<{ readonly text: string; readonly error?: TemplateError }> {
  if (plainText !== undefined) return { text: plainText };
  try {
    const text = await set.execute(name, root, {
      limits: LIMITS,
      variables,
      functions: boundFunctions(set, context),
    });
    return { text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const problem = `error executing template ${name}: ${error.message}`;
    return { text: `<error expanding template: ${problem}>`, error };
  }
}

function boundFunctions(set: TemplateSet, context: TemplateContext): Functions {
  const { evalMs, externalUrl } = context;
  return {
    query: async (expr: TemplateValue = null) => {
      if (typeof expr !== "string") throw new FunctionError("query takes a text");
      const samples = await context.query(expr);
      return queryResult(samples.map(({ labels, value }) => querySample(labels, value)));
    },
    externalURL: () => externalUrl,
    pathPrefix: () => pathOf(externalUrl),
    now: () => evalMs / MS_PER_SECOND,
    tmpl: (name, data) => set.execute(String(name), data ?? null),
  };
}

/** The path of an address, without the slash at its end: "" for a bare host. */
function pathOf(url: string): string {
  const path = /^[a-z]+:\/\/[^/]*(\/[^?#]*)?/i.exec(url)?.[1] ?? "";
  return path.replace(/\/+$/, "");
}
