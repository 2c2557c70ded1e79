/** One entry of scrape_configs. Source: prometheus/config.ScrapeConfig */
import type { z } from "zod";
import type { YamlPath } from "../../config/index.ts";
import {
  boolean,
  count,
  durationMs,
  float,
  listOf,
  mapOf,
  notYet,
  quoted,
  section,
  sizeBytes,
  text,
} from "../../config/index.ts";
import { httpClientFields, toHttpClientConfig } from "./http-client.ts";
import { httpClientProblem } from "./http-client-problems.ts";
import type { Problem } from "./problems.ts";
import { refined } from "./problems.ts";
import type { NameScheme, RawRelabelRule } from "./relabel-rule.ts";
import { relabelProblem, relabelRule, toRelabelRule } from "./relabel-rule.ts";
import { discoveryFields, toDiscoveries, urlAsAddress } from "./sd/table.ts";
import type { RelabelRule, ScrapeConfig, ScrapeProtocol } from "./types.ts";

function validationScheme() {
  return text().refine((scheme) => ["", "utf8", "legacy"].includes(scheme), {
    error: (issue) => `unrecognized ValidationScheme: ${quoted(String(issue.input))}`,
  });
}

/** Fields that `global` has too, and that a job takes from there when it has none of its own. */
export const inheritedFields = {
  scrape_interval: durationMs().optional(),
  scrape_timeout: durationMs().optional(),
  scrape_protocols: listOf(text()).optional(),
  scrape_failure_log_file: notYet(text()),
  body_size_limit: sizeBytes().optional(),
  sample_limit: count().optional(),
  target_limit: count().optional(),
  label_limit: count().optional(),
  label_name_length_limit: count().optional(),
  label_value_length_limit: count().optional(),
  keep_dropped_targets: count().optional(),
  metric_name_validation_scheme: validationScheme().optional(),
  metric_name_escaping_scheme: notYet(text(), "", ["allow-utf-8"]),
  scrape_native_histograms: boolean().optional(),
  convert_classic_histograms_to_nhcb: notYet(boolean(), "", ["false"]),
  always_scrape_classic_histograms: boolean().optional(),
  extra_scrape_metrics: notYet(boolean(), "", ["false"]),
};

const scrapeConfigSection = section("config.ScrapeConfig", {
  ...inheritedFields,
  ...httpClientFields,
  ...discoveryFields,
  job_name: text().default(""),
  honor_labels: boolean().default(false),
  honor_timestamps: boolean().default(true),
  track_timestamps_staleness: boolean().default(false),
  params: mapOf(listOf(text())).default({}),
  fallback_scrape_protocol: notYet(text()),
  metrics_path: text().default("/metrics"),
  scheme: text().default("http"),
  enable_compression: boolean().default(true),
  native_histogram_bucket_limit: count().default(0),
  native_histogram_min_bucket_factor: float().default(0),
  relabel_configs: listOf(
    relabelRule,
    "empty or null target relabeling rule in scrape config",
  ).default([]),
  metric_relabel_configs: listOf(
    relabelRule,
    "empty or null metric relabeling rule in scrape config",
  ).default([]),
});
export type RawScrapeConfig = z.output<typeof scrapeConfigSection>;

export const scrapeConfigSchema = refined(scrapeConfigSection, ownProblem);

/** A list of jobs, as in scrape_configs. */
export const scrapeConfigList = () =>
  listOf(scrapeConfigSchema, "empty or null scrape config section").default([]);

function ownProblem(raw: RawScrapeConfig): Problem | undefined {
  if (raw.job_name === "") return "job_name is empty";
  const address = raw.relabel_configs.length === 0 ? urlAsAddress(raw) : undefined;
  return (
    httpClientProblem(raw) ??
    (address === undefined
      ? undefined
      : { at: ["static_configs"], text: `${quoted(address)} is not a valid hostname` })
  );
}

/** What a job inherits from `global`, defaults filled in. */
export interface ScrapeDefaults {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly nameScheme: NameScheme;
  readonly escapingScheme: string | undefined;
  /** undefined: what a job wants depends on its histograms. */
  readonly protocols: readonly string[] | undefined;
  readonly nativeHistograms: boolean;
  readonly alwaysClassicHistograms: boolean;
  readonly bodySizeLimitBytes: number;
  readonly sampleLimit: number;
  readonly targetLimit: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
  readonly keepDroppedTargets: number;
}

export interface ReadContext {
  /** Makes a path of the file absolute. */
  readonly resolve: (path: string) => string;
  /** Reports a fault at a path within the section that is read. */
  readonly fail: (problem: string, at: YamlPath) => void;
}

/** Folds the global settings into a job and checks what only then can be. */
export function toScrapeConfig(
  raw: RawScrapeConfig,
  defaults: ScrapeDefaults,
  { resolve, fail }: ReadContext,
): ScrapeConfig {
  // 0 counts as unset, for a job as for the global settings.
  const intervalMs = raw.scrape_interval || defaults.intervalMs;
  const timeoutMs = raw.scrape_timeout || Math.min(defaults.timeoutMs, intervalMs);
  const suffix = `for scrape config with job name ${quoted(raw.job_name)}`;
  if (timeoutMs > intervalMs) {
    fail(`scrape timeout greater than scrape interval ${suffix}`, ["scrape_timeout"]);
  }
  checkProtocols(raw, suffix, fail);
  const nameScheme = readNameScheme(raw, defaults, fail);
  const rules = (key: "relabel_configs" | "metric_relabel_configs") =>
    readRelabelRules(raw[key], nameScheme, (problem, at) => fail(problem, [key, ...at]));
  return {
    jobName: raw.job_name,
    intervalMs,
    timeoutMs,
    metricsPath: raw.metrics_path,
    scheme: readScheme(raw.scheme, fail),
    params: raw.params,
    honorLabels: raw.honor_labels,
    honorTimestamps: raw.honor_timestamps,
    trackTimestampsStaleness: raw.track_timestamps_staleness,
    enableCompression: raw.enable_compression,
    ...readFormats(raw, defaults),
    ...readLimits(raw, defaults),
    http: toHttpClientConfig(raw, resolve),
    relabel: rules("relabel_configs"),
    metricRelabel: rules("metric_relabel_configs"),
    discoveries: toDiscoveries(raw, resolve),
  };
}

function readFormats(raw: RawScrapeConfig, defaults: ScrapeDefaults) {
  const nativeHistograms = raw.scrape_native_histograms ?? defaults.nativeHistograms;
  const protocols = (raw.scrape_protocols ?? defaults.protocols)?.filter(isProtocol);
  return {
    protocols: protocols ?? (nativeHistograms ? PROTOBUF_FIRST : TEXT_ONLY),
    nativeHistograms,
    alwaysClassicHistograms:
      raw.always_scrape_classic_histograms ?? defaults.alwaysClassicHistograms,
    bucketFactorMin: raw.native_histogram_min_bucket_factor,
    bucketLimit: raw.native_histogram_bucket_limit,
  };
}

/** 0 is none, for a job as for the global settings; so a job cannot lift a global limit. */
function readLimits(raw: RawScrapeConfig, defaults: ScrapeDefaults) {
  return {
    bodySizeLimitBytes: Math.max(0, raw.body_size_limit || defaults.bodySizeLimitBytes),
    sampleLimit: raw.sample_limit || defaults.sampleLimit,
    targetLimit: raw.target_limit || defaults.targetLimit,
    labelLimit: raw.label_limit || defaults.labelLimit,
    labelNameLengthLimit: raw.label_name_length_limit || defaults.labelNameLengthLimit,
    labelValueLengthLimit: raw.label_value_length_limit || defaults.labelValueLengthLimit,
    keepDroppedTargets: raw.keep_dropped_targets || defaults.keepDroppedTargets,
  };
}

function checkProtocols(raw: RawScrapeConfig, suffix: string, fail: ReadContext["fail"]): void {
  const problem = protocolsProblem(raw.scrape_protocols);
  if (problem) fail(`${problem} ${suffix}`, ["scrape_protocols"]);
  const fallback = raw.fallback_scrape_protocol;
  if (!fallback || isProtocol(fallback)) return;
  const text = `invalid fallback_scrape_protocol ${suffix}: ${unknownProtocol(fallback)}`;
  fail(text, ["fallback_scrape_protocol"]);
}

/** Relabelling may still change the scheme, so Prometheus does not look here; a typo would. */
export function readScheme(scheme: string, fail: ReadContext["fail"]): "http" | "https" {
  if (scheme !== "http" && scheme !== "https") {
    fail(`Cannot use scheme ${quoted(scheme)}: expected http or https`, ["scheme"]);
  }
  return scheme === "https" ? "https" : "http";
}

export function readRelabelRules(
  rules: readonly RawRelabelRule[],
  nameScheme: NameScheme,
  fail: ReadContext["fail"],
): readonly RelabelRule[] {
  return rules.map((raw, index) => {
    const problem = relabelProblem(raw, nameScheme);
    if (problem !== undefined) fail(problem, [index]);
    return toRelabelRule(raw);
  });
}

const PROTOCOLS: readonly ScrapeProtocol[] = [
  "OpenMetricsText0.0.1",
  "OpenMetricsText1.0.0",
  "PrometheusProto",
  "PrometheusText0.0.4",
  "PrometheusText1.0.0",
];

/** What Prometheus asks for unless told otherwise. */
const TEXT_ONLY: readonly ScrapeProtocol[] = [
  "OpenMetricsText1.0.0",
  "OpenMetricsText0.0.1",
  "PrometheusText1.0.0",
  "PrometheusText0.0.4",
];

/** Only protobuf carries native histograms. */
const PROTOBUF_FIRST: readonly ScrapeProtocol[] = ["PrometheusProto", ...TEXT_ONLY];

function isProtocol(name: string): name is ScrapeProtocol {
  return (PROTOCOLS as readonly string[]).includes(name);
}

function unknownProtocol(protocol: string): string {
  return `unknown scrape protocol ${protocol}, supported: [${PROTOCOLS.join(" ")}]`;
}

/** What is wrong with a list of scrape protocols, in Prometheus' words. */
export function protocolsProblem(protocols: readonly string[] | undefined): string | undefined {
  if (protocols === undefined) return undefined;
  if (protocols.length === 0) return "scrape_protocols cannot be empty";
  const seen = new Set<string>();
  for (const protocol of protocols) {
    if (seen.has(protocol.toLowerCase())) {
      return `duplicated protocol in scrape_protocols, got [${protocols.join(" ")}]`;
    }
    if (!isProtocol(protocol)) return `scrape_protocols: ${unknownProtocol(protocol)}`;
    seen.add(protocol.toLowerCase());
  }
  return undefined;
}

const ESCAPING_SCHEMES: readonly string[] = ["allow-utf-8", "underscores", "dots", "values"];

/** The escaping scheme is checked against the names it would have to carry, and not used yet. */
function readNameScheme(
  raw: RawScrapeConfig,
  defaults: ScrapeDefaults,
  fail: ReadContext["fail"],
): NameScheme {
  const own = raw.metric_name_validation_scheme || undefined;
  const scheme = own === undefined ? defaults.nameScheme : own === "legacy" ? "legacy" : "utf8";
  const inherited = own === undefined ? defaults.escapingScheme : undefined;
  const fallback = scheme === "legacy" ? "underscores" : "allow-utf-8";
  const escaping = raw.metric_name_escaping_scheme || inherited || fallback;
  const problem = escapingProblem(escaping, scheme);
  if (problem) fail(problem, ["metric_name_escaping_scheme"]);
  return scheme;
}

function escapingProblem(escaping: string, scheme: NameScheme): string | undefined {
  if (!ESCAPING_SCHEMES.includes(escaping)) {
    return `unknown scrape config name escaping method specified, must be one of ${ESCAPING_LIST}, got ${quoted(escaping)}`;
  }
  return escaping === "allow-utf-8" && scheme !== "utf8"
    ? "utf8 metric names requested but validation scheme is not set to UTF8"
    : undefined;
}

const ESCAPING_LIST = "'allow-utf-8', 'underscores', 'dots', or 'values'";

/** The same check for `global`. */
export function globalEscapingProblem(escaping: string | undefined): string | undefined {
  if (!escaping || ESCAPING_SCHEMES.includes(escaping)) return undefined;
  return `unknown global name escaping method specified, must be one of ${ESCAPING_LIST}, got ${quoted(escaping)}`;
}
