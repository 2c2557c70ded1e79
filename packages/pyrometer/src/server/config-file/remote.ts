/** The remote_write and remote_read sections: checked here, run by a later issue. */
import type { z } from "zod";
import {
  boolean,
  count,
  durationMs,
  integer,
  listOf,
  mapOf,
  section,
  text,
  url,
} from "../../config/index.ts";
import type { ConfigProblem } from "../../scrape/index.ts";
import { httpClientFields, httpClientProblem, refined, relabelRule } from "../../scrape/index.ts";
import { sigv4 } from "./sigv4.ts";
import { headersProblem } from "./tracing.ts";

const queueSection = section("config.QueueConfig", {
  capacity: integer().default(10_000),
  max_shards: integer().default(50),
  min_shards: integer().default(1),
  max_samples_per_send: integer().default(2000),
  batch_send_deadline: durationMs().optional(),
  min_backoff: durationMs().default(30),
  max_backoff: durationMs().default(5000),
  retry_on_http_429: boolean().optional(),
  sample_age_limit: durationMs().optional(),
});

const queue = refined(queueSection, queueProblem);

function queueProblem(raw: z.output<typeof queueSection>): ConfigProblem | undefined {
  const say = (text: string) => `remote write queue ${text}`;
  if (raw.max_shards <= 0) return say("max_shards must be positive");
  if (raw.min_shards <= 0) return say("min_shards must be positive");
  if (raw.min_shards > raw.max_shards) {
    return say("min_shards must not be greater than max_shards");
  }
  if (raw.max_samples_per_send <= 0) return say("max_samples_per_send must be positive");
  if (raw.capacity <= 0) return say("capacity must be positive");
  if (raw.max_backoff < raw.min_backoff)
    return say("max_backoff must not be less than min_backoff");
  return undefined;
}

const azureAd = section("azuread.AzureADConfig", {
  managed_identity: section("azuread.ManagedIdentityConfig", {
    client_id: text().optional(),
  }).optional(),
  workload_identity: section("azuread.WorkloadIdentityConfig", {
    client_id: text().optional(),
    tenant_id: text().optional(),
    token_file_path: text().optional(),
  }).optional(),
  oauth: section("azuread.OAuthConfig", {
    client_id: text().optional(),
    client_secret: text().optional(),
    tenant_id: text().optional(),
  }).optional(),
  sdk: section("azuread.SDKConfig", { tenant_id: text().optional() }).optional(),
  certificate: section("azuread.CertificateConfig", {
    client_id: text().optional(),
    tenant_id: text().optional(),
    certificate_path: text().optional(),
    certificate_key_path: text().optional(),
    certificate_password: text().optional(),
    send_certificate_chain: boolean().optional(),
  }).optional(),
  cloud: text().optional(),
  scope: text().optional(),
});

const MESSAGES = "prometheus.WriteRequest, io.prometheus.write.v2.Request";

const remoteWriteSection = section("config.plain", {
  ...httpClientFields,
  url: url().optional(),
  remote_timeout: durationMs().optional(),
  headers: mapOf(text()).default({}),
  write_relabel_configs: listOf(
    relabelRule,
    "empty or null relabeling rule in remote write config",
  ).default([]),
  name: text().default(""),
  send_exemplars: boolean().optional(),
  send_native_histograms: boolean().optional(),
  round_robin_dns: boolean().optional(),
  protobuf_message: text()
    .refine((message) => MESSAGES.split(", ").includes(message), {
      error: (issue) =>
        `invalid protobuf_message value: unknown type for remote write protobuf message ${String(issue.input)}, supported: ${MESSAGES}`,
    })
    .optional(),
  failed_request_logging: boolean().optional(),
  queue_config: queue.optional(),
  metadata_config: section("config.MetadataConfig", {
    send: boolean().optional(),
    send_interval: durationMs().optional(),
    max_samples_per_send: integer().optional(),
  }).optional(),
  sigv4: sigv4.optional(),
  azuread: azureAd.optional(),
  google_iam: section("googleiam.Config", { credentials_file: text().optional() }).optional(),
});

export const remoteWrite = refined(remoteWriteSection, remoteWriteProblem);

const ABOUT_AUTHORIZATION =
  "authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter";

const AUTH_KEYS = [
  "basic_auth",
  "authorization",
  "oauth2",
  "sigv4",
  "azuread",
  "google_iam",
] as const;

function remoteWriteProblem(raw: z.output<typeof remoteWriteSection>): ConfigProblem | undefined {
  if (raw.url === undefined) return "url for remote_write is empty";
  const problem = headersProblem(raw.headers, ABOUT_AUTHORIZATION) ?? httpClientProblem(raw);
  if (problem) return problem;
  const ways = AUTH_KEYS.filter((key) => raw[key] !== undefined);
  return ways.length > 1
    ? `at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured. Currently configured: [${ways.join(" ")}]`
    : undefined;
}

const remoteReadSection = section("config.plain", {
  ...httpClientFields,
  url: url().optional(),
  remote_timeout: durationMs().optional(),
  chunked_read_limit: count().optional(),
  headers: mapOf(text()).default({}),
  read_recent: boolean().optional(),
  name: text().default(""),
  required_matchers: mapOf(text()).optional(),
  filter_external_labels: boolean().optional(),
});

export const remoteRead = refined(remoteReadSection, (raw) =>
  raw.url === undefined
    ? "url for remote_read is empty"
    : (headersProblem(raw.headers, ABOUT_AUTHORIZATION) ?? httpClientProblem(raw)),
);
