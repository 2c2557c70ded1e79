/** Jobs as Prometheus takes and refuses them. To add behaviour, add rows. */
import { expect, test } from "vitest";
import { load, parseYaml } from "../../config/index.ts";
import type { NameScheme } from "./relabel-rule.ts";
import type { ScrapeDefaults } from "./scrape-config.ts";
import { scrapeConfigSchema, toScrapeConfig } from "./scrape-config.ts";

const DEFAULTS: ScrapeDefaults = {
  intervalMs: 60_000,
  timeoutMs: 10_000,
  nameScheme: "utf8",
  escapingScheme: undefined,
  protocols: undefined,
  nativeHistograms: false,
  alwaysClassicHistograms: false,
  bodySizeLimitBytes: 0,
  sampleLimit: 0,
  targetLimit: 0,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  keepDroppedTargets: 0,
};

/** A job with these fields, and what is wrong with it, without the places. */
function read(fields: string, defaults: Partial<ScrapeDefaults> = {}) {
  const file = parseYaml({ name: "job", text: `job_name: a\n${fields}\n` });
  const { value, errors, warnings } = load(file, scrapeConfigSchema);
  if (!value) return { problems: errors.map(({ problem }) => problem), warnings };
  const problems: string[] = [];
  const fail = (problem: string) => problems.push(problem);
  const context = { resolve: (path: string) => path, fail };
  return { problems, warnings, job: toScrapeConfig(value, { ...DEFAULTS, ...defaults }, context) };
}

function problemsOf(fields: string, nameScheme: NameScheme = "utf8"): string[] {
  return read(fields, { nameScheme }).problems;
}

const ONE_WAY = "at most one of basic_auth, oauth2 & authorization must be configured";

/** [fields of a job, what is wrong with them or "" for nothing] */
const CLIENTS = [
  ["basic_auth: {username: u, password: p}", ""],
  ["authorization: {type: Digest, credentials: x}", ""],
  ["authorization: {type: basic}", 'type cannot be set to "basic", use "basic_auth" instead'],
  ["authorization: {credentials: a, credentials_file: b}", "at most one of authorization"],
  ["authorization: {}\nbearer_token: t", "authorization is not compatible with bearer_token"],
  ["bearer_token: a\nbearer_token_file: b", "at most one of bearer_token & bearer_token_file"],
  ["basic_auth: {}\nbearer_token: a", "at most one of basic_auth, oauth2, bearer_token"],
  ["basic_auth: {}\nauthorization: {}", ONE_WAY],
  ["basic_auth: {username: a, username_file: b}", "basic_auth username, username_file"],
  ["basic_auth: {password: a, password_file: b}", "basic_auth password, password_file"],
  ["oauth2: {client_id: a, token_url: b}\nbasic_auth: {}", ONE_WAY],
  ["oauth2: {token_url: b}", "oauth2 client_id must be configured"],
  ["oauth2: {client_id: a}", "oauth2 token_url must be configured"],
  ["oauth2: {client_id: a, token_url: b, client_secret: c, client_secret_file: d}", "client_sec"],
  ["tls_config: {cert_file: a}", "exactly one of key or key_file must be configured"],
  ["tls_config: {key_file: a}", "exactly one of cert or cert_file must be configured"],
  ["tls_config: {ca: a, ca_file: b}", "at most one of ca, ca_file & ca_ref"],
  ["tls_config: {min_version: TLS9}", "expected one of TLS10, TLS11, TLS12, TLS13"],
  ["proxy_url: http://p\nproxy_from_environment: true", "proxy_url must not be configured"],
  ["no_proxy: a", "if no_proxy is configured, proxy_url must also be configured"],
  ["proxy_connect_header: {A: [b]}", "if proxy_connect_header is configured"],
  ["http_headers: {host: {values: [x]}}", 'setting header "Host" is not allowed'],
  ["http_headers: {X-A: {values: [x], secrets: [y]}}", ""],
] as const;

const RULES = [
  ["{action: REPLACE, target_label: a}", ""],
  ["{source_labels: [a]}", "relabel configuration for replace action requires 'target_label'"],
  ["{action: }", "relabel action cannot be empty"],
  ["{action: nope}", 'unknown relabel action "nope"'],
  ["{action: hashmod, target_label: a}", "relabel configuration for hashmod requires non-zero"],
  ["{action: keepequal, target_label: a, regex: b}", "keepequal action requires only"],
  ["{action: dropequal, source_labels: [b], target_label: a}", ""],
  ["{action: labeldrop, regex: a, source_labels: [b]}", "labeldrop action requires only 'regex'"],
  ["{action: labelkeep, regex: a}", ""],
  ["{action: lowercase, target_label: a, replacement: b}", "'replacement' can not be set"],
  ["{action: labelmap, replacement: ''}", `"" is invalid 'replacement' for labelmap action`],
  ["{target_label: a, regex: '('}", "error parsing regexp: missing closing )"],
  ["{target_label: a, modulus: x}", 'Cannot read "x": expected a whole number'],
] as const;

const DISCOVERIES = [
  ["static_configs: [{targets: ['http://a']}]", '"http://a" is not a valid hostname'],
  ["static_configs: [null]", "empty or null section in static_configs"],
  ["file_sd_configs: [{files: []}]", "must contain at least one path name"],
  ["file_sd_configs: [{files: [a.txt]}]", 'path name "a.txt" is not valid for file discovery'],
  ["file_sd_configs: [{files: ['*/a.yml']}]", "is not valid for file discovery"],
  ["file_sd_configs: [{files: ['d/*.json']}]", ""],
  ["http_sd_configs: [{}]", "URL is missing"],
  ["http_sd_configs: [{url: 'ftp://a'}]", "URL scheme must be 'http' or 'https'"],
  ["http_sd_configs: [{url: 'http:///x'}]", "host is missing in URL"],
  ["dns_sd_configs: [{names: [a], type: A}]", "a port is required in DNS-SD configs"],
  ["dns_sd_configs: [{names: [a], type: TXT}]", "invalid DNS-SD records type TXT"],
  ["kubernetes_sd_configs: [{}]", "role missing (one of: pod, service, endpoints"],
  ["kubernetes_sd_configs: [{role: pods}]", 'unknown Kubernetes SD role "pods"'],
  ["kubernetes_sd_configs: [{role: pod, api_server: a, kubeconfig_file: b}]", "simultaneously"],
  ["kubernetes_sd_configs: [{role: pod, bearer_token: b}]", "provide the 'api_server' URL"],
  ["kubernetes_sd_configs: [{role: node, selectors: [{role: pod}]}]", "supports only node"],
  [
    "kubernetes_sd_configs: [{role: pod, selectors: [{role: pod, label: 'a in (b, c),!d,e=f', field: 'x.y=z,u!=v'}]}]",
    "",
  ],
  [
    "kubernetes_sd_configs: [{role: pod, selectors: [{role: pod, label: 'a in b'}]}]",
    'unable to parse requirement: "a in b"',
  ],
  ["kubernetes_sd_configs: [{role: pod, selectors: [{role: pod, field: a}]}]", "understand 'a'"],
  ["consul_sd_configs: [{server: ''}]", "consul SD configuration requires a server address"],
  ["consul_sd_configs: [{token: t, authorization: {}}]", "at most one of consul SD token"],
  ["docker_sd_configs: [{}]", "host missing"],
  ["dockerswarm_sd_configs: [{host: h, role: r}]", "invalid role r, expected tasks, services"],
  ["ec2_sd_configs: [{filters: [{name: a}]}]", "filter values cannot be empty"],
  ["aws_sd_configs: [{role: s3}]", 'unknown AWS SD role "s3"'],
  ["azure_sd_configs: [{}]", "azure SD configuration requires a subscription_id"],
  ["gce_sd_configs: [{project: p}]", "GCE SD configuration requires a zone"],
  ["hetzner_sd_configs: [{}]", "role missing (one of: robot, hcloud)"],
  ["openstack_sd_configs: [{role: instance}]", "openstack SD configuration requires a region"],
  ["scaleway_sd_configs: [{role: instance}]", "project_id is mandatory"],
  ["marathon_sd_configs: [{}]", "must contain at least one Marathon server"],
  ["nerve_sd_configs: [{servers: [s], paths: [p]}]", "nerve SD config paths must begin with '/'"],
  ["triton_sd_configs: [{account: a, role: x}]", "requires role to be 'container' or 'cn'"],
  ["oci_sd_configs: [{region: r}]", "oci_sd: api_key auth requires tenancy"],
  ["oci_sd_configs: [{region: r, auth: instance_principal}]", ""],
  ["vultr_sd_configs: [{port: -1}]", 'Cannot read "-1": expected 0 or more'],
  ["eureka_sd_configs: [{server: a}]", "eureka_sd: invalid eureka server URL"],
  ["uyuni_sd_configs: [{server: s}]", "Uyuni SD configuration requires a username"],
  ["nomad_sd_configs: [{}]", ""],
  ["consult_sd_configs: []", "field consult_sd_configs not found in type config.ScrapeConfig"],
] as const;

const JOBS = [
  ["scrape_interval: 0s", ""],
  ["scrape_interval: 5s\nscrape_timeout: 6s", "scrape timeout greater than scrape interval"],
  ["scrape_protocols: []", "scrape_protocols cannot be empty"],
  ["scrape_protocols: [Text]", "scrape_protocols: unknown scrape protocol Text, supported: ["],
  ["fallback_scrape_protocol: Text", "invalid fallback_scrape_protocol for scrape config"],
  ["body_size_limit: 10", "units: unknown unit  in 10"],
  ["sample_limit: 1e3", 'Cannot read "1e3": expected a whole number'],
  ["scheme: ftp", 'Cannot use scheme "ftp": expected http or https'],
  ["params: {a: b}", "it is a text, expected a list"],
  ["metric_name_validation_scheme: ascii", 'unrecognized ValidationScheme: "ascii"'],
  [
    "metric_name_validation_scheme: legacy\nmetric_name_escaping_scheme: allow-utf-8",
    "utf8 metric names requested but validation scheme is not set to UTF8",
  ],
  ["metric_name_escaping_scheme: roman", "unknown scrape config name escaping method specified"],
] as const;

const rules = RULES.map(([rule, wanted]) => [`relabel_configs: [${rule}]`, wanted] as const);

test.each([...CLIENTS, ...rules, ...DISCOVERIES, ...JOBS])("%s", (fields, wanted) => {
  const problems = problemsOf(fields);
  expect(problems).toEqual(wanted === "" ? [] : [expect.stringContaining(wanted)]);
});

test("label names may hold any character, unless the job or the file says legacy", () => {
  const rule = "relabel_configs: [{target_label: 'a.b'}]";
  expect(problemsOf(rule)).toEqual([]);
  const refusal = `"a.b" is invalid 'target_label' for replace action`;
  expect(problemsOf(rule, "legacy")).toEqual([refusal]);
  expect(problemsOf(`${rule}\nmetric_name_validation_scheme: legacy`)).toEqual([refusal]);
  expect(problemsOf("relabel_configs: [{target_label: '${1}_a$2'}]", "legacy")).toEqual([]);
});

test("a label selector that is made to be slow is refused at once", () => {
  const selector = `a in (${" , ".repeat(5000)}*`;
  const [problem] = problemsOf(
    `kubernetes_sd_configs: [{role: pod, selectors: [{role: pod, label: "${selector}"}]}]`,
  );
  expect(problem).toContain("unable to parse requirement");
});

test("a job without a name is refused", () => {
  const { errors } = load(parseYaml({ name: "job", text: "scheme: http" }), scrapeConfigSchema);
  expect(errors.map(({ problem }) => problem)).toEqual(["job_name is empty"]);
});

const TEXT_PROTOCOLS = [
  "OpenMetricsText1.0.0",
  "OpenMetricsText0.0.1",
  "PrometheusText1.0.0",
  "PrometheusText0.0.4",
];

/** [fields of a job, fields of global, what to ask for] */
const FORMATS = [
  ["", {}, TEXT_PROTOCOLS],
  ["scrape_native_histograms: true", {}, ["PrometheusProto", ...TEXT_PROTOCOLS]],
  ["", { nativeHistograms: true }, ["PrometheusProto", ...TEXT_PROTOCOLS]],
  ["scrape_native_histograms: false", { nativeHistograms: true }, TEXT_PROTOCOLS],
  ["", { protocols: ["PrometheusText1.0.0"], nativeHistograms: true }, ["PrometheusText1.0.0"]],
  [
    "scrape_protocols: [PrometheusProto, OpenMetricsText0.0.1]",
    { protocols: ["PrometheusText1.0.0"] },
    ["PrometheusProto", "OpenMetricsText0.0.1"],
  ],
] as const;

test.each(FORMATS)("a job with %j below global %j asks for %j", (fields, defaults, protocols) => {
  expect(read(fields, defaults)).toMatchObject({
    problems: [],
    warnings: [],
    job: { protocols },
  });
});
