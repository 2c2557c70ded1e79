/** Names of series: {{label}} templates, and the full form when there is no template. */

/**
 * Fills `{{label}}` from a series' labels; a label it lacks leaves nothing. Without a format, and
 * for Grafana's "__auto", the whole series is named: name{a="1"}, or `expr` when it has no labels.
 */
export function formatLegend(
  format: string,
  labels: Readonly<Record<string, string>>,
  expr: string,
): string {
  if (format === "" || format === "__auto") return printSeries(labels) || expr;
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? "");
}

function printSeries(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(", ")}}`;
}
