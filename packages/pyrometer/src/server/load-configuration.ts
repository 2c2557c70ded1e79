/**
 * Reads a Pyrometer directory: prometheus.yml, the rule files it names, alertmanager.yml, its
 * templates, and dashboards. All or nothing: any error and the caller keeps what it runs.
 *
 * Dashboards are the exception. A broken one is a problem of its own; alerting must not wait for it.
 */
import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { AlertmanagerConfig } from "../alertmanager/index.ts";
import { loadAlertmanagerConfig } from "../alertmanager/index.ts";
import type { Environment } from "../config/index.ts";
import type { Dashboard, PanelReport } from "../dashboards/index.ts";
import { readDashboard } from "../dashboards/index.ts";
import { queryFeatures } from "../promql/index.ts";
import type { RuleGroupConfig } from "../rules/index.ts";
import { loadRuleFile } from "../rules/index.ts";
import type { Source, SourceError } from "../std/index.ts";
import type { PrometheusConfig } from "./config-file/index.ts";
import { loadPrometheusConfig } from "./config-file/index.ts";
import { FileReader } from "./file-reader.ts";
import { DASHBOARD_BYTES_MAX } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { problemOf } from "./problem.ts";

export interface ConfigurationPaths {
  /** The folder; undefined runs on built-in defaults. */
  readonly dir: string | undefined;
  /** Overrides DIR/prometheus.yml. */
  readonly configFile?: string | undefined;
  /** Overrides DIR/alertmanager.yml. */
  readonly alertmanagerConfigFile?: string | undefined;
  /** Names as --enable-feature takes them; those that PromQL has no use for are left alone. */
  readonly features?: readonly string[];
}

export interface RuleFile {
  readonly path: string;
  readonly groups: readonly RuleGroupConfig[];
}

export interface LoadedDashboard {
  readonly path: string;
  readonly dashboard: Dashboard;
  readonly panels: readonly PanelReport[];
}

export interface Configuration {
  readonly prometheus: PrometheusConfig;
  readonly prometheusSource: Source;
  readonly ruleFiles: readonly RuleFile[];
  readonly alertmanager: AlertmanagerConfig;
  readonly alertmanagerSource: Source;
  readonly templates: readonly Source[];
  readonly dashboards: readonly LoadedDashboard[];
}

export interface ConfigurationResult {
  /** undefined exactly when one of `problems` is an error that forbids running. */
  readonly configuration: Configuration | undefined;
  readonly problems: readonly Problem[];
  /** Every file that was read or looked for, and what patterns match by now. */
  readonly watched: () => readonly string[];
}

export function loadConfiguration(
  paths: ConfigurationPaths,
  environment: Environment,
): ConfigurationResult {
  const reader = new FileReader();
  const faults: SourceError[] = [];
  const problems: Problem[] = [];
  const take = <T>(loaded: Taken<T>): T | undefined => {
    faults.push(...loaded.errors);
    problems.push(...loaded.warnings.map((warning) => problemOf(warning, "warning")));
    return loaded.value;
  };
  const { prometheus, prometheusSource, dir } = readPrometheus(
    { paths, reader, environment },
    take,
  );
  const { language } = queryFeatures(paths.features ?? []);
  const ruleFiles = rulePaths(prometheus, dir, reader).map((path) => {
    const source = reader.read(path, faults);
    return { path, groups: (source && take(loadRuleFile(source, { language }))) ?? [] };
  });
  const alerting = readAlertmanager({ paths, dir, reader, environment }, faults, take);
  const dashboards = readDashboards(paths.dir, reader, problems);

  problems.push(...faults.map((fault) => problemOf(fault, "error")));
  const { alertmanager, alertmanagerSource, templates } = alerting;
  const isWhole = faults.length === 0 && prometheus && alertmanager;
  return {
    configuration: isWhole
      ? {
          prometheus,
          prometheusSource,
          ruleFiles,
          alertmanager,
          alertmanagerSource,
          templates,
          dashboards,
        }
      : undefined,
    problems,
    watched: () => reader.paths(),
  };
}

interface Taken<T> {
  readonly value: T | undefined;
  readonly errors: readonly SourceError[];
  readonly warnings: readonly SourceError[];
}
type Take = <T>(loaded: Taken<T>) => T | undefined;

/** With no file at all the server still watches itself, so that the first page is not empty. */
const DEFAULT_PROMETHEUS = `global:
  scrape_interval: 15s
  evaluation_interval: 15s
scrape_configs:
  - job_name: pyrometer
    static_configs:
      - targets: ["$ADDRESS"]
`;

/** With no alertmanager.yml, alerts go to the inbox page. */
const DEFAULT_ALERTMANAGER = `route:
  receiver: inbox
  group_by: [alertname]
receivers:
  - name: inbox
    webhook_configs:
      - url: \${PYROMETER_URL}/api/pyrometer/v1/inbox
`;

function readPrometheus({ paths, reader, environment }: Omit<FilesAt, "dir">, take: Take) {
  const path =
    paths.configFile ?? (paths.dir === undefined ? undefined : join(paths.dir, "prometheus.yml"));
  const dir = resolve(paths.configFile ? dirname(paths.configFile) : (paths.dir ?? "."));
  const faults: SourceError[] = [];
  const source = path === undefined ? undefined : reader.read(path, faults);
  const prometheusSource = source ?? {
    name: "<built in>",
    text: DEFAULT_PROMETHEUS.replace("$ADDRESS", environment.PYROMETER_ADDRESS ?? ""),
  };
  const loaded = loadPrometheusConfig(prometheusSource, {
    dir,
    glob: (pattern) => reader.glob(pattern),
    readFile: (included) => reader.text(included),
    environment,
  });
  take({ value: undefined, errors: faults, warnings: [] });
  return { prometheus: take(loaded), prometheusSource, dir };
}

/** What rule_files names; without it, every rules file beside prometheus.yml. */
function rulePaths(
  config: PrometheusConfig | undefined,
  dir: string,
  reader: FileReader,
): string[] {
  if (!config) return [];
  if (config.ruleFiles.length > 0)
    return config.ruleFiles.flatMap((pattern) => reader.glob(pattern));
  return ["yml", "yaml"].flatMap((ending) => reader.glob(join(dir, `*rules*.${ending}`)));
}

interface FilesAt {
  readonly paths: ConfigurationPaths;
  readonly dir: string;
  readonly reader: FileReader;
  readonly environment: Environment;
}

function readAlertmanager(files: FilesAt, faults: SourceError[], take: Take) {
  const { paths, dir, reader, environment } = files;
  const given = paths.alertmanagerConfigFile;
  const beside = join(dir, "alertmanager.yml");
  reader.watch(beside);
  const path = given ?? (paths.dir !== undefined && existsSync(beside) ? beside : undefined);
  const source = path === undefined ? undefined : reader.read(path, faults);
  const alertmanagerSource = source ?? { name: "<built in>", text: DEFAULT_ALERTMANAGER };
  const base = path === undefined ? dir : dirname(resolve(path));
  const alertmanager = take(
    loadAlertmanagerConfig(alertmanagerSource, {
      environment,
      readFile: (secret) => reader.text(isAbsolute(secret) ? secret : join(base, secret)),
    }),
  );
  const patterns = [join(base, "templates", "*.tmpl"), ...(alertmanager?.templatePatterns ?? [])];
  const templatePaths = new Set(
    patterns.flatMap((pattern) => reader.glob(isAbsolute(pattern) ? pattern : join(base, pattern))),
  );
  const templates = [...templatePaths].flatMap((template) => reader.read(template, faults) ?? []);
  return { alertmanager, alertmanagerSource, templates };
}

/** `dashboards/**` and, as people keep one beside the rest, `*.json` in the folder itself. */
function readDashboards(dir: string | undefined, reader: FileReader, problems: Problem[]) {
  if (dir === undefined) return [];
  const loaded: LoadedDashboard[] = [];
  const paths = ["*.json", "dashboards/**/*.json"].flatMap((pattern) =>
    reader.glob(join(resolve(dir), pattern)),
  );
  for (const path of paths) {
    const unreadable: SourceError[] = [];
    const source = reader.read(path, unreadable, DASHBOARD_BYTES_MAX);
    const isBeside = dirname(path) === resolve(dir);
    const read = source ? readDashboard(source) : undefined;
    const errors = [...unreadable, ...(read?.errors ?? [])];
    // A JSON file beside prometheus.yml may be anything; only one with panels is a dashboard.
    if (isBeside && !source?.text.includes('"panels"')) continue;
    problems.push(...errors.map((error) => problemOf(error, "error")));
    if (read?.dashboard)
      loaded.push({ path, dashboard: withPath(read.dashboard, path), panels: read.panels });
  }
  return withUniqueUids(loaded, problems);
}

function withPath(dashboard: Dashboard, path: string): Dashboard {
  return dashboard.uid === "" ? { ...dashboard, uid: basename(path, ".json") } : dashboard;
}

function withUniqueUids(dashboards: LoadedDashboard[], problems: Problem[]): LoadedDashboard[] {
  const byUid = new Map<string, LoadedDashboard>();
  for (const entry of dashboards) {
    const first = byUid.get(entry.dashboard.uid);
    if (!first) byUid.set(entry.dashboard.uid, entry);
    else {
      const message = `Cannot show dashboard "${entry.path}": uid "${entry.dashboard.uid}" is taken by "${first.path}", each needs its own`;
      problems.push({ severity: "error", code: "server/dashboard-uid", message, file: entry.path });
    }
  }
  return [...byUid.values()];
}
