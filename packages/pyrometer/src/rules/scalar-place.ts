/**
 * Where a part of a YAML text stands in the file.
 *
 * A parser of what is inside (PromQL, a template) counts in the text's own characters; in the file
 * there are quotes, escapes and the indentation of block scalars in between. Walking both together
 * gives each character its place; where they cannot be walked together (an alias), the whole
 * scalar is the place.
 */
import type { YamlFile, YamlPath } from "../config/index.ts";
import type { Span } from "../std/index.ts";

/** @param within a span of the scalar's text */
export function placeInScalar(
  file: YamlFile,
  path: YamlPath,
  { text, within }: { readonly text: string; readonly within: Span },
): Span {
  const whole = file.spanOf(path);
  const raw = file.source.text.slice(whole.start, whole.end);
  const places = align(raw, text);
  const start = places?.[Math.min(within.start, text.length)];
  const end = places?.[Math.min(within.end, text.length)];
  if (start === undefined || end === undefined) return whole;
  return { start: whole.start + start, end: whole.start + Math.max(end, start + 1) };
}

/** For each character of `text`, and its end, an offset in `raw`; undefined when they differ. */
function align(raw: string, text: string): number[] | undefined {
  const style = raw[0];
  let at = startOf(raw);
  const places: number[] = [];
  for (const char of text.split("")) {
    if (isBlank(char)) {
      places.push(Math.min(at, raw.length));
      if (isBlank(raw[at])) at += 1;
      else if (style === '"' && raw[at] === "\\") at += escapeLength(raw, at);
      continue;
    }
    at = skipLayout(raw, at, style);
    places.push(at);
    if (style === '"' && raw[at] === "\\") at += escapeLength(raw, at);
    else if (style === "'" && raw.startsWith("''", at)) at += 2;
    else if (raw[at] === char) at += 1;
    else return undefined;
  }
  places.push(Math.min(at, raw.length));
  return places;
}

/** Past the opening quote, or past a block scalar's header line. */
function startOf(raw: string): number {
  if (raw[0] === '"' || raw[0] === "'") return 1;
  if (raw[0] === "|" || raw[0] === ">") return raw.indexOf("\n") + 1;
  return 0;
}

/** Past indentation and, in double quotes, escaped line ends. */
function skipLayout(raw: string, at: number, style: string | undefined): number {
  for (;;) {
    if (isBlank(raw[at])) at += 1;
    else if (style === '"' && raw[at] === "\\" && isBlank(raw[at + 1])) at += 2;
    else return at;
  }
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r";
}

const LONG_ESCAPES: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function escapeLength(raw: string, at: number): number {
  return LONG_ESCAPES[raw[at + 1] ?? ""] ?? 2;
}
