/** http_config, tls_config and kin: prometheus/common's client settings. */
import type { z } from "zod";
import { boolean, listOf, mapOf, notYet, oneOf, section, text } from "../../config/index.ts";
import { atMostOne, checked, isGiven } from "./checks.ts";

const TLS_VERSIONS = ["TLS10", "TLS11", "TLS12", "TLS13"] as const;

export const tlsSchema = section("config.TLSConfig", {
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

const basicAuthSchema = checked(
  section("config.BasicAuth", {
    username: text().optional(),
    username_file: text().optional(),
    username_ref: notYet(text()),
    password: text().optional(),
    password_file: text().optional(),
    password_ref: notYet(text()),
  }),
  (value, fail) => {
    atMostOne(value, ["username", "username_file"], fail);
    atMostOne(value, ["password", "password_file"], fail);
  },
);

const authorizationSchema = section("config.plain", {
  type: text().optional(),
  credentials: text().optional(),
  credentials_file: text().optional(),
  credentials_ref: notYet(text()),
});

const oauth2Schema = section("config.plain", {
  client_id: text().optional(),
  client_secret: text().optional(),
  client_secret_file: text().optional(),
  client_secret_ref: text().optional(),
  client_certificate_key_id: text().optional(),
  client_certificate_key: text().optional(),
  client_certificate_key_file: text().optional(),
  client_certificate_key_ref: text().optional(),
  signature_algorithm: text().optional(),
  grant_type: text().optional(),
  iss: text().optional(),
  audience: text().optional(),
  claims: mapOf(text()).optional(),
  scopes: listOf(text()).optional(),
  token_url: text().optional(),
  endpoint_params: mapOf(text()).optional(),
  tls_config: tlsSchema.optional(),
  proxy_url: text().optional(),
  no_proxy: text().optional(),
  proxy_from_environment: boolean().optional(),
  proxy_connect_header: mapOf(listOf(text())).optional(),
});

const headerSchema = section("config.Header", {
  values: listOf(text()).optional(),
  secrets: listOf(text()).optional(),
  files: listOf(text()).optional(),
});

export const httpSchema = checked(
  section("config.plain", {
    basic_auth: basicAuthSchema.optional(),
    authorization: authorizationSchema.optional(),
    oauth2: notYet(oauth2Schema),
    bearer_token: text().optional(),
    bearer_token_file: text().optional(),
    tls_config: tlsSchema.optional(),
    follow_redirects: boolean().default(true),
    enable_http2: boolean().optional(),
    proxy_url: text().optional(),
    no_proxy: notYet(text()),
    proxy_from_environment: notYet(boolean()),
    proxy_connect_header: notYet(mapOf(listOf(text()))),
    http_headers: mapOf(headerSchema).optional(),
  }),
  (value, fail) => {
    atMostOne(value, ["bearer_token", "bearer_token_file"], fail);
    const hasBearer = isGiven(value.bearer_token) || isGiven(value.bearer_token_file);
    const ways = ["basic_auth", "oauth2", "authorization"] as const;
    const used = ways.filter((way) => isGiven(value[way]));
    if (used.length > 1 || (hasBearer && used.length > 0)) {
      fail(
        "at most one of basic_auth, oauth2, bearer_token, bearer_token_file & authorization must be configured",
        used.at(-1),
      );
    }
    checkAuthorization(value.authorization, fail);
  },
);

function checkAuthorization(
  authorization: z.output<typeof authorizationSchema> | undefined,
  fail: (message: string, field?: string) => void,
): void {
  if (authorization === undefined) return;
  if (isGiven(authorization.credentials) && isGiven(authorization.credentials_file)) {
    fail(
      "at most one of authorization credentials & credentials_file must be configured",
      "authorization",
    );
  }
  if (authorization.type?.trim().toLowerCase() === "basic") {
    fail('authorization type cannot be set to "basic", use "basic_auth" instead', "authorization");
  }
}

export type RawHttp = z.output<typeof httpSchema>;
export type RawTls = z.output<typeof tlsSchema>;
