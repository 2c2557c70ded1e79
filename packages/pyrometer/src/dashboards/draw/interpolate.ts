/**
 * Fills variables into queries and texts: $name, ${name}, ${name:format}, [[name]].
 *
 * Values are data, not query text. In a query they are escaped for the place where PromQL expects
 * them, in a pair of quotes: one value as it is, several as a regular expression (a|b).
 * Source: grafana.com/docs, "Variable syntax" and "Prometheus template variables"
 */
export interface VariableValues {
  /** What is chosen: empty is nothing known yet. */
  readonly values: readonly string[];
  /** May hold several: interpolates as a regular expression even when it holds one. */
  readonly isMulti: boolean;
  /** Stands for all of it as it is, unescaped: the author's own regular expression. */
  readonly raw?: string;
}

export type VariableLookup = (name: string) => VariableValues | string | undefined;

export const ALL_VALUE = "$__all";

const REFERENCE = /\$(\w+)|\$\{(\w+)(?:\.[^:^}]+)?(?::([^}]+))?\}|\[\[(\w+?)(?::(\w+))?\]\]/g;

/** Fills a PromQL query. Names that nobody knows stay as they are, so that the error names them. */
export function interpolateQuery(query: string, lookup: VariableLookup): string {
  return replace(query, lookup, (variable, format) =>
    format === undefined ? forPromQl(variable) : formatValues(variable, format),
  );
}

/** Fills a title or a text: values as they are, several between commas. */
export function interpolateText(text: string, lookup: VariableLookup): string {
  return replace(text, lookup, (variable, format) => formatValues(variable, format ?? "text"));
}

function replace(
  text: string,
  lookup: VariableLookup,
  print: (variable: VariableValues, format: string | undefined) => string,
): string {
  return text.replace(
    REFERENCE,
    (whole, plain?: string, braced?: string, format?: string, old?: string, oldFormat?: string) => {
      const found = lookup(plain ?? braced ?? old ?? "");
      if (found === undefined) return whole;
      return typeof found === "string" ? found : print(found, format ?? oldFormat);
    },
  );
}

function forPromQl({ values, isMulti, raw }: VariableValues): string {
  if (raw !== undefined) return raw;
  if (!isMulti) return escapeQuoted(values[0] ?? "");
  const patterns = values.map(escapeRegexInQuotes);
  return patterns.length === 1 ? patterns[0]! : `(${patterns.join("|")})`;
}

/** For a place between double quotes. */
function escapeQuoted(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function escapeRegex(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A regular expression for this very text, in double quotes: its backslashes are doubled. */
function escapeRegexInQuotes(value: string): string {
  return escapeQuoted(escapeRegex(value));
}

function formatValues({ values, raw }: VariableValues, format: string): string {
  if (raw !== undefined && format !== "text") return raw;
  switch (format) {
    case "regex": {
      const patterns = values.map(escapeRegex);
      return patterns.length === 1 ? patterns[0]! : `(${patterns.join("|")})`;
    }
    case "pipe":
      return values.join("|");
    case "csv":
    case "raw":
      return values.join(",");
    case "json":
      return JSON.stringify(values.length === 1 ? values[0] : values);
    case "singlequote":
      return values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(",");
    case "doublequote":
      return values.map((value) => `"${value.replaceAll('"', '\\"')}"`).join(",");
    case "sqlstring":
      return values.map((value) => `'${value.replaceAll("'", "''")}'`).join(",");
    case "glob":
      return values.length > 1 ? `{${values.join(",")}}` : (values[0] ?? "");
    case "percentencode":
      return encodeURIComponent(values.join(","));
    default:
      return values.join(" + ");
  }
}
