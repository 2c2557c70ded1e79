/** One rule of a relabel_configs list. Source: prometheus/model/relabel.Config */
import { z } from "zod";
import { integer, listOf, quoted, regex, section, text } from "../../config/index.ts";
import { isLegacyLabelName, isUtf8Name } from "../../model/index.ts";
import type { RelabelAction, RelabelRule } from "./types.ts";

const ACTIONS: readonly string[] = [
  "replace",
  "keep",
  "drop",
  "keepequal",
  "dropequal",
  "hashmod",
  "labelmap",
  "labeldrop",
  "labelkeep",
  "lowercase",
  "uppercase",
] satisfies readonly RelabelAction[];

/** `legacy` allows ASCII letters, digits and underscores only; `utf8` is Prometheus 3's default. */
export type NameScheme = "utf8" | "legacy";

export function isLabelName(name: string, scheme: NameScheme): boolean {
  return scheme === "utf8" ? isUtf8Name(name) : isLegacyLabelName(name);
}

/** A label name as UTF-8 allows it; whether a job wants more is checked with the job. */
export const labelName = () =>
  text().refine(isUtf8Name, {
    error: (issue) => `${quoted(String(issue.input))} is not a valid label name`,
  });

const action = () =>
  text().transform((value, context) => {
    const name = value.toLowerCase();
    if (name === "" || ACTIONS.includes(name)) return name as RelabelAction | "";
    context.addIssue({ code: "custom", message: `unknown relabel action ${quoted(value)}` });
    return z.NEVER;
  });

const DEFAULT = { separator: ";", replacement: "$1", regex: "(.*)" } as const;

/**
 * A key with nothing behind it. Elsewhere that counts as absent, but in Go it empties a text, and
 * here people mean it: `regex:` matches only what is empty.
 */
const EMPTIED_BY_NULL = ["separator", "regex", "target_label", "replacement", "action"];

function nullsToEmpty(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      field === null && EMPTIED_BY_NULL.includes(key) ? "" : field,
    ]),
  );
}

export const relabelRule = z.preprocess(
  nullsToEmpty,
  section("relabel.Config", {
    action: action().optional(),
    source_labels: listOf(labelName()).optional(),
    separator: text().optional(),
    regex: regex().optional(),
    target_label: text().default(""),
    replacement: text().optional(),
    modulus: integer().default(0),
  }),
);
export type RawRelabelRule = z.output<typeof relabelRule>;

const NEEDS_TARGET: readonly string[] = [
  "replace",
  "hashmod",
  "lowercase",
  "uppercase",
  "keepequal",
  "dropequal",
];

/** What is wrong with the rule, in Prometheus' words. */
export function relabelProblem(raw: RawRelabelRule, scheme: NameScheme): string | undefined {
  const { action = "replace", target_label: target, replacement } = raw;
  if (action === "") return "relabel action cannot be empty";
  if (action === "hashmod" && raw.modulus === 0) {
    return "relabel configuration for hashmod requires non-zero modulus";
  }
  if (NEEDS_TARGET.includes(action) && target === "") {
    return `relabel configuration for ${action} action requires 'target_label' value`;
  }
  if (NEEDS_TARGET.includes(action) && !isTarget(target, action, scheme)) {
    return `${quoted(target)} is invalid 'target_label' for ${action} action`;
  }
  const hasReplacement = (replacement ?? DEFAULT.replacement) !== DEFAULT.replacement;
  switch (action) {
    case "lowercase":
    case "uppercase":
      return hasReplacement ? `'replacement' can not be set for ${action} action` : undefined;
    case "keepequal":
    case "dropequal":
      if (hasReplacement) return `'replacement' can not be set for ${action} action`;
      return raw.regex !== undefined || hasOtherFields(raw)
        ? `${action} action requires only 'source_labels' and \`target_label\`, and no other fields`
        : undefined;
    case "labeldrop":
    case "labelkeep":
      return raw.source_labels || target !== "" || hasReplacement || hasOtherFields(raw)
        ? `${action} action requires only 'regex', and no other fields`
        : undefined;
    case "labelmap": {
      const name = replacement ?? DEFAULT.replacement;
      return isNameTemplate(name, scheme)
        ? undefined
        : `${quoted(name)} is invalid 'replacement' for ${action} action`;
    }
    case "replace":
    case "keep":
    case "drop":
    case "hashmod":
      return undefined;
  }
}

function hasOtherFields(raw: RawRelabelRule): boolean {
  return raw.modulus !== 0 || (raw.separator ?? DEFAULT.separator) !== DEFAULT.separator;
}

function isTarget(target: string, action: RelabelAction, scheme: NameScheme): boolean {
  const isTemplate = action === "replace" && /\$\{?\w/.test(target);
  return isTemplate ? isNameTemplate(target, scheme) : isLabelName(target, scheme);
}

/** A name in which $1 and ${1} stand for groups of the regex. */
function isNameTemplate(text: string, scheme: NameScheme): boolean {
  if (scheme === "utf8") return isUtf8Name(text);
  return /^(?:[a-zA-Z_]|\$\{\w+\}|\$\w)(?:\w|\$\{\w+\}|\$\w)*$/.test(text);
}

/** @param raw a rule without a problem */
export function toRelabelRule(raw: RawRelabelRule): RelabelRule {
  return {
    action: (raw.action as RelabelAction | undefined) ?? "replace",
    sourceLabels: raw.source_labels ?? [],
    separator: raw.separator ?? DEFAULT.separator,
    regex: raw.regex ?? DEFAULT.regex,
    targetLabel: raw.target_label,
    replacement: raw.replacement ?? DEFAULT.replacement,
    modulus: raw.modulus,
  };
}
