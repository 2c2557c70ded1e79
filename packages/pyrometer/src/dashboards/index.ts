/** Grafana dashboards: any file → one model and a report; and what a browser needs to draw it. */
export * from "./browser.ts";
export type { DashboardFile } from "./read-dashboard.ts";
export { readDashboard } from "./read-dashboard.ts";
