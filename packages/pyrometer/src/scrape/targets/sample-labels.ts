/**
 * From a series as a target tells it to a series as it is stored: the target's labels added, by
 * honor_labels' rule, then metric_relabel_configs.
 *
 * Source: prometheus scrape/scrape.go, mutateSampleLabels and resolveConflictingExposedLabels
 */
import type { LabelPairs } from "../../exposition/index.ts";
import { Labels } from "../../model/index.ts";
import type { ScrapeConfig } from "../config/types.ts";

const EXPORTED_PREFIX = "exported_";

/**
 * With honor_labels the series' own labels win, and an empty one of them keeps the target's away;
 * else the target's win, and the series' move to `exported_…`.
 */
export function addTargetLabels(pairs: LabelPairs, target: Labels, honorLabels: boolean): Labels {
  return honorLabels ? Labels.from([...target, ...pairs]) : overruled(pairs, target);
}

function overruled(pairs: LabelPairs, target: Labels): Labels {
  const isClear = pairs.every(([name]) => !target.has(name));
  if (isClear) return Labels.from([...pairs, ...target]); // nearly always
  const own = new Map(pairs);
  const merged = new Map([...own, ...target]);
  for (const [name, value] of pairs) {
    if (value === "" || !target.has(name)) continue;
    let exported = EXPORTED_PREFIX + name;
    while (own.has(exported) || merged.has(exported)) exported = EXPORTED_PREFIX + exported;
    merged.set(exported, value);
  }
  return Labels.from(merged);
}

export type LabelLimits = Pick<
  ScrapeConfig,
  "labelLimit" | "labelNameLengthLimit" | "labelValueLengthLimit"
>;

/** Which limit the labels are over, in Prometheus' words; 0 is no limit. Lengths are in bytes. */
export function labelLimitProblem(labels: Labels, limits: LabelLimits): string | undefined {
  const { labelLimit, labelNameLengthLimit, labelValueLengthLimit } = limits;
  const metric = labels.metricName;
  if (labelLimit > 0 && labels.size > labelLimit) {
    return `label_limit exceeded (metric: "${metric}", number of labels: ${labels.size}, limit: ${labelLimit})`;
  }
  if (labelNameLengthLimit === 0 && labelValueLengthLimit === 0) return undefined;
  for (const [name, value] of labels) {
    const nameBytes = Buffer.byteLength(name);
    if (labelNameLengthLimit > 0 && nameBytes > labelNameLengthLimit) {
      return `label_name_length_limit exceeded (metric: "${metric}", label name: "${name}", length: ${nameBytes}, limit: ${labelNameLengthLimit})`;
    }
    const valueBytes = Buffer.byteLength(value);
    if (labelValueLengthLimit > 0 && valueBytes > labelValueLengthLimit) {
      return `label_value_length_limit exceeded (metric: "${metric}", label name: "${name}", length: ${valueBytes}, limit: ${labelValueLengthLimit})`;
    }
  }
  return undefined;
}
