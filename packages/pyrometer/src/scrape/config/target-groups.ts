/**
 * Target groups: what static_configs holds, and what file and HTTP discovery deliver.
 * Source: prometheus/discovery/targetgroup
 */
import { z } from "zod";
import type { Loaded } from "../../config/index.ts";
import { listOf, load, parseYaml, quoted, section, text } from "../../config/index.ts";
import { isUtf8Name } from "../../model/index.ts";
import type { Source } from "../../std/index.ts";
import type { TargetGroup } from "./types.ts";

/** Label sets whose names are checked one by one, so that the wrong one is pointed at. */
export const labelSet = () =>
  z
    .record(z.string(), text(), { error: "Cannot read labels: expected a mapping" })
    .superRefine((labels, context) => {
      for (const name of Object.keys(labels)) {
        if (isUtf8Name(name)) continue;
        const message = `${quoted(name)} is not a valid label name`;
        const params = { isAboutKey: true };
        context.addIssue({ code: "custom", message, path: [name], params });
      }
    });

const groupFields = {
  targets: listOf(text()).default([]),
  labels: labelSet().default({}),
};

export const staticGroups = () =>
  listOf(section("targetgroup.Group", groupFields), "empty or null section in static_configs");
export type RawGroup = z.output<ReturnType<typeof staticGroups>>[number];

const document = listOf(section("targetgroup.Group", groupFields), "nil target group item found");

/**
 * Reads the document of a file or HTTP discovery, YAML or JSON (which is YAML).
 *
 * `source` of each group is the document's name and the group's place in it.
 */
export function parseTargetGroups(source: Source): Loaded<readonly TargetGroup[]> {
  const file = parseYaml(source);
  if (file.value === null) return { value: [], errors: file.errors, warnings: [] };
  const { value, errors, warnings } = load(file, document);
  return { value: value && toTargetGroups(value, source.name), errors, warnings };
}

export function toTargetGroups(
  groups: readonly RawGroup[],
  sourceName: string,
): readonly TargetGroup[] {
  return groups.map(({ targets, labels }, index) => ({
    source: `${sourceName}:${index}`,
    targets: targets.map((address) => ({ __address__: address })),
    labels,
  }));
}
