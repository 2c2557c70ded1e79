/**
 * Checks across the fields of a section. The words are Prometheus' own wherever it has some, so
 * that what a person searches for is what others have written about.
 */
import type { z } from "zod";

/** What is wrong, with `at` when one field is to blame: its value, or its key. */
export type Problem =
  | string
  | {
      readonly at: readonly PropertyKey[];
      readonly text: string;
      readonly isAboutKey?: boolean;
    };

/** Reports the first problem that `find` sees in a section whose fields are fine by themselves. */
export function refined<T extends z.ZodType>(
  schema: T,
  find: (value: z.output<T>) => Problem | undefined,
): T {
  return schema.superRefine((value, context) => {
    const problem = find(value);
    if (problem === undefined) return;
    const { at, text, isAboutKey } =
      typeof problem === "string" ? { at: [], text: problem, isAboutKey: false } : problem;
    const params = { isAboutKey: isAboutKey ?? false };
    context.addIssue({ code: "custom", message: text, path: [...at], params });
  });
}

export function countSet(...values: readonly unknown[]): number {
  return values.filter((value) => value !== undefined && value !== "").length;
}
