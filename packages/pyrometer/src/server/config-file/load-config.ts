/**
 * Reads prometheus.yml and the files it includes: sections to settings, defaults as Prometheus 3
 * has them, every fault with its place.
 *
 * Two passes: the schema checks each section by itself; then the global settings are folded into
 * the jobs, and what goes across sections is checked.
 */
import type { Loaded } from "../../config/index.ts";
import { load, parseYaml } from "../../config/index.ts";
import type { ScrapeDefaults } from "../../scrape/index.ts";
import {
  globalEscapingProblem,
  protocolsProblem,
  readRelabelRules,
  readScheme,
  toDiscoveries,
  toHttpClientConfig,
} from "../../scrape/index.ts";
import type { Source } from "../../std/index.ts";
import { MS_PER_MINUTE, MS_PER_SECOND } from "../../std/index.ts";
import { expandLabels } from "./external-labels.ts";
import { FileReport } from "./file-report.ts";
import { needsUtf8Names } from "./otlp.ts";
import type { RawAlertmanager, RawGlobal, RawPrometheusConfig } from "./schema.ts";
import { prometheusSchema } from "./schema.ts";
import { readScrapeConfigs } from "./scrape-configs.ts";
import type { AlertmanagerEndpointConfig, ConfigFileDeps, PrometheusConfig } from "./types.ts";

/** Never throws for what is in the files. Paths in the result are absolute. */
export function loadPrometheusConfig(
  source: Source,
  deps: ConfigFileDeps,
): Loaded<PrometheusConfig> {
  const file = parseYaml(source);
  const { value: raw, errors, warnings } = load(file, prometheusSchema);
  if (!raw) return { value: undefined, errors, warnings };
  const report = new FileReport(file, deps.dir, warnings);
  const value = fold(raw, report, deps);
  return report.conclude(value);
}

function fold(
  raw: RawPrometheusConfig,
  report: FileReport,
  deps: ConfigFileDeps,
): PrometheusConfig {
  const defaults = readDefaults(raw.global, report);
  if (deps.agentMode) checkAgentMode(raw, report);
  checkRemoteNames(raw, report);
  checkOtlp(raw, defaults, report);
  const { nameScheme } = defaults;
  return {
    global: {
      scrapeIntervalMs: defaults.intervalMs,
      scrapeTimeoutMs: defaults.timeoutMs,
      evaluationIntervalMs: raw.global?.evaluation_interval || MS_PER_MINUTE,
      externalLabels: expandLabels(raw.global?.external_labels ?? {}, deps.environment, report),
    },
    ruleFiles: raw.rule_files.map(report.resolve),
    scrapeConfigs: readScrapeConfigs(raw, { defaults, report, deps }),
    alerting: {
      alertmanagers: (raw.alerting?.alertmanagers ?? []).map((one, index) =>
        toEndpoint(one, nameScheme, report.at("alerting", "alertmanagers", index)),
      ),
      alertRelabel: readRelabelRules(
        raw.alerting?.alert_relabel_configs ?? [],
        nameScheme,
        report.at("alerting", "alert_relabel_configs").fail,
      ),
    },
  };
}

/** What jobs inherit. 0 counts as unset, as in Go. */
function readDefaults(raw: RawGlobal | undefined, report: FileReport): ScrapeDefaults {
  const { fail } = report.at("global");
  const intervalMs = raw?.scrape_interval || MS_PER_MINUTE;
  const timeoutMs = raw?.scrape_timeout || Math.min(10 * MS_PER_SECOND, intervalMs);
  if (timeoutMs > intervalMs) {
    fail("global scrape timeout greater than scrape interval", ["scrape_timeout"]);
  }
  const protocols = protocolsProblem(raw?.scrape_protocols);
  if (protocols) fail(`${protocols} for global config`, ["scrape_protocols"]);
  const escaping = globalEscapingProblem(raw?.metric_name_escaping_scheme);
  if (escaping) fail(escaping, ["metric_name_escaping_scheme"]);
  const nameScheme = raw?.metric_name_validation_scheme === "legacy" ? "legacy" : "utf8";
  return {
    intervalMs,
    timeoutMs,
    nameScheme,
    escapingScheme: raw?.metric_name_escaping_scheme,
    protocols: raw?.scrape_protocols,
    nativeHistograms: raw?.scrape_native_histograms ?? false,
    alwaysClassicHistograms: raw?.always_scrape_classic_histograms ?? false,
    bodySizeLimitBytes: Math.max(0, raw?.body_size_limit ?? 0),
    sampleLimit: raw?.sample_limit ?? 0,
    targetLimit: raw?.target_limit ?? 0,
    labelLimit: raw?.label_limit ?? 0,
    labelNameLengthLimit: raw?.label_name_length_limit ?? 0,
    labelValueLengthLimit: raw?.label_value_length_limit ?? 0,
    keepDroppedTargets: raw?.keep_dropped_targets ?? 0,
  };
}

function toEndpoint(
  raw: RawAlertmanager,
  nameScheme: ScrapeDefaults["nameScheme"],
  { fail, resolve }: Pick<FileReport, "fail" | "resolve">,
): AlertmanagerEndpointConfig {
  const rules = (key: "relabel_configs" | "alert_relabel_configs") =>
    readRelabelRules(raw[key], nameScheme, (problem, at) => fail(problem, [key, ...at]));
  const prefix = raw.path_prefix.replace(/\/+$/, "");
  return {
    scheme: readScheme(raw.scheme, fail),
    pathPrefix: prefix === "" || prefix.startsWith("/") ? prefix : `/${prefix}`,
    timeoutMs: raw.timeout,
    http: toHttpClientConfig(raw, resolve),
    discoveries: toDiscoveries(raw, resolve),
    relabel: rules("relabel_configs"),
    alertRelabel: rules("alert_relabel_configs"),
  };
}

/** An agent only scrapes and forwards. */
function checkAgentMode(raw: RawPrometheusConfig, report: FileReport): void {
  const { alertmanagers = [], alert_relabel_configs: rules = [] } = raw.alerting ?? {};
  const forbidden = {
    alerting: alertmanagers.length + rules.length,
    rule_files: raw.rule_files.length,
    remote_read: raw.remote_read?.length ?? 0,
  };
  for (const [key, count] of Object.entries(forbidden)) {
    if (count > 0) report.fail(`field ${key} is not allowed in agent mode`, [key]);
  }
}

/** Names tell endpoints apart in metrics; those without one get one of their own. */
function checkRemoteNames(raw: RawPrometheusConfig, report: FileReport): void {
  for (const key of ["remote_write", "remote_read"] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of (raw[key] ?? []).entries()) {
      if (name !== "" && seen.has(name)) {
        const what = key.replace("_", " ");
        const problem = `found multiple ${what} configs with job name "${name}"`;
        report.fail(problem, [key, index, "name"]);
      }
      seen.add(name);
    }
  }
}

function checkOtlp(raw: RawPrometheusConfig, defaults: ScrapeDefaults, report: FileReport): void {
  const strategy = raw.otlp?.translation_strategy;
  if (defaults.nameScheme !== "legacy" || !needsUtf8Names(strategy)) return;
  const problem = `OTLP translation strategy "${strategy}" is not allowed when UTF8 is disabled`;
  report.fail(problem, ["otlp", "translation_strategy"]);
}
