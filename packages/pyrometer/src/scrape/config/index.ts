/** What of this folder other rooms use; the room's own index.ts passes it on. */
export type { RawHttpClient } from "./http-client.ts";
export { httpClientFields, tlsConfig, toHttpClientConfig } from "./http-client.ts";
export { httpClientProblem, isReservedHeader } from "./http-client-problems.ts";
export type { Problem as ConfigProblem } from "./problems.ts";
export { refined } from "./problems.ts";
export type { NameScheme, RawRelabelRule } from "./relabel-rule.ts";
export { isLabelName, relabelRule } from "./relabel-rule.ts";
export type { RawScrapeConfig, ReadContext, ScrapeDefaults } from "./scrape-config.ts";
export {
  globalEscapingProblem,
  inheritedFields,
  protocolsProblem,
  readRelabelRules,
  readScheme,
  scrapeConfigList,
  scrapeConfigSchema,
  toScrapeConfig,
} from "./scrape-config.ts";
export type { RawDiscoveries } from "./sd/table.ts";
export { discoveryFields, toDiscoveries, urlAsAddress } from "./sd/table.ts";
export { labelSet, parseTargetGroups } from "./target-groups.ts";
export type {
  Discovery,
  FileDiscovery,
  HttpClientConfig,
  HttpDiscovery,
  RelabelAction,
  RelabelRule,
  ScrapeConfig,
  StaticDiscovery,
  TargetGroup,
} from "./types.ts";
