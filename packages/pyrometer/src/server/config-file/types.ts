/**
 * What a prometheus.yml asks for, after every default was filled in and every included file read.
 * Durations in milliseconds, paths absolute. Plain data.
 */
import type { Environment } from "../../config/index.ts";
import type { Labels } from "../../model/index.ts";
import type { Discovery, HttpClientConfig, RelabelRule, ScrapeConfig } from "../../scrape/index.ts";

export interface GlobalSettings {
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
  readonly evaluationIntervalMs: number;
  /** With $NAME and ${NAME} filled in from the environment, as Prometheus 3 does. */
  readonly externalLabels: Labels;
}

/** One entry of alerting.alertmanagers: where alerts are sent. */
export interface AlertmanagerEndpointConfig {
  readonly scheme: "http" | "https";
  /** Goes before /api/v2/alerts; "" or begins with a slash. */
  readonly pathPrefix: string;
  readonly timeoutMs: number;
  readonly http: HttpClientConfig;
  readonly discoveries: readonly Discovery[];
  /** For the Alertmanagers found. */
  readonly relabel: readonly RelabelRule[];
  /** For alerts on their way to these. */
  readonly alertRelabel: readonly RelabelRule[];
}

export interface PrometheusConfig {
  readonly global: GlobalSettings;
  /** Absolute paths and globs. */
  readonly ruleFiles: readonly string[];
  /** Those of the file, then those of its scrape_config_files. Job names are unique. */
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly alerting: {
    readonly alertmanagers: readonly AlertmanagerEndpointConfig[];
    readonly alertRelabel: readonly RelabelRule[];
  };
}

export interface ConfigFileDeps {
  /** What relative paths in the file are relative to; absolute. */
  readonly dir: string;
  /** Paths that match an absolute pattern, in order. */
  readonly glob: (pattern: string) => readonly string[];
  /** May throw: the file is then reported as one that cannot be read. */
  readonly readFile: (path: string) => string;
  /** For external labels. Nothing is filled in without it. */
  readonly environment?: Environment;
  /** As `--agent`: alerting, rules and remote read are refused. */
  readonly agentMode?: boolean;
}
