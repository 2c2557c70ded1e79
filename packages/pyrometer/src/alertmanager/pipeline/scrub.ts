/**
 * Takes secrets out of what a receiver said: a 404 page likes to repeat the path it did not find,
 * and for a webhook the path is the key.
 */
import { SECRET_TOKEN } from "../config/checks.ts";
import type { HttpClientConfig } from "../config/types.ts";

/** A path part shorter than this is a word like `api`, not a key. */
const SECRET_LENGTH_MIN = 8;

export interface SecretBearer {
  readonly url: string;
  readonly http: HttpClientConfig;
  /** Of the message itself: PagerDuty's key. */
  readonly keys: readonly string[];
}

export function scrub(text: string, bearer: SecretBearer): string {
  if (text === "") return text;
  return secretsOf(bearer).reduce((rest, secret) => rest.replaceAll(secret, SECRET_TOKEN), text);
}

/** Longest first, so that no part of one stays behind. */
function secretsOf({ url, http, keys }: SecretBearer): string[] {
  const { password = "" } = http.basicAuth ?? {};
  const { credentials = "" } = http.authorization ?? {};
  const headers = Object.values(http.headers ?? {});
  const all = [url, ...partsOf(url), password, credentials, ...headers, ...keys];
  return all.filter((secret) => secret !== "" && secret !== "/").sort(byLength);
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

function partsOf(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { pathname, search, password, searchParams } = new URL(url);
  const segments = [...pathname.split("/"), ...searchParams.values()];
  const long = segments.filter((segment) => segment.length >= SECRET_LENGTH_MIN);
  return [pathname + search, ...long, decodeURIComponent(password)];
}
