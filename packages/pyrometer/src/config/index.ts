export {
  boolean,
  count,
  durationMs,
  float,
  integer,
  listOf,
  mapOf,
  notYet,
  oneOf,
  regex,
  section,
  sizeBytes,
  text,
} from "./fields.ts";
export type { Loaded, LoadOptions, Problem } from "./load.ts";
export { load, problemAt } from "./load.ts";
export { quoted } from "./quote.ts";
export { redactedYaml } from "./redact.ts";
export type { ParsedUrl } from "./url.ts";
export { parseUrl, url } from "./url.ts";
export type { Environment, Expanded } from "./variables.ts";
export { expandVariables } from "./variables.ts";
export type { YamlFile, YamlPath, YamlValue } from "./yaml.ts";
export { parseYaml } from "./yaml.ts";
