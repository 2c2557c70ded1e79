import type { z } from "zod";
import { SourceError } from "../std/index.ts";
import { notYetReason, sectionTypeName } from "./fields.ts";
import type { YamlFile, YamlPath, YamlValue } from "./yaml.ts";

export interface Loaded<T> {
  /** undefined exactly when there are errors. */
  readonly value: T | undefined;
  readonly errors: readonly SourceError[];
  /** What is known to the original but does nothing here, and what is probably not meant. */
  readonly warnings: readonly SourceError[];
}

export interface LoadOptions {
  /** What a key is that the schema does not know. As a warning it is left out and the rest counts. */
  readonly unknownKeys?: "error" | "warning";
}

/** Checks a parsed file against a schema; collects every fault, each with its place. */
export function load<T>(
  file: YamlFile,
  schema: z.ZodType<T>,
  { unknownKeys = "error" }: LoadOptions = {},
): Loaded<T> {
  const strict = schema.safeParse(file.value);
  const allIssues = strict.success ? [] : strict.error.issues;
  const unknown = allIssues.filter(({ code }) => code === "unrecognized_keys");
  const isLenient = unknownKeys === "warning" && unknown.length > 0;
  const result = isLenient ? schema.safeParse(withoutKeys(file.value, unknown)) : strict;
  const issues = result.success ? [] : result.error.issues;
  const own = file.errors.map((error) => withTypeName(error, file, schema));
  const errors = [...own, ...issues.flatMap((issue) => toErrors(issue, file))];
  errors.sort(byPlace);
  const warnings = isLenient ? unknown.flatMap((issue) => toErrors(issue, file)) : [];
  collectNotYet(schema, { value: file.value, path: [] }, (path, why) => {
    const problem = `Cannot honour "${String(path.at(-1))}" yet: it has no effect${why && `, ${why}`}`;
    warnings.push(problemAt(file, { code: "config/not-yet", problem, path, isAboutKey: true }));
  });
  warnings.sort(byPlace);
  return {
    value: errors.length === 0 && result.success ? result.data : undefined,
    errors,
    warnings,
  };
}

export interface Problem {
  /** "room/kind", documented in docs/errors.md. */
  readonly code: string;
  readonly problem: string;
  readonly path: YamlPath;
  /** Point at the key rather than the value. */
  readonly isAboutKey?: boolean;
  readonly hint?: string;
}

/** A SourceError at a path of the file, for checks that go across fields. */
export function problemAt(
  file: YamlFile,
  { code, problem, path, isAboutKey, hint }: Problem,
): SourceError {
  const span = isAboutKey ? file.keySpanOf(path) : file.spanOf(path);
  return new SourceError(code, problem, { source: file.source, span, hint });
}

/** Says of a key given twice which kind of section it stood in, as Prometheus does. */
function withTypeName(error: SourceError, file: YamlFile, schema: z.core.$ZodType): SourceError {
  const twice = file.duplicates.find((duplicate) => duplicate.error === error);
  const typeName = twice && typeNameAt(schema, twice.path.slice(0, -1));
  if (!twice || typeName === undefined) return error;
  const problem = `field ${String(twice.path.at(-1))} already set in type ${typeName}`;
  return new SourceError(error.code, problem, error);
}

function typeNameAt(schema: z.core.$ZodType, path: YamlPath): string | undefined {
  const { def } = schema._zod as { def: SchemaDef };
  if (path.length === 0) {
    const inner = def.innerType ?? def.in;
    return sectionTypeName(schema) ?? (inner && typeNameAt(inner, path));
  }
  const [key, ...rest] = path;
  const next = def.shape?.[String(key)] ?? def.element ?? def.valueType;
  if (next) return typeNameAt(next, rest);
  const parts = [def.innerType, def.in, def.out].filter((part) => part !== undefined);
  return parts.map((part) => typeNameAt(part, path)).find((name) => name !== undefined);
}

/** A copy of `value` without the keys that `issues` do not recognise. */
function withoutKeys(value: YamlValue, issues: readonly z.core.$ZodIssue[]): YamlValue {
  const copy = structuredClone(value);
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    let section: unknown = copy;
    for (const key of issue.path) section = (section as Record<PropertyKey, unknown>)[key];
    for (const key of issue.keys) delete (section as Record<string, unknown>)[key];
  }
  return copy;
}

function byPlace(a: SourceError, b: SourceError): number {
  return a.span.start - b.span.start;
}

function toErrors(issue: z.core.$ZodIssue, file: YamlFile): SourceError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      problemAt(file, {
        code: "config/unknown-key",
        problem: `Cannot read key "${key}": field ${key} not found in type ${issue.message}`,
        path: [...issue.path, key],
        isAboutKey: true,
      }),
    );
  }
  const nested = issue.code === "invalid_union" ? issue.errors.at(-1)?.at(-1) : undefined;
  if (nested) return toErrors({ ...nested, path: [...issue.path, ...nested.path] }, file);
  const isAboutKey = issue.code === "custom" && issue.params?.isAboutKey === true;
  const { message: problem, path } = issue;
  return [problemAt(file, { code: "config/value", problem, path, isAboutKey })];
}

type Found = (path: YamlPath, why: string) => void;

/** Walks schema and value together, reporting each field present that was declared notYet(). */
function collectNotYet(schema: z.core.$ZodType, { value, path }: Place, found: Found): void {
  if (value === null || value === undefined) return;
  const why = notYetReason(schema, value);
  if (why !== undefined) return found(path, why);
  const { def } = schema._zod as { def: SchemaDef };
  const here = (part: z.core.$ZodType | undefined) =>
    part && collectNotYet(part, { value, path }, found);
  const below = (part: z.core.$ZodType | undefined, key: PropertyKey, field: unknown) =>
    part && collectNotYet(part, { value: field, path: [...path, key] }, found);
  switch (def.type) {
    case "object":
      for (const [key, field] of Object.entries(def.shape ?? {})) {
        below(field, key, (value as Record<string, unknown>)[key]);
      }
      return;
    case "record":
      for (const [key, field] of Object.entries(value)) below(def.valueType, key, field);
      return;
    case "array":
      if (!Array.isArray(value)) return;
      for (const [index, item] of value.entries()) below(def.element, index, item);
      return;
    case "union":
      for (const option of def.options ?? []) here(option);
      return;
    case "pipe":
      here(def.in);
      here(def.out);
      return;
    default:
      here(def.innerType);
  }
}

interface Place {
  readonly value: unknown;
  readonly path: YamlPath;
}

/** The parts of zod's schema definitions that the walk follows. */
interface SchemaDef {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly in?: z.core.$ZodType;
  readonly out?: z.core.$ZodType;
  readonly innerType?: z.core.$ZodType;
}
