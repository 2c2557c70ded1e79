/**
 * From what discovery found to a target: defaults filled in, relabelled, checked.
 *
 * Source: prometheus scrape/target.go, PopulateLabels (3.x: no default port is added)
 */
import { Labels } from "../../model/index.ts";
import { formatDuration, parseDuration } from "../../std/index.ts";
import type { ScrapeConfig, TargetGroup } from "../config/types.ts";
import type { CompiledRelabelRule } from "../relabel/relabel.ts";
import { relabel } from "../relabel/relabel.ts";

export const ADDRESS = "__address__";
const SCHEME = "__scheme__";
const METRICS_PATH = "__metrics_path__";
const SCRAPE_INTERVAL = "__scrape_interval__";
const SCRAPE_TIMEOUT = "__scrape_timeout__";
const PARAM_PREFIX = "__param_";
const RESERVED_PREFIX = "__";

/** One thing to scrape, wholly decided. */
export interface Target {
  /** What its series carry: without names that start with `__`. */
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly url: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Equal for targets that are the same in all of the above but discoveredLabels. */
  readonly id: string;
}

export type TargetOutcome =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "dropped"; readonly discoveredLabels: Labels }
  | { readonly kind: "problem"; readonly problem: string; readonly discoveredLabels: Labels };

export interface TargetOptions {
  readonly config: ScrapeConfig;
  readonly rules: readonly CompiledRelabelRule[];
}

/** What becomes of each target of a group, in the group's order. */
export function buildTargets(group: TargetGroup, options: TargetOptions): TargetOutcome[] {
  return group.targets.map((own) => buildTarget({ ...group.labels, ...own }, options));
}

function buildTarget(
  found: Readonly<Record<string, string>>,
  { config, rules }: TargetOptions,
): TargetOutcome {
  const discoveredLabels = Labels.from({ ...defaultsOf(config), ...withoutEmpty(found) });
  const labels = relabel(discoveredLabels, rules);
  if (labels === undefined) return { kind: "dropped", discoveredLabels };
  const refuse = (problem: string): TargetOutcome => ({
    kind: "problem",
    problem,
    discoveredLabels,
  });
  const address = labels.get(ADDRESS);
  if (address === "") return refuse("no address");
  if (address.includes("/")) return refuse(`"${address}" is not a valid hostname`);
  const intervalMs = positiveDurationMs(labels.get(SCRAPE_INTERVAL));
  if (intervalMs === undefined) return refuse(durationProblem("interval", labels));
  const timeoutMs = positiveDurationMs(labels.get(SCRAPE_TIMEOUT));
  if (timeoutMs === undefined) return refuse(durationProblem("timeout", labels));
  if (timeoutMs > intervalMs) {
    const times = `scrape timeout cannot be greater than scrape interval ("${labels.get(SCRAPE_TIMEOUT)}" > "${labels.get(SCRAPE_INTERVAL)}")`;
    return refuse(times);
  }
  const url = urlOf(labels, config);
  if (!URL.canParse(url)) return refuse(`"${url}" is not a valid URL`);
  const named = labels.has("instance") ? labels : labels.with({ instance: address });
  const own = publicLabels(named);
  const id = JSON.stringify([own.key, url, intervalMs, timeoutMs]);
  return {
    kind: "target",
    target: { labels: own, discoveredLabels, url, intervalMs, timeoutMs, id },
  };
}

/** What a target has unless it says otherwise. */
function defaultsOf(config: ScrapeConfig): Record<string, string> {
  const defaults: Record<string, string> = {
    job: config.jobName,
    [SCRAPE_INTERVAL]: formatDuration(config.intervalMs),
    [SCRAPE_TIMEOUT]: formatDuration(config.timeoutMs),
    [METRICS_PATH]: config.metricsPath,
    [SCHEME]: config.scheme,
  };
  for (const [name, values] of Object.entries(config.params)) {
    if (values[0] !== undefined) defaults[PARAM_PREFIX + name] = values[0];
  }
  return defaults;
}

function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

function publicLabels(labels: Labels): Labels {
  const names = [...labels].map(([name]) => name);
  return labels.only(names.filter((name) => !name.startsWith(RESERVED_PREFIX)));
}

function positiveDurationMs(text: string): number | undefined {
  const parsed = parseDuration(text);
  return "ms" in parsed && parsed.ms > 0 ? parsed.ms : undefined;
}

function durationProblem(what: "interval" | "timeout", labels: Labels): string {
  const text = labels.get(what === "interval" ? SCRAPE_INTERVAL : SCRAPE_TIMEOUT);
  const parsed = parseDuration(text);
  const reason = "problem" in parsed ? parsed.problem : `scrape ${what} cannot be 0`;
  return `error parsing scrape ${what}: ${reason}`;
}

/** The URL that labels and params make; a `__param_x` label overrides the first value of x. */
function urlOf(labels: Labels, { params }: ScrapeConfig): string {
  const query = new Map(Object.entries(params).map(([name, values]) => [name, [...values]]));
  for (const [name, value] of labels) {
    if (!name.startsWith(PARAM_PREFIX)) continue;
    const param = name.slice(PARAM_PREFIX.length);
    query.set(param, [value, ...(query.get(param) ?? []).slice(1)]);
  }
  const search = new URLSearchParams();
  for (const [name, values] of [...query].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const value of values) search.append(name, value);
  }
  const path = labels.get(METRICS_PATH);
  const slashed = path.startsWith("/") ? path : `/${path}`;
  const encoded = encodeURI(slashed).replaceAll("?", "%3F").replaceAll("#", "%23");
  const suffix = search.size > 0 ? `?${search}` : "";
  return `${labels.get(SCHEME)}://${labels.get(ADDRESS)}${encoded}${suffix}`;
}
