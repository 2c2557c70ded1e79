/**
 * What is wrong with an HTTP client's settings taken together, in Prometheus' words and order.
 * Source: prometheus/common config.HTTPClientConfig.Validate
 */
import type { RawHttpClient, RawOauth2, RawTls } from "./http-client.ts";
import type { Problem } from "./problems.ts";
import { countSet } from "./problems.ts";

/** Headers that belong to the protocol, or have fields of their own. */
const RESERVED_HEADERS = new Set([
  "authorization",
  "host",
  "content-encoding",
  "content-length",
  "content-type",
  "user-agent",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "www-authenticate",
  "accept-encoding",
  "x-prometheus-remote-write-version",
  "x-prometheus-remote-read-version",
  "x-prometheus-scrape-timeout-seconds",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
]);

export function isReservedHeader(name: string): boolean {
  return RESERVED_HEADERS.has(name.toLowerCase());
}

export function httpClientProblem(client: RawHttpClient): Problem | undefined {
  return (
    bearerProblem(client) ??
    basicAuthProblem(client) ??
    authorizationProblem(client) ??
    (client.oauth2 && at("oauth2", oauth2Problem(client.oauth2))) ??
    proxyProblem(client) ??
    headerProblem(client)
  );
}

function at(key: string, text: string | undefined): Problem | undefined {
  return text === undefined ? undefined : { at: [key], text };
}

function bearerProblem(client: RawHttpClient): Problem | undefined {
  const bearers = countSet(client.bearer_token, client.bearer_token_file);
  if (bearers > 1) return "at most one of bearer_token & bearer_token_file must be configured";
  if (bearers > 0 && (client.basic_auth || client.oauth2)) {
    return "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured";
  }
  return undefined;
}

function basicAuthProblem({ basic_auth: auth }: RawHttpClient): Problem | undefined {
  if (!auth) return undefined;
  if (countSet(auth.username, auth.username_file, auth.username_ref) > 1) {
    return at(
      "basic_auth",
      "at most one of basic_auth username, username_file & username_ref must be configured",
    );
  }
  if (countSet(auth.password, auth.password_file, auth.password_ref) > 1) {
    return at(
      "basic_auth",
      "at most one of basic_auth password, password_file & password_ref must be configured",
    );
  }
  return undefined;
}

function authorizationProblem(client: RawHttpClient): Problem | undefined {
  const { authorization: auth } = client;
  if (auth) {
    if (countSet(client.bearer_token, client.bearer_token_file) > 0) {
      return "authorization is not compatible with bearer_token & bearer_token_file";
    }
    if (countSet(auth.credentials, auth.credentials_file, auth.credentials_ref) > 1) {
      const text = "at most one of authorization credentials & credentials_file must be configured";
      return at("authorization", text);
    }
    if (auth.type.trim().toLowerCase() === "basic") {
      const text = 'authorization type cannot be set to "basic", use "basic_auth" instead';
      return at("authorization", text);
    }
  }
  const ways = [client.basic_auth, client.oauth2, auth].filter((way) => way !== undefined).length;
  return ways > 1
    ? "at most one of basic_auth, oauth2 & authorization must be configured"
    : undefined;
}

const JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";

function oauth2Problem(auth: RawOauth2): string | undefined {
  if (auth.client_id === "") return "oauth2 client_id must be configured";
  if (auth.token_url === "") return "oauth2 token_url must be configured";
  if (auth.grant_type !== JWT_GRANT) {
    const secrets = [auth.client_secret, auth.client_secret_file, auth.client_secret_ref];
    return countSet(...secrets) > 1
      ? "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using grant-type=client_credentials"
      : undefined;
  }
  const keys = [
    auth.client_certificate_key,
    auth.client_certificate_key_file,
    auth.client_certificate_key_ref,
  ];
  if (countSet(...keys) > 1) {
    return `at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured using grant-type=${JWT_GRANT}`;
  }
  const isKnown = ["", "RS256", "RS384", "RS512"].includes(auth.signature_algorithm ?? "");
  return isKnown ? undefined : "valid signature algorithms are RS256, RS384 and RS512";
}

function proxyProblem(client: RawHttpClient): Problem | undefined {
  const hasUrl = countSet(client.proxy_url) > 0;
  const hasHeaders = Object.keys(client.proxy_connect_header ?? {}).length > 0;
  if (hasHeaders && !hasUrl && !client.proxy_from_environment) {
    return "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured";
  }
  if (client.proxy_from_environment && hasUrl) {
    return "if proxy_from_environment is configured, proxy_url must not be configured";
  }
  if (client.proxy_from_environment && countSet(client.no_proxy) > 0) {
    return "if proxy_from_environment is configured, no_proxy must not be configured";
  }
  if (client.proxy_url === undefined && countSet(client.no_proxy) > 0) {
    return "if no_proxy is configured, proxy_url must also be configured";
  }
  return undefined;
}

function headerProblem({ http_headers: headers = {} }: RawHttpClient): Problem | undefined {
  const reserved = Object.keys(headers).find(isReservedHeader);
  if (reserved === undefined) return undefined;
  const canonical = reserved.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return { at: ["http_headers", reserved], text: `setting header "${canonical}" is not allowed` };
}

export function tlsProblem(tls: RawTls): Problem | undefined {
  if (countSet(tls.ca, tls.ca_file, tls.ca_ref) > 1) {
    return "at most one of ca, ca_file & ca_ref must be configured";
  }
  const certCount = countSet(tls.cert, tls.cert_file, tls.cert_ref);
  const keyCount = countSet(tls.key, tls.key_file, tls.key_ref);
  if (certCount > 1) return "at most one of cert, cert_file & cert_ref must be configured";
  if (keyCount > 1) return "at most one of key and key_file must be configured";
  if (certCount > keyCount) {
    return "exactly one of key or key_file must be configured when a client certificate is configured";
  }
  if (keyCount > certCount) {
    return "exactly one of cert or cert_file must be configured when a client key is configured";
  }
  return undefined;
}
