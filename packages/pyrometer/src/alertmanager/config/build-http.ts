/** http_config with its files read. */
import type { RawHttp, RawTls } from "./http.ts";
import type { SecretReader } from "./secrets.ts";
import type { HttpClientConfig, TlsConfig } from "./types.ts";

export function buildHttp(raw: RawHttp | undefined, secrets: SecretReader): HttpClientConfig {
  if (raw === undefined) return { followRedirects: true };
  const authorization = buildAuthorization(raw, secrets);
  const basicAuth = raw.basic_auth && {
    username: secrets.either(raw.basic_auth.username, raw.basic_auth.username_file) ?? "",
    password: secrets.either(raw.basic_auth.password, raw.basic_auth.password_file) ?? "",
  };
  const headers = buildHeaders(raw, secrets);
  return {
    followRedirects: raw.follow_redirects,
    ...(basicAuth && { basicAuth }),
    ...(authorization && { authorization }),
    ...(raw.tls_config && { tls: buildTls(raw.tls_config, secrets) }),
    ...(raw.proxy_url && { proxyUrl: raw.proxy_url }),
    ...(headers && { headers }),
  };
}

function buildAuthorization(raw: RawHttp, secrets: SecretReader) {
  const { authorization } = raw;
  const bearer = secrets.either(raw.bearer_token, raw.bearer_token_file);
  if (bearer !== undefined) return { type: "Bearer", credentials: bearer };
  if (authorization === undefined) return undefined;
  const { type = "Bearer", credentials, credentials_file } = authorization;
  return { type, credentials: secrets.either(credentials, credentials_file) ?? "" };
}

function buildHeaders({ http_headers }: RawHttp, secrets: SecretReader) {
  if (http_headers === undefined) return undefined;
  const lists = Object.entries(http_headers).map(([name, header]) => {
    const { values = [], secrets: hidden = [], files = [] } = header;
    const read = files.map((path) => secrets.file(path)?.trim() ?? "");
    return [name, [...values, ...hidden, ...read].join(", ")] as const;
  });
  return Object.fromEntries(lists);
}

function buildTls(raw: RawTls, secrets: SecretReader): TlsConfig {
  const ca = secrets.either(raw.ca, raw.ca_file);
  const cert = secrets.either(raw.cert, raw.cert_file);
  const key = secrets.either(raw.key, raw.key_file);
  return {
    insecureSkipVerify: raw.insecure_skip_verify,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(raw.server_name && { serverName: raw.server_name }),
  };
}
