/** Matchers as a person writes them in the silence form, one a line. */
import type { LabelSet, SilenceMatcher } from "../api/types.ts";

const LINE = /^([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(\S.*))$/;

export function parseMatchers(
  text: string,
): { readonly matchers: readonly SilenceMatcher[] } | { readonly problem: string } {
  const matchers: SilenceMatcher[] = [];
  for (const line of text.split("\n")) {
    const trimmed = line.trim().replace(/,$/, "");
    if (trimmed === "") continue;
    const match = LINE.exec(trimmed);
    if (!match) return { problem: `Cannot read matcher "${trimmed}": expected name="value"` };
    const [, name, operator, quoted, bare] = match;
    matchers.push({
      name: name!,
      value: quoted?.replace(/\\(["\\])/g, "$1") ?? bare ?? "",
      isRegex: operator!.endsWith("~"),
      isEqual: !operator!.startsWith("!"),
    });
  }
  if (matchers.length === 0)
    return { problem: "Cannot silence everything: name one label at least" };
  return { matchers };
}

export function printMatchers(labels: LabelSet): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, "\\$&")}"`)
    .join("\n");
}

export function printMatcher({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  return `${name}${isEqual ? "=" : "!"}${isRegex ? "~" : isEqual ? "" : "="}"${value}"`;
}
