/**
 * The kinds of value a section's fields have, as zod schemas over YamlValue. Rooms build their
 * sections from these; this room knows no section.
 */
import { z } from "zod";
import { compileTest, RegexError } from "../model/index.ts";
import { parseDuration } from "../std/index.ts";

/** A text; numbers and booleans in the file are taken as written. */
export const text = () => z.string({ error: (issue) => wanted("a text", issue.input) });

export const boolean = () =>
  text().transform((value, context) => {
    if (/^(true|True|TRUE|yes|Yes|YES|on|On|ON|y|Y)$/.test(value)) return true;
    if (/^(false|False|FALSE|no|No|NO|off|Off|OFF|n|N)$/.test(value)) return false;
    return refuse(context, `Cannot read "${value}": expected true or false`);
  });

export const integer = () =>
  text().transform((value, context) => {
    const number = /^[-+]?(0x[0-9a-fA-F]+|[\d_]+)$/.test(value)
      ? Number(value.replaceAll("_", ""))
      : NaN;
    if (Number.isSafeInteger(number)) return number;
    return refuse(context, `Cannot read "${value}": expected a whole number`);
  });

export const float = () =>
  text().transform((value, context) => {
    const number = value.trim() === "" ? NaN : Number(value);
    if (!Number.isNaN(number)) return number;
    return refuse(context, `Cannot read "${value}": expected a number`);
  });

/** A Prometheus duration; becomes milliseconds. */
export const durationMs = () =>
  text().transform((value, context) => {
    const parsed = parseDuration(value);
    return "ms" in parsed ? parsed.ms : refuse(context, parsed.problem);
  });

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 0,
  KB: 1,
  KiB: 1,
  MB: 2,
  MiB: 2,
  GB: 3,
  GiB: 3,
  TB: 4,
  TiB: 4,
  PB: 5,
  PiB: 5,
  EB: 6,
  EiB: 6,
};

/** A whole number that is not negative: limits, ports, counts. */
export const count = () =>
  integer().transform((value, context) =>
    value >= 0 ? value : refuse(context, `Cannot read "${value}": expected 0 or more`),
  );

/** A size like 10MB; becomes bytes. Powers of 1024 whatever the spelling, as in Prometheus. */
export const sizeBytes = () =>
  text().transform((value, context) => {
    if (value === "0") return 0;
    const [, digits = "", unit = ""] = /^(-?\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(value) ?? [];
    const power = SIZE_UNITS[unit];
    if (digits !== "" && power !== undefined) return Math.trunc(Number(digits) * 1024 ** power);
    const problem = `units: unknown unit ${unit} in ${value}`;
    return refuse(
      context,
      `Cannot parse size "${value}": ${problem}, expected B, KB, MB, GB, TB, PB or EB`,
    );
  });

/** An RE2 regular expression, anchored; stays a text. */
export const regex = () =>
  text().check((context) => {
    try {
      compileTest(context.value);
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      context.issues.push({
        code: "custom",
        input: context.value,
        message: `Cannot compile regex "${context.value}": ${error.message}`,
      });
    }
  });

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, {
    error: (issue) => `Cannot read "${String(issue.input)}": expected one of ${words.join(", ")}`,
  });

/**
 * A mapping with these fields and no others. A field that is null counts as absent, as in Go.
 *
 * @param typeName what errors call the section: "field x not found in type <typeName>"
 */
export function section<T extends z.core.$ZodLooseShape>(typeName: string, fields: T) {
  const strict = z.strictObject(fields, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? typeName : wanted("a mapping", issue.input),
  });
  const field = z.preprocess(dropNulls, strict);
  sectionTypes.add(field, { typeName });
  return field;
}

const sectionTypes = z.registry<{ readonly typeName: string }>();

/** What errors call a section, when `schema` is one. */
export function sectionTypeName(schema: z.core.$ZodType): string | undefined {
  return sectionTypes.get(schema as z.ZodType)?.typeName;
}

/** A list; null is an empty one. A null element is refused with `nullProblem` when that is given. */
export function listOf<T extends z.ZodType>(element: T, nullProblem?: string) {
  const items =
    nullProblem === undefined
      ? element
      : z.preprocess((value, context) => {
          if (value === null) context.addIssue({ code: "custom", message: nullProblem });
          return value;
        }, element);
  return z.array(items as T, { error: (issue) => wanted("a list", issue.input) });
}

/** A mapping from any name to `value`. */
export const mapOf = <T extends z.ZodType>(value: T) =>
  z.record(z.string(), value, { error: (issue) => wanted("a mapping", issue.input) });

interface NotYet {
  readonly why: string;
  readonly honoured: readonly string[];
}

const notYetHonoured = z.registry<NotYet>();

/**
 * A field that Prometheus or Alertmanager knows and we do not honour yet: its content is checked
 * with `schema`, and a warning at its place says that it does nothing.
 *
 * @param honoured values that ask for what we do anyway, like "false"; they bring no warning
 */
export function notYet<T extends z.ZodType = z.ZodUnknown>(
  schema?: T,
  why = "",
  honoured: readonly string[] = [],
) {
  const field = (schema ?? z.unknown()).optional();
  notYetHonoured.add(field, { why, honoured });
  return field as z.ZodOptional<T>;
}

/** Why a field does nothing, when it was declared with notYet(). */
export function notYetReason(schema: z.core.$ZodType, value: unknown): string | undefined {
  const entry = notYetHonoured.get(schema as z.ZodType);
  if (entry === undefined) return undefined;
  return entry.honoured.includes(String(value)) ? undefined : entry.why;
}

function dropNulls(value: unknown): unknown {
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

function wanted(what: string, input: unknown): string {
  const found = Array.isArray(input)
    ? "a list"
    : input === null
      ? "nothing"
      : typeof input === "object"
        ? "a mapping"
        : input === undefined
          ? "nothing"
          : "a text";
  return `Cannot read this value: it is ${found}, expected ${what}`;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
