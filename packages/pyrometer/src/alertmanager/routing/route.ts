/** The route tree as it runs: every node with the key that its groups carry. */
import type { Labels } from "../../model/index.ts";
import type { RouteConfig } from "../config/types.ts";
import { printAlertMatchers } from "../matchers/matcher.ts";

export interface Route {
  readonly config: RouteConfig;
  readonly children: readonly Route[];
  /** `{}/{owner="team-A"}`: the matchers on the way here. Two routes may share one. */
  readonly key: string;
  /** Like `key`, with positions: unique in its tree. */
  readonly id: string;
}

export function createRoute(config: RouteConfig): Route {
  const key = printAlertMatchers(config.matchers);
  return build(config, { key, id: key });
}

function build(
  config: RouteConfig,
  { key, id }: { readonly key: string; readonly id: string },
): Route {
  const children = config.routes.map((child, index) => {
    const own = printAlertMatchers(child.matchers);
    return build(child, { key: `${key}/${own}`, id: `${id}/${own}/${index}` });
  });
  return { config, children, key, id };
}

/** The route and all below it, parents first. */
export function walkRoutes(route: Route): Route[] {
  return [route, ...route.children.flatMap(walkRoutes)];
}

/** The labels that put an alert into its group. */
export function groupLabelsOf(labels: Labels, { groupBy, groupByAll }: RouteConfig): Labels {
  return groupByAll ? labels : labels.only(groupBy);
}

/** What identifies a group to receivers: `{}:{alertname="Down"}`. */
export function groupKeyOf(route: Route, groupLabels: Labels): string {
  const pairs = [...groupLabels].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${route.key}:{${pairs.join(", ")}}`;
}
