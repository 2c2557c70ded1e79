/** Small schemas and checks that the sections of an alertmanager.yml share. */
import type { z } from "zod";
import { durationMs, text } from "../../config/index.ts";
import { ellipsis } from "../../std/index.ts";

/** Stands in for a value that a variable should have given: well-formed, and never used. */
export const UNSET_URL = "http://unset.invalid/";

/** What amtool and Alertmanager print instead of a secret, and read back as one. */
export const SECRET_TOKEN = "<secret>";

/** http or https, with a host. The text stays as written. */
export const urlText = () =>
  text().check((context) => {
    const problem = urlProblem(context.value);
    if (problem === undefined) return;
    const message = `Cannot read the URL: ${problem}`;
    context.issues.push({ code: "custom", input: context.value, message });
  });

/** A URL that may be a template: then only the template is checked, elsewhere. */
export const templateUrl = () =>
  text().check((context) => {
    const { value } = context;
    if (value === "" || value.includes("{{")) return;
    const problem = urlProblem(value);
    if (problem === undefined) return;
    const message = `Cannot read the URL: ${problem}`;
    context.issues.push({ code: "custom", input: value, message });
  });

/** Says nothing of the URL itself: it may be all of a secret. */
function urlProblem(url: string): string | undefined {
  if (url === SECRET_TOKEN) return undefined;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase() ?? "";
  if (scheme !== "http" && scheme !== "https") {
    return `unsupported scheme "${ellipsis(scheme, 20)}" for URL, expected http or https`;
  }
  if (!/^[a-zA-Z]+:\/\/[^/?#]/.test(url)) return "missing host for URL";
  return URL.canParse(url) ? undefined : "not a well-formed URL";
}

/** `host:port`; the host may be empty. */
export const hostPort = () =>
  text().check((context) => {
    const { value } = context;
    if (value === "" || /^(\[[^\]]*\]|[^:]*):[^:]+$/.test(value)) return;
    const message = `Cannot read the address "${value}": port cannot be empty, expected host:port`;
    context.issues.push({ code: "custom", input: value, message });
  });

/** Go's time.ParseDuration; becomes milliseconds. Also takes what Prometheus would. */
export const goDurationMs = () =>
  text().transform((value, context) => {
    if (/^[-+]?0$/.test(value)) return 0;
    const parts = [...value.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
    if (parts.length > 0 && parts.map(([part]) => part).join("") === value) {
      return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * GO_UNITS_MS[unit!]!, 0);
    }
    const parsed = durationMs().safeParse(value);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: parsed.error.issues[0]?.message ?? "" });
    return 0;
  });

const GO_UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

export type Fail = (message: string, field?: string) => void;

/**
 * Adds a check across the fields of a section, run once each of them is well. `fail` points at a
 * field, or at the section.
 */
export function checked<T extends z.ZodType>(
  schema: T,
  check: (value: z.output<T>, fail: Fail) => void,
): T {
  return schema.superRefine((value, context) => {
    check(value as z.output<T>, (message, field) =>
      context.addIssue({
        code: "custom",
        message,
        path: field === undefined ? [] : [field],
      }),
    );
  }) as T;
}

/** Refuses a pair of fields that say the same thing twice. */
export function atMostOne(
  value: Readonly<Record<string, unknown>>,
  [a, b]: readonly [string, string],
  fail: Fail,
): void {
  if (isGiven(value[a]) && isGiven(value[b])) {
    fail(`at most one of ${a} & ${b} must be configured`, b);
  }
}

/** Given and, if it is a text, not empty: to Alertmanager those are one. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
