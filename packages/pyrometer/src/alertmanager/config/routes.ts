/** route, inhibit_rules and time intervals as the file has them. */
import { z } from "zod";
import { boolean, durationMs, listOf, mapOf, regex, section, text } from "../../config/index.ts";
import type { Matcher } from "../../model/index.ts";
import { isLegacyLabelName, RegexError } from "../../model/index.ts";
import { MatcherError } from "../matchers/matcher-error.ts";
import { isLabelName, parseMatchers } from "../matchers/parse.ts";
import { checked } from "./checks.ts";

/** A list of texts, each one or more matchers in either syntax; becomes the matchers. */
const matcherList = () =>
  listOf(
    text().transform((value, context): Matcher[] => {
      try {
        return parseMatchers(value);
      } catch (error) {
        if (!(error instanceof MatcherError) && !(error instanceof RegexError)) throw error;
        const message = `Cannot parse matchers "${value}": ${error.message}`;
        context.addIssue({ code: "custom", message });
        return [];
      }
    }),
  ).transform((lists) => lists.flat());

/** Label names to texts; the names are checked the old way, as Alertmanager does here. */
const classicMatch = () =>
  mapOf(text()).superRefine((value, context) => refuseNames(value, context));

const classicRegexMatch = () =>
  z.preprocess(
    (value, context) => {
      if (typeof value !== "object" || value === null) return value;
      for (const [name, pattern] of Object.entries(value)) {
        if (pattern !== null) continue;
        context.addIssue({
          code: "custom",
          message: `invalid regexp value for "${name}"`,
          path: [name],
        });
      }
      return value;
    },
    mapOf(regex()).superRefine((value, context) => refuseNames(value, context)),
  );

function refuseNames(value: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  for (const name of Object.keys(value)) {
    if (isLegacyLabelName(name)) continue;
    context.addIssue({ code: "custom", message: `invalid label name "${name}"`, path: [name] });
  }
}

export interface RawRoute {
  readonly receiver?: string | undefined;
  readonly group_by?: string[] | undefined;
  readonly match?: Record<string, string> | undefined;
  readonly match_re?: Record<string, string> | undefined;
  readonly matchers?: Matcher[] | undefined;
  readonly mute_time_intervals?: string[] | undefined;
  readonly active_time_intervals?: string[] | undefined;
  readonly continue?: boolean | undefined;
  readonly routes?: RawRoute[] | undefined;
  readonly group_wait?: number | undefined;
  readonly group_interval?: number | undefined;
  readonly repeat_interval?: number | undefined;
  readonly labels?: Record<string, string> | undefined;
}

export const routeSchema: z.ZodType<RawRoute> = checked(
  section("config.plain", {
    receiver: text().optional(),
    group_by: listOf(text()).optional(),
    match: classicMatch().optional(),
    match_re: classicRegexMatch().optional(),
    matchers: matcherList().optional(),
    mute_time_intervals: listOf(text()).optional(),
    active_time_intervals: listOf(text()).optional(),
    continue: boolean().optional(),
    routes: z.lazy(() => listOf(routeSchema)).optional(),
    group_wait: durationMs().optional(),
    group_interval: durationMs().optional(),
    repeat_interval: durationMs().optional(),
    labels: mapOf(text()).optional(),
  }) as z.ZodType<RawRoute>,
  (route, fail) => {
    const refuse = (problem: string, field: string) =>
      fail(`Cannot read the route: ${problem}`, field);
    for (const problem of groupByProblems(route.group_by ?? [])) refuse(problem, "group_by");
    for (const name of Object.keys(route.labels ?? {})) {
      if (!isLabelName(name)) refuse(`invalid label name "${name}" in route labels`, "labels");
    }
    for (const field of ["group_interval", "repeat_interval"] as const) {
      if (route[field] === 0) refuse(`${field} cannot be zero`, field);
    }
  },
);

/** `...` alone stands for every label. */
export const ALL_LABELS = "...";

/**
 * UTF-8 names any label, but a dash at either end is a slip of a list's dash: Alertmanager's own
 * cases refuse it.
 */
function isGroupLabel(name: string): boolean {
  return isLabelName(name) && !/^-|-$/.test(name);
}

function groupByProblems(groupBy: readonly string[]): string[] {
  const problems: string[] = [];
  const names = groupBy.filter((name) => name !== ALL_LABELS);
  for (const [index, name] of names.entries()) {
    if (!isGroupLabel(name)) {
      problems.push(`invalid label name "${name}" in group_by list`);
    } else if (names.indexOf(name) < index) problems.push(`duplicated label "${name}" in group_by`);
  }
  if (names.length > 0 && names.length < groupBy.length) {
    problems.push("cannot have wildcard group_by (`...`) and other labels at the same time");
  }
  return problems;
}

export const inhibitSchema = checked(
  section("common.plain", {
    name: text().optional(),
    source_match: classicMatch().optional(),
    source_match_re: classicRegexMatch().optional(),
    source_matchers: matcherList().optional(),
    target_match: classicMatch().optional(),
    target_match_re: classicRegexMatch().optional(),
    target_matchers: matcherList().optional(),
    equal: listOf(text()).optional(),
  }),
  ({ equal = [] }, fail) => {
    for (const name of equal) {
      if (!isLabelName(name)) fail(`invalid label name "${name}" in equal list`, "equal");
    }
  },
);

export type RawInhibitRule = z.output<typeof inhibitSchema>;
