/** The shape of a rule file, before its fields are checked against each other. */
import { z } from "zod";
import { durationMs, integer, listOf, mapOf, section, text } from "../config/index.ts";

/** A bare `key:` is an empty text, as in Go. */
export const texts = () => mapOf(z.preprocess((value) => (value === null ? "" : value), text()));

const rule = section("rulefmt.Rule", {
  record: text().optional(),
  alert: text().optional(),
  expr: text().optional(),
  for: durationMs().optional(),
  keep_firing_for: durationMs().optional(),
  labels: texts().optional(),
  annotations: texts().optional(),
});

const group = section("rulefmt.RuleGroup", {
  name: text().optional(),
  interval: durationMs().optional(),
  query_offset: durationMs().optional(),
  limit: integer().optional(),
  labels: texts().optional(),
  rules: listOf(rule).optional(),
});

export const ruleFile = section("rulefmt.RuleGroups", { groups: listOf(group).optional() });

export type RuleSection = z.infer<typeof rule>;
export type GroupSection = z.infer<typeof group>;
