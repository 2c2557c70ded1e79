/**
 * Which names Prometheus takes in text format 0.0.4. Newer servers take any UTF-8, older ones and
 * most agents do not, and a client cannot know who will scrape it.
 */
import { MetricError } from "./metric-error.ts";

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** @throws {MetricError} "client/name" when `name` cannot name a metric */
export function checkMetricName(name: string): void {
  if (METRIC_NAME.test(name)) return;
  throw new MetricError(
    "client/name",
    `Cannot define metric "${name}": not a metric name, expected letters, digits, "_" and ":", ` +
      "not starting with a digit",
  );
}

/**
 * @param reserved names that the metric's own series carry, like a histogram's `le`
 * @throws {MetricError} "client/label" when a name is malformed, reserved or there twice
 */
export function checkLabelNames(
  metric: string,
  names: readonly string[],
  reserved: readonly string[],
): void {
  for (const [index, name] of names.entries()) {
    const problem = labelProblem(name, names.indexOf(name) !== index, reserved);
    if (problem === undefined) continue;
    throw new MetricError("client/label", `Cannot define metric "${metric}": ${problem}`);
  }
}

function labelProblem(
  name: string,
  isRepeated: boolean,
  reserved: readonly string[],
): string | undefined {
  if (!LABEL_NAME.test(name)) {
    return `"${name}" is not a label name, expected letters, digits and "_"`;
  }
  if (name.startsWith("__")) return `label "${name}" is reserved, expected no leading "__"`;
  if (reserved.includes(name)) return `label "${name}" is set by the metric, expected another name`;
  if (isRepeated) return `label "${name}" is there twice, expected it once`;
  return undefined;
}
