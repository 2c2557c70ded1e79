/** The sections of prometheus.yml, top down. Source: prometheus/config.Config */
import { z } from "zod";
import { durationMs, integer, listOf, notYet, quoted, section, text } from "../../config/index.ts";
import type { ConfigProblem } from "../../scrape/index.ts";
import {
  discoveryFields,
  httpClientFields,
  httpClientProblem,
  inheritedFields,
  isLabelName,
  refined,
  relabelRule,
  scrapeConfigList,
  urlAsAddress,
} from "../../scrape/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import { otlp } from "./otlp.ts";
import { remoteRead, remoteWrite } from "./remote.ts";
import { sigv4 } from "./sigv4.ts";
import { storage } from "./storage.ts";
import { tracing } from "./tracing.ts";

const globalSection = section("config.plain", {
  ...inheritedFields,
  evaluation_interval: durationMs().optional(),
  rule_query_offset: notYet(durationMs(), "", ["0", "0s"]),
  query_log_file: notYet(text()),
  external_labels: z
    .record(z.string(), text(), { error: "Cannot read external labels: expected a mapping" })
    .default({}),
});
export type RawGlobal = z.output<typeof globalSection>;

const globalSettings = refined(globalSection, labelsProblem);

function labelsProblem(raw: RawGlobal): ConfigProblem | undefined {
  const scheme = raw.metric_name_validation_scheme === "legacy" ? "legacy" : "utf8";
  for (const [name, value] of Object.entries(raw.external_labels)) {
    const at = ["external_labels", name];
    if (!isLabelName(name, scheme))
      return { at, text: `${quoted(name)} is not a valid label name`, isAboutKey: true };
    if (/\p{Surrogate}/u.test(value)) {
      return { at, text: `${quoted(value)} is not a valid label value` };
    }
  }
  return undefined;
}

const alertmanagerSection = section("config.AlertmanagerConfig", {
  ...httpClientFields,
  ...discoveryFields,
  sigv4: notYet(sigv4),
  scheme: text().default("http"),
  path_prefix: text().default(""),
  timeout: durationMs().default(10 * MS_PER_SECOND),
  api_version: apiVersion().default("v2"),
  relabel_configs: listOf(relabelRule, "empty or null Alertmanager target relabeling rule").default(
    [],
  ),
  alert_relabel_configs: listOf(
    relabelRule,
    "empty or null Alertmanager alert relabeling rule",
  ).default([]),
});
export type RawAlertmanager = z.output<typeof alertmanagerSection>;

const alertmanager = refined(alertmanagerSection, alertmanagerProblem);

function apiVersion() {
  return text().refine((version) => version === "v2", {
    error: (issue) =>
      `expected Alertmanager api version to be one of [v2] but got ${String(issue.input)}`,
  });
}

function alertmanagerProblem(raw: RawAlertmanager): ConfigProblem | undefined {
  const hasAuth = raw.basic_auth ?? raw.authorization ?? raw.oauth2;
  const address = raw.relabel_configs.length === 0 ? urlAsAddress(raw) : undefined;
  return (
    httpClientProblem(raw) ??
    (hasAuth && raw.sigv4
      ? "at most one of basic_auth, authorization, oauth2, & sigv4 must be configured"
      : undefined) ??
    (address === undefined
      ? undefined
      : { at: ["static_configs"], text: `${quoted(address)} is not a valid hostname` })
  );
}

const alerting = section("config.plain", {
  alert_relabel_configs: listOf(relabelRule, "empty or null alert relabeling rule").default([]),
  alertmanagers: listOf(alertmanager, "empty or null Alertmanager config section").default([]),
});

/** A path with a glob in its last element only. */
const globPaths = (what: string) =>
  listOf(
    text().refine((path) => /^[^*]*(\*[^/]*)?$/.test(path), {
      error: (issue) => `invalid ${what} path ${quoted(String(issue.input))}`,
    }),
  ).default([]);

const NO_GO = "it tunes Go's garbage collector, which is not here";

export const prometheusSchema = section("config.plain", {
  global: globalSettings.optional(),
  runtime: notYet(section("config.RuntimeConfig", { gogc: integer().optional() }), NO_GO),
  alerting: alerting.optional(),
  rule_files: globPaths("rule file"),
  scrape_config_files: globPaths("scrape config file"),
  scrape_configs: scrapeConfigList(),
  storage: notYet(storage, "samples are kept in memory"),
  tracing: notYet(tracing),
  remote_write: notYet(listOf(remoteWrite, "empty or null remote write config section")),
  remote_read: notYet(listOf(remoteRead, "empty or null remote read config section")),
  otlp: notYet(otlp),
});
export type RawPrometheusConfig = z.output<typeof prometheusSchema>;

/** What a file named in scrape_config_files holds. */
export const scrapeConfigFileSchema = section("config.ScrapeConfigs", {
  scrape_configs: scrapeConfigList(),
});
