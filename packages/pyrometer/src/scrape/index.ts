export * from "./config/index.ts";
export type { DiscoveryFile, DiscoveryFiles } from "./discovery/discovery.ts";
export type { FetchErrorCode, FetchRequest, FetchResponse, ScrapeFetcher } from "./fetcher.ts";
export { FetchError } from "./fetcher.ts";
export { createDiscoveryFiles } from "./io/discovery-files.ts";
export { createHttpFetcher } from "./io/http-fetcher.ts";
export type { ScrapeProblem } from "./problem.ts";
export type { CompiledRelabelRule } from "./relabel/relabel.ts";
export { compileRelabel, relabel } from "./relabel/relabel.ts";
export type {
  ActiveTarget,
  ApplyOptions,
  DroppedTarget,
  MetricMetadata,
  ScrapeManager,
  ScrapeManagerDeps,
} from "./scrape-manager.ts";
export { createScrapeManager } from "./scrape-manager.ts";
