/**
 * Puts alerts into the groups of the routes they take. Made anew at every reload.
 * Source: alertmanager dispatch.Dispatcher
 */
import type { Clock } from "../../std/index.ts";
import { compareText } from "../../std/index.ts";
import type { Alert } from "../alert.ts";
import { GROUPS_MAX } from "../limits.ts";
import { routesFor } from "../routing/match.ts";
import type { Route } from "../routing/route.ts";
import { groupLabelsOf } from "../routing/route.ts";
import type { Flush } from "./group.ts";
import { AggregationGroup } from "./group.ts";

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly root: Route;
  readonly flush: Flush;
  /** An alert found no room for its group. */
  readonly onFull: (alert: Alert) => void;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** By route, then by the labels that make the group. */
  readonly #groups = new Map<Route, Map<string, AggregationGroup>>();
  #groupCount = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get groupCount(): number {
    return this.#groupCount;
  }

  insert(alert: Alert): void {
    for (const route of routesFor(alert.labels, this.#options.root)) this.#group(alert, route);
  }

  /** By labels, then receiver. */
  groups(): AggregationGroup[] {
    const all = [...this.#groups.values()].flatMap((groups) => [...groups.values()]);
    return all.sort(
      (a, b) =>
        a.labels.compare(b.labels) || compareText(a.route.config.receiver, b.route.config.receiver),
    );
  }

  stop(): void {
    for (const group of this.groups()) group.stop();
  }

  #group(alert: Alert, route: Route): void {
    const labels = groupLabelsOf(alert.labels, route.config);
    const groups = this.#groups.get(route) ?? new Map<string, AggregationGroup>();
    this.#groups.set(route, groups);
    const known = groups.get(labels.key);
    if (known) return known.insert(alert);
    if (this.#groupCount >= GROUPS_MAX) return this.#options.onFull(alert);
    const { clock, flush } = this.#options;
    const onEmpty = () => {
      groups.delete(labels.key);
      this.#groupCount -= 1;
    };
    const group = new AggregationGroup({ clock, route, labels, flush, onEmpty });
    groups.set(labels.key, group);
    this.#groupCount += 1;
    group.insert(alert);
    group.start(alert);
  }
}
