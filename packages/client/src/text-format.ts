/**
 * Prints values and texts as Prometheus' own Go code does, so that two scrapes of equal numbers
 * are equal bytes whoever wrote them.
 *
 * Source: prometheus.io/docs/instrumenting/exposition_formats, text format 0.0.4;
 * Go strconv.FormatFloat(value, 'g', -1, 64)
 */
export const CONTENT_TYPE_TEXT = "text/plain; version=0.0.4; charset=utf-8";

/** Go's 'g' leaves plain digits for an exponent when a number is this large, or this small. */
const EXPONENT_FROM = 1e6;
const EXPONENT_BELOW = 1e-4;

/** The shortest digits that read back as `value`, in Go's shape: 1e+06, 2.5e-05, +Inf, NaN. */
export function formatValue(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const size = Math.abs(value);
  if (value === 0 || (EXPONENT_BELOW <= size && size < EXPONENT_FROM)) return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (size === Infinity) return value > 0 ? "+Inf" : "-Inf";
  // Both print the shortest digits; Go pads the exponent to two.
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

export function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabelValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

/** `a="x",b="y"`, without braces: a histogram adds its own label to it. */
export function formatLabels(names: readonly string[], values: readonly string[]): string {
  return names.map((name, i) => `${name}="${escapeLabelValue(values[i] ?? "")}"`).join(",");
}

/** One line of a scrape, without its line break. */
export function formatSample(name: string, labels: string, value: number): string {
  return labels === ""
    ? `${name} ${formatValue(value)}`
    : `${name}{${labels}} ${formatValue(value)}`;
}
