/** What the web app shares with the server: the dashboard model and the pure functions on it. */
export * from "../../pyrometer/src/dashboards/browser.ts";
