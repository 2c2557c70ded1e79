/**
 * The settings of an HTTP client, which stand inline in scrape jobs, discoveries, Alertmanagers
 * and remote endpoints alike. Source: prometheus/common config.HTTPClientConfig
 */
import { z } from "zod";
import { boolean, listOf, mapOf, notYet, oneOf, section, text, url } from "../../config/index.ts";
import { tlsProblem } from "./http-client-problems.ts";
import { countSet, refined } from "./problems.ts";
import type { HttpClientConfig } from "./types.ts";

const TLS_VERSIONS = ["TLS10", "TLS11", "TLS12", "TLS13"] as const;

const proxyFields = {
  proxy_url: notYet(url()),
  no_proxy: notYet(text()),
  proxy_from_environment: notYet(boolean(), "", ["false"]),
  proxy_connect_header: notYet(mapOf(z.union([listOf(text()), text()]))),
};

const tlsSection = section("config.TLSConfig", {
  ca: text().optional(),
  cert: text().optional(),
  key: text().optional(),
  ca_file: text().optional(),
  cert_file: text().optional(),
  key_file: text().optional(),
  ca_ref: notYet(text()),
  cert_ref: notYet(text()),
  key_ref: notYet(text()),
  server_name: text().optional(),
  insecure_skip_verify: boolean().default(false),
  min_version: notYet(oneOf(TLS_VERSIONS)),
  max_version: notYet(oneOf(TLS_VERSIONS)),
});
export type RawTls = z.output<typeof tlsSection>;

export const tlsConfig = refined(tlsSection, tlsProblem);

const basicAuth = section("config.BasicAuth", {
  username: text().optional(),
  username_file: text().optional(),
  username_ref: notYet(text()),
  password: text().optional(),
  password_file: text().optional(),
  password_ref: notYet(text()),
});

const authorization = section("config.Authorization", {
  type: text().default(""),
  credentials: text().optional(),
  credentials_file: text().optional(),
  credentials_ref: notYet(text()),
});

const oauth2 = section("config.OAuth2", {
  client_id: text().default(""),
  client_secret: text().optional(),
  client_secret_file: text().optional(),
  client_secret_ref: text().optional(),
  client_certificate_key_id: text().optional(),
  client_certificate_key: text().optional(),
  client_certificate_key_file: text().optional(),
  client_certificate_key_ref: text().optional(),
  grant_type: text().default("client_credentials"),
  signature_algorithm: text().optional(),
  iss: text().optional(),
  audience: text().optional(),
  claims: mapOf(z.unknown()).optional(),
  scopes: listOf(text()).optional(),
  token_url: text().default(""),
  endpoint_params: mapOf(text()).optional(),
  tls_config: tlsConfig.optional(),
  ...proxyFields,
});
export type RawOauth2 = z.output<typeof oauth2>;

const header = section("config.Header", {
  values: listOf(text()).default([]),
  secrets: listOf(text()).default([]),
  files: notYet(listOf(text())),
});

/** To be spread into the fields of a section, which then checks them with httpClientProblem(). */
export const httpClientFields = {
  basic_auth: basicAuth.optional(),
  authorization: authorization.optional(),
  oauth2: notYet(oauth2),
  bearer_token: text().optional(),
  bearer_token_file: text().optional(),
  tls_config: tlsConfig.optional(),
  follow_redirects: boolean().default(true),
  // HTTP/2 changes how, not what: nothing to warn of while we speak 1.1.
  enable_http2: boolean().default(true),
  http_headers: mapOf(header).optional(),
  ...proxyFields,
};

const httpClient = z.object(httpClientFields);
export type RawHttpClient = z.output<typeof httpClient>;

/** Names of the fields above, to see whether any is set. */
export const HTTP_CLIENT_KEYS = Object.keys(httpClientFields);

/** The trusted form: defaults filled in, paths made absolute by `resolve`. */
export function toHttpClientConfig(
  raw: RawHttpClient,
  resolve: (path: string) => string,
): HttpClientConfig {
  const auth = raw.basic_auth && toBasicAuth(raw.basic_auth, resolve);
  const bearer = toAuthorization(raw, resolve);
  const headers = Object.entries(raw.http_headers ?? {}).map(
    ([name, { values, secrets }]) => [name, [...values, ...secrets].join(", ")] as const,
  );
  return {
    ...(auth && { basicAuth: auth }),
    ...(bearer && { authorization: bearer }),
    ...(raw.tls_config && { tls: toTls(raw.tls_config, resolve) }),
    followRedirects: raw.follow_redirects,
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
  };
}

function toBasicAuth(
  raw: z.output<typeof basicAuth>,
  resolve: (path: string) => string,
): NonNullable<HttpClientConfig["basicAuth"]> {
  return {
    username: raw.username ?? "",
    ...(raw.username_file && { usernameFile: resolve(raw.username_file) }),
    ...(raw.password !== undefined && { password: raw.password }),
    ...(raw.password_file && { passwordFile: resolve(raw.password_file) }),
  };
}

/** bearer_token is the older way to say the same. */
function toAuthorization(
  raw: RawHttpClient,
  resolve: (path: string) => string,
): HttpClientConfig["authorization"] {
  const own = raw.authorization;
  const type = own?.type ?? "";
  const credentials = own?.credentials ?? raw.bearer_token;
  const file = own?.credentials_file ?? raw.bearer_token_file;
  if (!own && countSet(credentials, file) === 0) return undefined;
  return {
    type: type.trim() === "" ? "Bearer" : type.trim(),
    ...(credentials !== undefined && { credentials }),
    ...(file && { credentialsFile: resolve(file) }),
  };
}

function toTls(
  raw: RawTls,
  resolve: (path: string) => string,
): NonNullable<HttpClientConfig["tls"]> {
  return {
    insecureSkipVerify: raw.insecure_skip_verify,
    ...(raw.ca && { ca: raw.ca }),
    ...(raw.cert && { cert: raw.cert }),
    ...(raw.key && { key: raw.key }),
    ...(raw.ca_file && { caFile: resolve(raw.ca_file) }),
    ...(raw.cert_file && { certFile: resolve(raw.cert_file) }),
    ...(raw.key_file && { keyFile: resolve(raw.key_file) }),
    ...(raw.server_name && { serverName: raw.server_name }),
  };
}
