/** Which routes an alert takes: depth first, left to right, the deepest that match. */
import type { Labels } from "../../model/index.ts";
import { matchesAll } from "../../model/index.ts";
import { assert } from "../../std/index.ts";
import type { Route } from "./route.ts";

/** The deepest routes an alert takes, in file order; the root alone when nobody claims it. */
export function routesFor(labels: Labels, root: Route): Route[] {
  const taken: Route[] = [];
  collect(taken, labels, root);
  assert(taken.length > 0, "BUG: the root route must match every alert");
  return taken;
}

/** Adds to `taken` and says whether `route`, or anything below it, took the alert. */
function collect(taken: Route[], labels: Labels, route: Route): boolean {
  if (!matchesAll(route.config.matchers, labels)) return false;
  const countBefore = taken.length;
  for (const child of route.children) {
    if (collect(taken, labels, child) && !child.config.continues) break;
  }
  if (taken.length === countBefore) taken.push(route);
  return true;
}
