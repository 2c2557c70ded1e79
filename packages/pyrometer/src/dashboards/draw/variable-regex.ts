/**
 * A variable's filter, `/pattern/flags` or a bare pattern, run by RE2 in linear time. A file of its
 * own: a browser fetches RE2 only for the dashboards that have such a filter.
 */
import { RE2JS, RE2JSException } from "re2js";

/**
 * The first group of a match (one named "value" before others), the whole text where the pattern
 * has no groups; undefined for a text that does not match. A pattern that RE2 refuses picks all.
 */
export function compileVariableRegex(regex: string): (text: string) => string | undefined {
  const [, slashed, flags = ""] = /^\/([\s\S]*)\/([a-z]*)$/.exec(regex) ?? [];
  const compiled = compile(slashed ?? regex, flags.includes("i"));
  if (compiled === undefined) return (text) => text;
  const names = compiled.namedGroups();
  const group = names.value ?? 1;
  const hasGroups = compiled.groupCount() > 0;
  return (text) => {
    const matcher = compiled.matcher(text);
    if (!matcher.find()) return undefined;
    return hasGroups ? (matcher.group(group) ?? undefined) : text;
  };
}

function compile(pattern: string, ignoresCase: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
