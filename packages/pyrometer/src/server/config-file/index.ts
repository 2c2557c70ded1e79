export { loadPrometheusConfig } from "./load-config.ts";

export type {
  AlertmanagerEndpointConfig,
  PrometheusConfig,
} from "./types.ts";
export { prometheusWording } from "./wording.ts";
