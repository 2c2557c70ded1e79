/** Reads an alertmanager.yml: every fault with its place, and what can work does. */
import type { Environment, Loaded, YamlFile } from "../../config/index.ts";
import { load, parseYaml, problemAt } from "../../config/index.ts";
import type { Matcher } from "../../model/index.ts";
import type { Source, SourceError } from "../../std/index.ts";
import { MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND } from "../../std/index.ts";
import { compareMatchers, createAlertMatcher } from "../matchers/matcher.ts";
import type { TimeInterval } from "../times/time-interval.ts";
import type { LeftOut } from "./build-receivers.ts";
import { buildReceivers } from "./build-receivers.ts";
import { crossCheck } from "./cross-checks.ts";
import type { RawFile } from "./file.ts";
import { fileSchema } from "./file.ts";
import { redact } from "./redact.ts";
import type { RawInhibitRule, RawRoute } from "./routes.ts";
import { ALL_LABELS } from "./routes.ts";
import type { ReadFile } from "./secrets.ts";
import { SecretReader } from "./secrets.ts";
import type { AlertmanagerConfig, InhibitRule, RouteConfig } from "./types.ts";
import type { ExpandedFile } from "./variables.ts";
import { expandFile } from "./variables.ts";

export interface LoadOptions {
  readonly environment: Environment;
  /** For `*_file` secrets; without it what needs one is left out. */
  readonly readFile?: ReadFile | undefined;
}

/**
 * Reads, checks and completes a configuration. An integration whose variable is not set, or whose
 * secret cannot be read, is left out with a warning; everything else works.
 */
export function loadAlertmanagerConfig(
  source: Source,
  { environment, readFile }: LoadOptions,
): Loaded<AlertmanagerConfig> {
  const expanded = expandFile(parseYaml(source), environment);
  const { file } = expanded;
  const { value: raw, errors, warnings } = load(file, fileSchema);
  if (raw === undefined) return { value: undefined, errors, warnings };
  const faults = crossCheck(raw).map(({ problem, path }) => {
    const code = "alertmanager/config";
    return problemAt(file, { code, problem: `Cannot load the configuration: ${problem}`, path });
  });
  if (faults.length > 0) return { value: undefined, errors: faults.sort(byPlace), warnings };
  const { value, leftOut } = build(raw, expanded, readFile);
  const all = [
    ...warnings,
    ...leftOutWarnings(leftOut, file),
    ...unusedWarnings(expanded, leftOut),
  ];
  return { value, errors: [], warnings: all.sort(byPlace) };
}

function byPlace(a: SourceError, b: SourceError): number {
  return a.span.start - b.span.start;
}

function build(raw: RawFile, { file, unset }: ExpandedFile, readFile: ReadFile | undefined) {
  const secrets = new SecretReader(readFile);
  const { receivers, leftOut } = buildReceivers(raw.receivers, {
    secrets,
    unset,
    global: raw.global,
  });
  const value: AlertmanagerConfig = {
    original: redact(file.source.text, file.value),
    resolveTimeoutMs: raw.global?.resolve_timeout ?? DEFAULT_RESOLVE_TIMEOUT_MS,
    route: buildRoute(raw.route ?? {}, DEFAULT_ROUTE),
    receivers,
    inhibitRules: raw.inhibit_rules.map(buildInhibitRule),
    timeIntervals: buildTimeIntervals(raw),
    templatePatterns: raw.templates,
    disabledReceivers: leftOut.map(({ receiver, integration, reason }) => ({
      receiver,
      integration,
      reason,
    })),
  };
  return { value, leftOut };
}

const DEFAULT_RESOLVE_TIMEOUT_MS = 5 * MS_PER_MINUTE;

/** What the root has where it says nothing. */
const DEFAULT_ROUTE: RouteConfig = {
  receiver: "",
  groupBy: [],
  groupByAll: false,
  matchers: [],
  continues: false,
  groupWaitMs: 30 * MS_PER_SECOND,
  groupIntervalMs: 5 * MS_PER_MINUTE,
  repeatIntervalMs: 4 * MS_PER_HOUR,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  labels: {},
  routes: [],
};

/** Time intervals and matchers are a route's own; the rest it has from its parent. */
function buildRoute(raw: RawRoute, parent: RouteConfig): RouteConfig {
  const own = {
    receiver: raw.receiver || parent.receiver,
    ...groupingOf(raw, parent),
    groupWaitMs: raw.group_wait ?? parent.groupWaitMs,
    groupIntervalMs: raw.group_interval ?? parent.groupIntervalMs,
    repeatIntervalMs: raw.repeat_interval ?? parent.repeatIntervalMs,
    muteTimeIntervals: raw.mute_time_intervals ?? [],
    activeTimeIntervals: raw.active_time_intervals ?? [],
    labels: { ...parent.labels, ...raw.labels },
    continues: raw.continue ?? false,
    matchers: matchersOf(raw.match, raw.match_re, raw.matchers).sort(compareMatchers),
  };
  const route: RouteConfig = { ...own, routes: [] };
  return { ...route, routes: (raw.routes ?? []).map((child) => buildRoute(child, route)) };
}

function groupingOf(
  { group_by: names }: RawRoute,
  parent: RouteConfig,
): Pick<RouteConfig, "groupBy" | "groupByAll"> {
  if (names === undefined) return { groupBy: parent.groupBy, groupByAll: parent.groupByAll };
  const groupByAll = names.includes(ALL_LABELS);
  return { groupBy: groupByAll ? [] : names, groupByAll };
}

/** The two old ways and the new one, together. Old regexes are printed with their anchors. */
function matchersOf(
  match: Readonly<Record<string, string>> = {},
  matchRegex: Readonly<Record<string, string>> = {},
  matchers: readonly Matcher[] = [],
): Matcher[] {
  const equal = Object.entries(match).map(([name, value]) => createAlertMatcher(name, "=", value));
  const regex = Object.entries(matchRegex).map(([name, value]) =>
    createAlertMatcher(name, "=~", `^(?:${value})$`),
  );
  return [...equal, ...regex, ...matchers];
}

function buildInhibitRule(raw: RawInhibitRule): InhibitRule {
  return {
    sourceMatchers: matchersOf(raw.source_match, raw.source_match_re, raw.source_matchers),
    targetMatchers: matchersOf(raw.target_match, raw.target_match_re, raw.target_matchers),
    equal: raw.equal ?? [],
  };
}

function buildTimeIntervals({
  time_intervals,
  mute_time_intervals,
}: RawFile): ReadonlyMap<string, readonly TimeInterval[]> {
  const named = [...mute_time_intervals, ...time_intervals];
  return new Map(named.map(({ name = "", time_intervals: list = [] }) => [name, list]));
}

function leftOutWarnings(leftOut: readonly LeftOut[], file: YamlFile): SourceError[] {
  return leftOut
    .filter(({ isToCome }) => !isToCome)
    .map(({ receiver, integration, reason, path }) =>
      problemAt(file, {
        code: "alertmanager/disabled",
        problem: `Cannot use ${integration} of receiver "${receiver}": ${reason}`,
        path,
      }),
    );
}

/** Variables that are not set, in settings that nothing honoured needs. */
function unusedWarnings({ file, unset }: ExpandedFile, leftOut: readonly LeftOut[]): SourceError[] {
  const told = new Set(leftOut.map(({ path }) => path));
  return unset
    .filter(({ path }) => !told.has(path))
    .map(({ path, names }) =>
      problemAt(file, {
        code: "alertmanager/unset-variable",
        problem: `Cannot fill "${String(path.at(-1))}": ${names.join(", ")} not set in the environment`,
        path,
      }),
    );
}
