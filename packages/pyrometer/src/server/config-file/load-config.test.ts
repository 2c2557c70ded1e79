import { expect, test } from "vitest";
import { loadPrometheusConfig } from "./load-config.ts";
import type { ConfigFileDeps } from "./types.ts";
import { prometheusWording } from "./wording.ts";

interface Given {
  /** Other files, by absolute path; a pattern is found by its first letters up to the star. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly agentMode?: boolean;
}

function check(text: string, { files = {}, ...options }: Given = {}) {
  const deps: ConfigFileDeps = {
    dir: "/etc/prometheus",
    glob: (pattern) => Object.keys(files).filter((path) => path.startsWith(pattern.split("*")[0]!)),
    readFile: (path) => {
      const found = files[path];
      if (found === undefined || found === "unreadable") throw new Error("EACCES");
      return found;
    },
    ...options,
  };
  const loaded = loadPrometheusConfig({ name: "prometheus.yml", text }, deps);
  return {
    value: loaded.value,
    errors: loaded.errors.map((error) => error.message),
    warnings: loaded.warnings.map((warning) => warning.message),
    wording: loaded.errors.map(prometheusWording),
  };
}

/** The seed's file, as the article prints it. */
const SEED = `global:
  scrape_interval: 30s
  evaluation_interval: 30s
scrape_configs:
  - job_name: "ml-inference"
    static_configs:
      - targets: ["localhost:8000"]
    relabel_configs:
      - source_labels: [__address__]
        target_label: instance
  - job_name: "dcgm-exporter"
    kubernetes_sd_configs:
      - role: endpoints
        namespaces:
          names:
            - monitoring
    relabel_configs:
      - source_labels: [__meta_kubernetes_endpoints_name]
        regex: dcgm-exporter
        action: keep
`;

test("the seed's file loads: one job works, the other is warned of once", () => {
  const { value, errors, warnings } = check(SEED);
  expect(errors).toEqual([]);
  expect(warnings).toEqual([
    'prometheus.yml:12:5: Cannot honour "kubernetes_sd_configs" yet: it has no effect, its targets are not found',
  ]);
  expect(value?.scrapeConfigs.map(({ jobName, discoveries }) => [jobName, discoveries])).toEqual([
    [
      "ml-inference",
      [
        {
          kind: "static",
          groups: [
            { source: "static:0", targets: [{ __address__: "localhost:8000" }], labels: {} },
          ],
        },
      ],
    ],
    ["dcgm-exporter", []],
  ]);
  expect(value?.scrapeConfigs[0]?.relabel).toEqual([
    {
      action: "replace",
      sourceLabels: ["__address__"],
      separator: ";",
      regex: "(.*)",
      targetLabel: "instance",
      replacement: "$1",
      modulus: 0,
    },
  ]);
});

test("an empty file has Prometheus' defaults", () => {
  expect(check("").value?.global).toMatchObject({
    scrapeIntervalMs: 60_000,
    scrapeTimeoutMs: 10_000,
    evaluationIntervalMs: 60_000,
  });
});

test("a job takes from global what it does not say, and a timeout no longer than its interval", () => {
  const { value } = check(`
global: {scrape_interval: 20s, scrape_timeout: 15s, sample_limit: 100, body_size_limit: 1MB}
scrape_configs:
  - job_name: inherits
  - {job_name: faster, scrape_interval: 5s}
  - {job_name: own, scrape_timeout: 2s, sample_limit: 7, body_size_limit: 2KB, metrics_path: /m,
     scheme: https, honor_labels: true, honor_timestamps: false, params: {module: [a, b]}}
`);
  const [inherits, faster, own] = value?.scrapeConfigs ?? [];
  expect(inherits).toMatchObject({
    intervalMs: 20_000,
    timeoutMs: 15_000,
    sampleLimit: 100,
    bodySizeLimitBytes: 1024 ** 2,
    metricsPath: "/metrics",
    scheme: "http",
    honorTimestamps: true,
    enableCompression: true,
    http: { followRedirects: true },
  });
  expect(faster).toMatchObject({ intervalMs: 5000, timeoutMs: 5000 });
  expect(own).toMatchObject({
    timeoutMs: 2000,
    sampleLimit: 7,
    bodySizeLimitBytes: 2048,
    metricsPath: "/m",
    scheme: "https",
    honorLabels: true,
    honorTimestamps: false,
    params: { module: ["a", "b"] },
  });
});

test("relative paths are relative to the file, absolute ones stay", () => {
  const { value } = check(`
rule_files: [rules/*.yml, /abs/r.yml]
scrape_configs:
  - job_name: a
    bearer_token_file: token
    tls_config: {ca_file: ca.pem}
    basic_auth:
    file_sd_configs: [{files: [targets/*.json, /abs/t.yml]}]
    http_sd_configs: [{url: "http://sd/", basic_auth: {username: u, password_file: pw}}]
`);
  expect(value?.ruleFiles).toEqual(["/etc/prometheus/rules/*.yml", "/abs/r.yml"]);
  expect(value?.scrapeConfigs[0]).toMatchObject({
    http: {
      authorization: { type: "Bearer", credentialsFile: "/etc/prometheus/token" },
      tls: { caFile: "/etc/prometheus/ca.pem" },
    },
    discoveries: [
      {
        kind: "file",
        files: ["/etc/prometheus/targets/*.json", "/abs/t.yml"],
        refreshIntervalMs: 300_000,
      },
      {
        kind: "http",
        url: "http://sd/",
        refreshIntervalMs: 60_000,
        http: { basicAuth: { username: "u", passwordFile: "/etc/prometheus/pw" } },
      },
    ],
  });
});

test("included files bring jobs, with paths relative to themselves and names checked across files", () => {
  const files = {
    "/etc/prometheus/jobs/a.yml":
      "scrape_configs: [{job_name: a, authorization: {credentials_file: secret}}]",
    "/etc/prometheus/jobs/b.yml": "scrape_configs:\n  - job_name: main",
    "/etc/prometheus/jobs/c.yml": "jobs: []",
    "/etc/prometheus/jobs/d.yml": "unreadable",
  };
  const main = (pattern: string) =>
    check(`scrape_config_files: [${pattern}]\nscrape_configs: [{job_name: main}]`, { files });
  expect(main("jobs/a.yml").value?.scrapeConfigs).toMatchObject([
    { jobName: "main" },
    { jobName: "a", http: { authorization: { credentialsFile: "/etc/prometheus/jobs/secret" } } },
  ]);
  expect(main("jobs/*.yml").errors).toEqual([
    '/etc/prometheus/jobs/b.yml:2:15: found multiple scrape configs with job name "main", first found in main config file',
    '/etc/prometheus/jobs/c.yml:1:1: Cannot read key "jobs": field jobs not found in type config.ScrapeConfigs',
    'prometheus.yml:1:23: Cannot read "/etc/prometheus/jobs/d.yml": EACCES',
  ]);
});

test("a pattern that matches far too many files is refused, and none of them is read", () => {
  const paths = Array.from({ length: 1001 }, (_, i) => `/etc/prometheus/jobs/${i}.yml`);
  const files = Object.fromEntries(paths.map((path) => [path, "unreadable"]));
  expect(check("scrape_config_files: [jobs/*.yml]", { files }).errors).toEqual([
    'prometheus.yml:1:23: Cannot include "jobs/*.yml": it matches 1001 files, at most 1000 are read',
  ]);
});

test("alerting names Alertmanagers, and relabelling for them and for alerts", () => {
  const { value } = check(`
alerting:
  alert_relabel_configs: [{regex: replica, action: labeldrop}]
  alertmanagers:
    - path_prefix: am/
      timeout: 3s
      scheme: https
      static_configs: [{targets: ["am:9093"]}]
      relabel_configs: [{source_labels: [x], action: keep, regex: y}]
`);
  expect(value?.alerting).toMatchObject({
    alertRelabel: [{ action: "labeldrop", regex: "replica" }],
    alertmanagers: [
      {
        pathPrefix: "/am",
        timeoutMs: 3000,
        scheme: "https",
        discoveries: [{ kind: "static" }],
        relabel: [{ action: "keep" }],
        alertRelabel: [],
      },
    ],
  });
});

test("external labels are filled in from the environment, and nothing else is", () => {
  const text = `
global: {external_labels: {region: "\${REGION}-1", cost: $$5, none: $NOPE}}
scrape_configs: [{job_name: $REGION}]
`;
  const { value, warnings } = check(text, { environment: { REGION: "eu" } });
  expect(value?.global.externalLabels.toRecord()).toEqual({ region: "eu-1", cost: "$5" });
  expect(value?.scrapeConfigs[0]?.jobName).toBe("$REGION");
  expect(warnings).toEqual([
    'prometheus.yml:2:68: Cannot fill in "NOPE": not in the environment, expected a value',
  ]);
});

test("every fault is reported at its place, also those that show only across sections", () => {
  const schemaFaults = check(`
global: {scrape_intervall: 1s}
scrape_configs:
  - {job_name: a, scrape_interval: 5mm}
  - {job_name: b, relabel_configs: [{action: frobnicate}]}
`);
  expect(schemaFaults.errors).toEqual([
    'prometheus.yml:2:10: Cannot read key "scrape_intervall": field scrape_intervall not found in type config.plain',
    'prometheus.yml:4:36: Cannot parse duration "5mm": unknown unit "mm", expected ms, s, m, h, d, w or y',
    'prometheus.yml:5:46: unknown relabel action "frobnicate"',
  ]);
  expect(schemaFaults.wording).toEqual([
    "parsing YAML file prometheus.yml: yaml: unmarshal errors: line 2: field scrape_intervall not found in type config.plain",
    'parsing YAML file prometheus.yml: unknown unit "mm" in duration "5mm"',
    'parsing YAML file prometheus.yml: unknown relabel action "frobnicate"',
  ]);
  const foldFaults = check(`
scrape_configs:
  - {job_name: a, scrape_interval: 5s, scrape_timeout: 6s}
  - {job_name: a, scheme: ftp}
`);
  expect(foldFaults.errors).toEqual([
    'prometheus.yml:3:56: scrape timeout greater than scrape interval for scrape config with job name "a"',
    'prometheus.yml:4:16: found multiple scrape configs with job name "a", first found in main config file',
    'prometheus.yml:4:27: Cannot use scheme "ftp": expected http or https',
  ]);
});

test("what is known and does nothing yet is a warning, unless it asks for what happens anyway", () => {
  const { value, warnings } = check(`
global: {extra_scrape_metrics: false, query_log_file: q.log}
runtime: {gogc: 50}
storage: {tsdb: {retention: {time: 15d}}}
remote_write: [{url: "http://far/write"}]
scrape_configs:
  - {job_name: a, proxy_url: "http://proxy:3128", extra_scrape_metrics: true, enable_http2: false}
`);
  expect(value).toBeDefined();
  expect(warnings.map((warning) => /"(\w+)" yet/.exec(warning)?.[1])).toEqual([
    "query_log_file",
    "runtime",
    "storage",
    "remote_write",
    "proxy_url",
    "extra_scrape_metrics",
  ]);
});

test("a regex that is written and empty matches only what is empty", () => {
  const { value } = check(`
scrape_configs:
  - job_name: a
    relabel_configs:
      - {source_labels: [port], regex: , action: drop}
      - {target_label: x, replacement: }
`);
  expect(value?.scrapeConfigs[0]?.relabel).toMatchObject([{ regex: "" }, { replacement: "" }]);
});
