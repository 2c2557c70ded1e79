import type { Source, SourceError } from "../../std/index.ts";
import { parseTargetGroups } from "../config/target-groups.ts";
import type { TargetGroup } from "../config/types.ts";

export interface ReadGroups {
  /** undefined exactly when there are errors. */
  readonly groups: readonly TargetGroup[] | undefined;
  readonly errors: readonly SourceError[];
}

/**
 * Reads the list of groups that a file or HTTP discovery answers with; with one fault none of them
 * counts.
 *
 * @param common labels that every group gets, saying where it came from
 */
export function readTargetGroups(
  source: Source,
  common: Readonly<Record<string, string>>,
): ReadGroups {
  const { value, errors } = parseTargetGroups(source);
  return {
    errors,
    groups: value?.map((group) => ({ ...group, labels: { ...group.labels, ...common } })),
  };
}
