/** Prometheus' and Alertmanager's own template cases, where they are there to be read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import { conformanceDir } from "../std/testkit/conformance.ts";
import type { TemplateFunction, TemplateObject, TemplateValue } from "./index.ts";
import {
  createAlertmanagerFunctions,
  FunctionError,
  GoTime,
  named,
  parseTemplates,
  prometheusFunctions,
  queryResult,
  querySample,
  struct,
} from "./index.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const dir = conformanceDir();

function readCases<T>(path: string): T | undefined {
  return dir === undefined ? undefined : (JSON.parse(readFileSync(join(dir, path), "utf8")) as T);
}

interface ExpansionCase {
  readonly text: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly shouldFail?: boolean;
  readonly errorMsg?: string;
  readonly html?: boolean;
  readonly options?: Json;
  readonly queryResult?: readonly { Metric?: Record<string, string>; F?: number; H?: object }[];
}

/** Contextual HTML escaping and native histograms are not there yet; `tmpl` is the caller's. */
function isBeyondUs({ html, input, queryResult: result, text }: ExpansionCase): boolean {
  const isHtml = html === true && !text.includes("tmpl");
  const isHistogram =
    JSON.stringify(input ?? null).includes("Count") ||
    (Array.isArray(result) && result.some((sample) => sample.H));
  return isHtml || isHistogram;
}

const EXTERNAL_URL = "http://testhost:9090/path/prefix";

async function expand(one: ExpansionCase): Promise<string> {
  const samples = Array.isArray(one.queryResult) ? one.queryResult : [];
  const own: Record<string, TemplateFunction> = {
    query: () =>
      queryResult(
        samples.map(({ Metric = {}, F = 0 }) => {
          const { "labels.MetricName": name = "", ...rest } = Metric;
          return querySample(Labels.from({ ...rest, __name__: name }), F);
        }),
      ),
    now: () => 1353755652,
    externalURL: () => EXTERNAL_URL,
    pathPrefix: () => "/path/prefix",
    tmpl: (name, data) => templates?.execute(String(name), data ?? null) ?? "",
  };
  const missingKey = JSON.stringify(one.options ?? "").includes("missingkey=error")
    ? "error"
    : "zero";
  const source = { name: "test", text: one.text };
  const functions = { ...prometheusFunctions, ...own };
  const { templates, errors } = parseTemplates([source], { functions, missingKey });
  const [error] = errors;
  if (error) {
    throw new FunctionError(
      `error parsing template test: template: test:${error.line}: ${error.problem}`,
    );
  }
  return templates!.execute("test", goValue(one.input ?? null)).catch((cause: Error) => {
    throw new FunctionError(`error executing template test: ${cause.message}`);
  });
}

const INTEGERS: Readonly<Record<string, bigint>> = {
  "math.MaxInt64": 2n ** 63n - 1n,
  "math.MinInt64": -(2n ** 63n),
  "math.MaxUint64": 2n ** 64n - 1n,
};

function goValue(value: Json): TemplateValue {
  if (typeof value === "string" && Object.hasOwn(INTEGERS, value)) return INTEGERS[value]!;
  if (Array.isArray(value)) return value.map(goValue);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, goValue(item)]));
}

const prometheus = readCases<{ TestTemplateExpansion: ExpansionCase[] }>(
  "rules/cases/template-expansion.json",
);

describe.runIf(prometheus)("Prometheus' template expansion", () => {
  const cases = (prometheus?.TestTemplateExpansion ?? []).filter((one) => !isBeyondUs(one));

  test.each(cases.map((one) => [one.text, one] as const))("%s", async (_text, one) => {
    if (one.shouldFail) {
      await expect(expand(one)).rejects.toThrow(one.errorMsg ?? "");
    } else {
      expect(await expand(one)).toBe(one.output);
    }
  });
});

interface NotificationCase {
  readonly title: string;
  readonly in: string;
  readonly exp?: string;
  readonly fail?: boolean;
  readonly expErr?: string;
  readonly html?: boolean;
  readonly data?: Json;
}

const alertmanager = readCases<{ expansion: NotificationCase[]; functions: NotificationCase[] }>(
  "alertmanager/cases/templates.json",
);

const NOW_MS = Date.UTC(2024, 0, 1);

function notificationValue(value: Json): TemplateValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return goValue(value);
  if ("time.Date" in value) return GoTime.fromMs(Date.UTC(2024, 0, 1, 8, 15, 30));
  if (Object.keys(value).some((key) => key.includes("time.Now"))) {
    return GoTime.fromMs(NOW_MS - 3_600_000);
  }
  const isData = ["GroupLabels", "CommonLabels", "Alerts"].some((key) => key in value);
  if (!isData) return goValueWithIntegers(value);
  return struct("template.Data", {
    GroupLabels: keyValues(value.GroupLabels),
    CommonLabels: keyValues(value.CommonLabels),
    Alerts: alerts((value.Alerts ?? []) as { [key: string]: Json }[]),
  });
}

function goValueWithIntegers(value: Json): TemplateValue {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(goValueWithIntegers);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, goValueWithIntegers(item)]));
}

/** Alertmanager's template.KV: a map with methods. */
function keyValues(value: Json | undefined): TemplateValue {
  if (value === undefined || value === null) return null;
  const map = new Map(Object.entries(value as Record<string, string>));
  const names = [...map.keys()].sort();
  return Object.assign(map, {
    Remove: (removed: TemplateValue = null) => {
      const gone = new Set(removed as readonly string[]);
      return keyValues(Object.fromEntries([...map].filter(([name]) => !gone.has(name))));
    },
    SortedPairs: () =>
      Object.assign(
        names.map((name) => struct("template.Pair", { Name: name, Value: map.get(name) ?? null })),
        { Values: () => names.map((name) => map.get(name) ?? null) },
      ),
  });
}

function alerts(list: readonly { [key: string]: Json }[]): TemplateValue {
  const items: TemplateObject[] = list.map((alert) => {
    const labels = keyValues(alert.Labels);
    return struct("template.Alert", {
      Status: String(alert.Status),
      Labels: labels,
      MarshalJSON: () =>
        struct("alert", {
          status: String(alert.Status),
          labels,
          annotations: null,
          startsAt: GoTime.ZERO,
          endsAt: GoTime.ZERO,
          generatorURL: "",
          fingerprint: "",
        }),
    });
  });
  const firing = items.filter((item) => item.Status === "firing");
  return Object.assign(named("template.Alerts", items), { Firing: () => firing });
}

const notificationCases = [...(alertmanager?.expansion ?? []), ...(alertmanager?.functions ?? [])]
  // HTML escaping is to come; routeLabels belongs to the alertmanager room.
  .filter((one) => one.html !== true && !one.in.includes("routeLabels"));

describe.runIf(alertmanager)("Alertmanager's templates", () => {
  const functions = createAlertmanagerFunctions({ nowMs: () => NOW_MS });

  test.each(notificationCases.map((one) => [one.title, one] as const))(
    "%s",
    async (_title, one) => {
      const source = { name: "", text: one.in };
      const { templates } = parseTemplates([source], { functions });
      const wanted = one.exp;
      if (one.fail || one.expErr !== undefined) {
        const run = templates?.execute("", notificationValue(one.data ?? null));
        if (one.expErr === undefined && !run) return expect(templates).toBeUndefined();
        await expect(run).rejects.toThrow(one.expErr);
        return;
      }
      expect(await templates!.execute("", notificationValue(one.data ?? null))).toBe(wanted);
    },
  );
});

describe.runIf(dir)("real notification templates", () => {
  const folder = join(dir ?? "", "alertmanager/templates");
  const files = dir === undefined ? [] : readdirSync(folder).filter((name) => /tmpl$/.test(name));

  test.each(files)("%s parses", (name) => {
    const functions = createAlertmanagerFunctions({ nowMs: () => NOW_MS });
    const text = readFileSync(join(folder, name), "utf8");
    expect(parseTemplates([{ name, text }], { functions }).errors).toEqual([]);
  });
});
