/**
 * The shape of a unit test file for rules.
 * Source: Prometheus docs/configuration/unit_testing_rules.md, cmd/promtool/unittest.go
 */
import { z } from "zod";
import type { YamlFile } from "../../config/index.ts";
import {
  boolean,
  durationMs,
  listOf,
  load,
  mapOf,
  parseYaml,
  problemAt,
  section,
  text,
} from "../../config/index.ts";
import type { Source, SourceError } from "../../std/index.ts";
import { MS_PER_MINUTE, MS_PER_SECOND } from "../../std/index.ts";
import { texts } from "../sections.ts";

/** A number as YAML writes it; "NaN" and "Inf" also without YAML's dot. */
const sampleValue = () =>
  text().transform((value, context) => {
    const number = toNumber(value);
    if (number !== undefined) return number;
    context.addIssue({
      code: "custom",
      message: `Cannot read "${value}": expected a number`,
    });
    return z.NEVER;
  });

function toNumber(value: string): number | undefined {
  if (/^\.?nan$/i.test(value)) return NaN;
  const infinite = /^([+-]?)\.?inf$/i.exec(value);
  if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
  const digits = value.replaceAll("_", "");
  const number = digits === "" ? NaN : Number(digits);
  return Number.isNaN(number) ? undefined : number;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Unix seconds or RFC 3339; becomes Unix milliseconds. */
const timestampMs = () =>
  text().transform((value, context) => {
    const seconds = toNumber(value);
    const ms = seconds === undefined ? dateMs(value) : Math.round(seconds * MS_PER_SECOND);
    if (Number.isSafeInteger(ms)) return ms;
    context.addIssue({
      code: "custom",
      message: `Cannot read "${value}": expected Unix seconds or a time like 2026-01-31T12:00:00Z`,
    });
    return z.NEVER;
  });

function dateMs(value: string): number {
  return RFC3339.test(value) ? Date.parse(value) : NaN;
}

const alertTest = section("alert_rule_test", {
  eval_time: durationMs().default(0),
  alertname: text().default(""),
  exp_alerts: listOf(
    section("exp_alerts", {
      exp_labels: texts().default({}),
      exp_annotations: texts().default({}),
    }),
  ).default([]),
});

const exprTest = section("promql_expr_test", {
  expr: text().default(""),
  eval_time: durationMs().default(0),
  exp_samples: listOf(
    section("exp_samples", {
      labels: text().default(""),
      value: sampleValue().default(0),
      histogram: text().default(""),
    }),
  ).default([]),
});

const testGroup = section("test_group", {
  name: text().default(""),
  interval: durationMs().default(0),
  start_timestamp: timestampMs().default(0),
  input_series: listOf(
    section("series", { series: text().default(""), values: text().default("") }),
  ).default([]),
  alert_rule_test: listOf(alertTest).default([]),
  promql_expr_test: listOf(exprTest).default([]),
  external_labels: mapOf(text()).default({}),
  external_url: text().default(""),
});

const testFile = section("unit_test_file", {
  rule_files: listOf(text()).default([]),
  evaluation_interval: durationMs().default(0),
  group_eval_order: listOf(text()).default([]),
  fuzzy_compare: boolean().default(false),
  tests: listOf(testGroup).default([]),
});

export type TestGroup = z.infer<typeof testGroup>;
export type AlertTest = z.infer<typeof alertTest>;
export type ExprTest = z.infer<typeof exprTest>;

export interface TestFile {
  /** For the places of what is found wrong. */
  readonly yaml: YamlFile;
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly groupOrder: readonly string[];
  /** Values that differ in the last bit of their mantissa count as equal. */
  readonly isFuzzy: boolean;
  readonly tests: readonly TestGroup[];
}

const EVALUATION_INTERVAL_MS = MS_PER_MINUTE;

export function loadTestFile(source: Source): {
  readonly file: TestFile | undefined;
  readonly errors: readonly SourceError[];
} {
  const yaml = parseYaml(source);
  const { value, errors: wrong } = load(yaml, testFile);
  const order = value?.group_eval_order ?? [];
  const errors = [...wrong];
  for (const [index, name] of order.entries()) {
    if (order.indexOf(name) === index) continue;
    const problem = `group name repeated in evaluation order: ${name}`;
    const path = ["group_eval_order", index];
    errors.push(problemAt(yaml, { code: "rules/test-file", problem, path }));
  }
  if (value === undefined || errors.length > 0) return { file: undefined, errors };
  const file = {
    yaml,
    ruleFiles: value.rule_files,
    evaluationIntervalMs: value.evaluation_interval || EVALUATION_INTERVAL_MS,
    groupOrder: order,
    isFuzzy: value.fuzzy_compare,
    tests: value.tests,
  };
  return { file, errors };
}
