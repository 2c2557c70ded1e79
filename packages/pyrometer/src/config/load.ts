import type { z } from "zod";
import { SourceError } from "../std/index.ts";
import { notYetReason } from "./fields.ts";
import type { YamlFile, YamlPath } from "./yaml.ts";

export interface Loaded<T> {
  /** undefined exactly when there are errors. */
  readonly value: T | undefined;
  readonly errors: readonly SourceError[];
  /** What is known to the original but does nothing here, and what is probably not meant. */
  readonly warnings: readonly SourceError[];
}

/** Checks a parsed file against a schema; collects every fault, each with its place. */
export function load<T>(file: YamlFile, schema: z.ZodType<T>): Loaded<T> {
  const result = schema.safeParse(file.value);
  const issues = result.success ? [] : result.error.issues;
  const errors = [...file.errors, ...issues.flatMap((issue) => toErrors(issue, file))];
  errors.sort(byPlace);
  const warnings: SourceError[] = [];
  collectNotYet(schema, file.value, [], (path, why) => {
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
  return [problemAt(file, { code: "config/value", problem: issue.message, path: issue.path })];
}

type Found = (path: YamlPath, why: string) => void;

/** Walks schema and value together, reporting each field present that was declared notYet(). */
function collectNotYet(
  schema: z.core.$ZodType,
  value: unknown,
  path: YamlPath,
  found: Found,
): void {
  if (value === null || value === undefined) return;
  const why = notYetReason(schema);
  if (why !== undefined) return found(path, why);
  const { def } = schema._zod as { def: SchemaDef };
  switch (def.type) {
    case "object":
      for (const [key, field] of Object.entries(def.shape ?? {})) {
        collectNotYet(field, (value as Record<string, unknown>)[key], [...path, key], found);
      }
      return;
    case "record":
      for (const [key, field] of Object.entries(value)) {
        if (def.valueType) collectNotYet(def.valueType, field, [...path, key], found);
      }
      return;
    case "array":
      if (!Array.isArray(value) || !def.element) return;
      for (const [index, item] of value.entries())
        collectNotYet(def.element, item, [...path, index], found);
      return;
    case "union":
      for (const option of def.options ?? []) collectNotYet(option, value, path, found);
      return;
    case "pipe":
      for (const part of [def.in, def.out]) if (part) collectNotYet(part, value, path, found);
      return;
    default:
      if (def.innerType) collectNotYet(def.innerType, value, path, found);
  }
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
