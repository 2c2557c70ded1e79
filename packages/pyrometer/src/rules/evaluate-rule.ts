/**
 * Evaluates one rule at one moment. Returns a report and changes nothing but the store: the group
 * that called decides what becomes of it.
 */
import { Labels, METRIC_NAME } from "../model/index.ts";
import { unreachable } from "../std/index.ts";
import type { QueryValue } from "../storage/index.ts";
import { QueryError, StorageError } from "../storage/index.ts";
import type { TemplateError } from "../template/index.ts";
import type { AlertResult, AlertState, AlertStates, SynthesizedSample } from "./alert-states.ts";
import { advanceAlerts, alertSamples, takeDueAlerts } from "./alert-states.ts";
import type { AlertData, RuleSample, TemplateContext } from "./alert-template.ts";
import { createAlertData, expandAlertTemplate } from "./alert-template.ts";
import type { AlertingRule, NamedTemplate, RecordingRule, Rule } from "./compile-rule.ts";
import { SERIES_PER_RULE_MAX } from "./limits.ts";
import type { SampleWriter, WriteReport } from "./sample-writer.ts";

/** What a rule wrote, by labels key: the input to next time's staleness. */
export type RuleOutput = ReadonlyMap<string, Labels>;

/** What one evaluation leaves for the next. */
export interface RuleMemory {
  readonly output: RuleOutput;
  readonly alerts: AlertStates;
  /** Until its `for` state is restored an alerting rule writes no ALERTS series. */
  readonly isRestored: boolean;
}

export interface RuleReport {
  readonly output: RuleOutput;
  readonly alerts: AlertStates;
  /** Alerts to send now. */
  readonly due: readonly AlertState[];
  readonly written: WriteReport;
  /** Labels and annotations that could not be filled in; their text says so, too. */
  readonly templateErrors: readonly TemplateError[];
  readonly error: Error | undefined;
}

/** Everything an evaluation touches. No clock: the caller says when it is. */
export interface EvaluationDeps extends Pick<TemplateContext, "externalLabels" | "externalUrl"> {
  query(expr: string, timeMs: number): Promise<QueryValue>;
  readonly writer: SampleWriter;
}

export interface Evaluation {
  readonly evalMs: number;
  readonly queryOffsetMs: number;
  /** The group's; 0 is none. */
  readonly limit: number;
  readonly before: RuleMemory;
  readonly deps: EvaluationDeps;
}

/** A rule cannot give a result that may be written; not a fault of ours, nor of the store. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

const NOTHING_WRITTEN: WriteReport = { storedCount: 0, rejectedCount: 0 };

/** A failing rule keeps what it had: its series are neither written nor ended. */
export async function evaluateRule(rule: Rule, evaluation: Evaluation): Promise<RuleReport> {
  try {
    return await evaluate(rule, evaluation);
  } catch (error) {
    if (!isExpected(error)) throw error; // ours to fix, not the rule author's
    const { output, alerts } = evaluation.before;
    const isOverLimit = error instanceof LimitError;
    return {
      output,
      // As Prometheus: alerts over the limit are forgotten, so that they start anew below it.
      alerts: isOverLimit ? new Map() : alerts,
      due: [],
      written: NOTHING_WRITTEN,
      templateErrors: [],
      error,
    };
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof QueryError || error instanceof RuleError || error instanceof StorageError;
}

async function evaluate(rule: Rule, evaluation: Evaluation): Promise<RuleReport> {
  const { evalMs, queryOffsetMs, before, deps } = evaluation;
  const timeMs = evalMs - queryOffsetMs;
  const results = toSamples(await deps.query(rule.config.expr, timeMs));
  const { samples, ...outcome } = await outcomeOf(rule, results, evaluation);
  const output = new Map(samples.map(({ labels }) => [labels.key, labels]));
  const ended = [...before.output].filter(([key]) => !output.has(key)).map(([, labels]) => labels);
  try {
    const written = await deps.writer.write({ timeMs, samples, ended });
    return { ...outcome, output, written, error: undefined };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    // The alerts stand nevertheless: a full disk is no reason to keep quiet about them.
    return { ...outcome, output: before.output, written: NOTHING_WRITTEN, error };
  }
}

interface Outcome {
  readonly samples: readonly SynthesizedSample[];
  readonly alerts: AlertStates;
  readonly due: readonly AlertState[];
  readonly templateErrors: readonly TemplateError[];
}

async function outcomeOf(
  rule: Rule,
  results: readonly RuleSample[],
  evaluation: Evaluation,
): Promise<Outcome> {
  switch (rule.kind) {
    case "recording": {
      const samples = record(rule, results, evaluation.limit);
      return { samples, alerts: new Map(), due: [], templateErrors: [] };
    }
    case "alerting": {
      const { evalMs, before } = evaluation;
      const { alerts, templateErrors } = await alert(rule, results, evaluation);
      const samples = before.isRestored ? alertSamples(alerts) : [];
      return { samples, ...takeDueAlerts(alerts, evalMs), templateErrors };
    }
    default:
      return unreachable(rule);
  }
}

export function toSamples(value: QueryValue): RuleSample[] {
  switch (value.kind) {
    case "scalar":
      return [{ labels: Labels.EMPTY, value: value.value }];
    case "vector":
      return value.labels.map((labels, index) => {
        return { labels, value: value.values[index]!, histogram: value.histograms?.[index] };
      });
    default:
      throw new RuleError("rule result is not a vector or scalar");
  }
}

function record(
  { config }: RecordingRule,
  results: readonly RuleSample[],
  limit: number,
): SynthesizedSample[] {
  const seen = new Set<string>();
  const samples = results.map((result) => {
    const labels = result.labels.with({ ...config.labels, [METRIC_NAME]: config.name });
    if (seen.has(labels.key)) throw sameLabels("rule");
    seen.add(labels.key);
    return { ...result, labels };
  });
  checkLimit(samples.length, limit, "series");
  return samples;
}

async function alert(
  rule: AlertingRule,
  results: readonly RuleSample[],
  { evalMs, queryOffsetMs, limit, before, deps }: Evaluation,
): Promise<{ alerts: AlertStates; templateErrors: readonly TemplateError[] }> {
  checkLimit(results.length, 0, "alerts");
  const templateErrors: TemplateError[] = [];
  const context: TemplateContext = {
    evalMs,
    externalLabels: deps.externalLabels,
    externalUrl: deps.externalUrl,
    query: async (expr) => toSamples(await deps.query(expr, evalMs - queryOffsetMs)),
  };
  const byKey = new Map<string, AlertResult>();
  for (const sample of results) {
    const result = await toAlertResult(rule, sample, { context, errors: templateErrors });
    if (byKey.has(result.labels.key)) throw sameLabels("alert");
    byKey.set(result.labels.key, result);
  }
  const alerts = advanceAlerts(before.alerts, byKey, { evalMs, timing: rule.config });
  const activeCount = [...alerts.values()].filter(({ state }) => state !== "inactive").length;
  checkLimit(activeCount, limit, "alerts");
  return { alerts, templateErrors };
}

interface Expansion {
  readonly context: TemplateContext;
  /** Collects what went wrong. */
  readonly errors: TemplateError[];
}

async function toAlertResult(
  { config, labels, annotations }: AlertingRule,
  sample: RuleSample,
  { context, errors }: Expansion,
): Promise<AlertResult> {
  const data = createAlertData(sample, context);
  const own = await expandAll(labels, data, errors);
  return {
    labels: sample.labels.with({ [METRIC_NAME]: "", ...own, alertname: config.name }),
    annotations: await expandAll(annotations, data, errors),
    value: sample.value,
  };
}

/** Adds what goes wrong to `errors`; the text then says so, too. */
async function expandAll(
  templates: readonly NamedTemplate[],
  data: AlertData,
  errors: TemplateError[],
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const { name, template } of templates) {
    const { text, error } = await expandAlertTemplate(template, data);
    if (error) errors.push(error);
    texts[name] = text;
  }
  return texts;
}

function sameLabels(what: "rule" | "alert"): RuleError {
  return new RuleError(
    `vector contains metrics with the same labelset after applying ${what} labels`,
  );
}

class LimitError extends RuleError {}

/** The group's limit when it has one; ours in any case. */
function checkLimit(count: number, groupLimit: number, what: "series" | "alerts"): void {
  const limit = groupLimit > 0 ? Math.min(groupLimit, SERIES_PER_RULE_MAX) : SERIES_PER_RULE_MAX;
  if (count > limit) throw new LimitError(`exceeded limit of ${limit} with ${count} ${what}`);
}
