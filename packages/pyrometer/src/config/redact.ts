/**
 * Shows a configuration without its secrets, for /api/v1/status/config and the page behind it.
 *
 * The user's own text is kept, comments and all, and only the values of secret keys are replaced:
 * what is shown is what was written. A key counts as secret wherever it stands, so a new section
 * needs nothing here; a key that merely sounds like one is hidden needlessly, which is the safe
 * side.
 */
import type { YamlFile, YamlPath, YamlValue } from "./yaml.ts";

/** What the names of secret fields end in. `…_file` and `…_ref` name where one is, and are shown. */
const SECRET_ENDING = /(?:^|_)(?:token|secret|password|passphrase|api_key)$/;

/** The other fields of type Secret and SecretURL that Prometheus and Alertmanager have. */
const SECRET_KEYS = new Set([
  "access_key",
  "account_key",
  "api_url",
  "client_certificate_key",
  "consumer_key",
  "credentials",
  "key",
  "private_key",
  "routing_key",
  "secret_key",
  "secrets",
  "service_account_key",
  "service_key",
  "slack_api_url",
  "token_id",
  "user_key",
  "webhook_url",
]);

/** Also the mappings of headers, each value of which may hold a token. */
const SECRET_MAPS = new Set(["headers", "http_headers", "proxy_connect_header"]);

const MASK = "<secret>";

/** The text of `file` with each secret value replaced by `<secret>`. */
export function redactedYaml(file: YamlFile): string {
  const { text } = file.source;
  const isAlias = ({ path }: Scalar) => text[file.spanOf(path).start] === "*";
  const scalars = scalarsOf(file.value, [], false);
  const secrets = scalars.filter(({ isSecret }) => isSecret);
  // An alias says where its secret is written, under a key that may sound harmless.
  const aliased = new Set(secrets.filter(isAlias).map(({ value }) => value));
  const spans = scalars
    .filter(({ isSecret, value }) => isSecret || aliased.has(value))
    .map(({ path }) => file.spanOf(path))
    .sort((a, b) => a.start - b.start);
  let shown = "";
  let position = 0;
  for (const { start, end } of spans) {
    if (start < position) continue; // the same text, reached through an alias of the mapping around it
    shown += text.slice(position, start) + maskFor(text.slice(start, end));
    position = end;
  }
  return withoutUrlPasswords(shown + text.slice(position));
}

interface Scalar {
  readonly path: YamlPath;
  readonly value: string;
  readonly isSecret: boolean;
}

function scalarsOf(value: YamlValue, path: YamlPath, isSecret: boolean): Scalar[] {
  if (value === null || value === "") return [];
  if (typeof value === "string") return [{ path, value, isSecret }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => scalarsOf(item, [...path, index], isSecret));
  }
  return Object.entries(value).flatMap(([key, field]) =>
    scalarsOf(field, [...path, key], isSecret || isSecretKey(key, path)),
  );
}

/** A webhook's URL often holds its token; other URLs only when they have a password. */
function isSecretKey(key: string, path: YamlPath): boolean {
  if (key === "url") return path.includes("webhook_configs");
  return SECRET_ENDING.test(key) || SECRET_KEYS.has(key) || SECRET_MAPS.has(key);
}

/** A block scalar's span ends with its line break, which must stay. */
function maskFor(written: string): string {
  return MASK + written.slice(written.trimEnd().length);
}

/** `https://user:password@host` in any value, wherever it stands. */
function withoutUrlPasswords(text: string): string {
  return text.replace(/(:\/\/[^\s/:@"']+:)[^\s/@"']+@/g, `$1${MASK}@`);
}
