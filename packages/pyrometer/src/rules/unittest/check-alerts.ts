/** Holds the alerts that fire at a moment against those a test expects. */
import { Labels } from "../../model/index.ts";
import type { GroupRunner } from "../group-runner.ts";
import type { Item } from "./difference.ts";
import { describeDifferences } from "./difference.ts";
import { isSameNumber } from "./same-number.ts";
import type { AlertTest } from "./test-file.ts";

/** Lines that say what differs; none when all is as expected. */
export function checkAlerts(
  { alertname, exp_alerts: expectedAlerts }: AlertTest,
  groups: readonly GroupRunner[],
): string[] {
  const expected = expectedAlerts.map(({ exp_labels: labels, exp_annotations: annotations }) =>
    // Nobody writes the name down again, and where somebody does it is not looked at.
    toItem(Labels.from({ ...labels, alertname }), annotations),
  );
  return describeDifferences({ expected, actual: firing(alertname, groups) }, isSameNumber);
}

/** Rules of one name in different groups are taken together, as in promtool. */
function firing(alertName: string, groups: readonly GroupRunner[]): Item[] {
  return groups
    .flatMap(({ records }) => records)
    .filter(({ rule }) => rule.kind === "alerting" && rule.config.name === alertName)
    .flatMap(({ memory }) => [...memory.alerts.values()])
    .filter(({ state }) => state === "firing")
    .map(({ labels, annotations }) => toItem(labels, annotations));
}

function toItem(labels: Labels, annotations: Readonly<Record<string, string>>): Item {
  // Empty ones count: unlike a label, an annotation of no text is there.
  const fields = Object.entries(annotations);
  return { labels, fields: new Map(fields.map(([name, text]) => [`annotation ${name}`, text])) };
}
