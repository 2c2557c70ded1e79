/** Secrets for requests, read from their files each time, so that a renewed one counts at once. */
import { readFile } from "node:fs/promises";
import type { HttpClientConfig } from "../config/types.ts";
import { FetchError } from "../fetcher.ts";

/** The Authorization header's value; undefined when the job has none. */
export async function authorizationOf(http: HttpClientConfig): Promise<string | undefined> {
  const { basicAuth, authorization } = http;
  if (basicAuth) {
    const { username, password, usernameFile, passwordFile } = basicAuth;
    const user = usernameFile === undefined ? username : await readSecret(usernameFile);
    const secret = passwordFile === undefined ? (password ?? "") : await readSecret(passwordFile);
    return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  }
  if (!authorization) return undefined;
  const { type, credentials, credentialsFile } = authorization;
  const secret = credentialsFile === undefined ? credentials : await readSecret(credentialsFile);
  return secret === undefined ? undefined : `${type} ${secret}`;
}

export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export async function tlsOptionsOf({ tls }: HttpClientConfig): Promise<TlsOptions> {
  if (!tls) return {};
  const ca = tls.caFile === undefined ? tls.ca : await readSecret(tls.caFile);
  const cert = tls.certFile === undefined ? tls.cert : await readSecret(tls.certFile);
  const key = tls.keyFile === undefined ? tls.key : await readSecret(tls.keyFile);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    rejectUnauthorized: !tls.insecureSkipVerify,
  };
}

async function readSecret(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FetchError("credentials", `unable to read file ${path}: ${reason}`, { cause });
  }
}
