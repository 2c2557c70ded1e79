/**
 * Reads JSON, and says where it breaks. V8's message names the place in some cases only and in
 * words that change by version, so a file that does not parse is walked once more, by us.
 */
import type { Source, Span } from "../std/index.ts";
import { SourceError } from "../std/index.ts";
import { DEPTH_MAX, FILE_CHARS_MAX } from "./limits.ts";

/** An object of a foreign file: nothing about its fields is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export type ParsedJson = { readonly value: unknown } | { readonly error: SourceError };

export function parseJson(source: Source): ParsedJson {
  const { text } = source;
  const fail = (code: string, problem: string, span: Span) => ({
    error: new SourceError(code, problem, { source, span }),
  });
  if (text.length > FILE_CHARS_MAX) {
    const problem = `Cannot read the dashboard: it has ${text.length} characters, at most ${FILE_CHARS_MAX} are read`;
    return fail("dashboards/too-large", problem, { start: 0, end: 1 });
  }
  const tooDeepAt = offsetOfDepth(text, DEPTH_MAX + 1);
  if (tooDeepAt !== undefined) {
    const problem = `Cannot read the dashboard: its values nest more than ${DEPTH_MAX} deep`;
    return fail("dashboards/too-deep", problem, { start: tooDeepAt, end: tooDeepAt + 1 });
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { offset, wanted } = findFault(text);
    const found = offset < text.length ? `"${text.charAt(offset)}"` : "the end of the file";
    const problem = `Cannot parse JSON: found ${found}, expected ${wanted}`;
    return fail("dashboards/json", problem, { start: offset, end: offset + 1 });
  }
}

/** Where brackets first nest `depth` deep, texts aside. */
function offsetOfDepth(text: string, depth: number): number | undefined {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfText(text, i);
    else if (char === "{" || char === "[") {
      if (++open >= depth) return i;
    } else if (char === "}" || char === "]") open -= 1;
  }
  return undefined;
}

/** The offset of the quote that ends the text beginning at `start`; the file's length if none. */
function endOfText(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return Math.min(i, text.length);
}

interface Fault {
  readonly offset: number;
  readonly wanted: string;
}

const SPACE = /[ \t\n\r]*/y;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
// U+0020 to U+FFFF without the quote (22) and the backslash (5c).
const TEXT = /"(?:[\u0020\u0021\u0023-\u005b\u005d-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Walks text that does not parse to where it stops being JSON. Depth is limited by the caller. */
function findFault(text: string): Fault {
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const take = (char: string): boolean => {
    skip(SPACE);
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };
  const value = (): string | undefined => {
    if (take("{")) return members("}", pair);
    if (take("[")) return members("]", value);
    return skip(ATOM) || skip(TEXT) ? undefined : "a value";
  };
  const pair = (): string | undefined => {
    skip(SPACE);
    if (!skip(TEXT)) return "a field name in double quotes";
    return take(":") ? value() : '":"';
  };
  const members = (close: string, member: () => string | undefined): string | undefined => {
    if (take(close)) return undefined;
    for (;;) {
      const wanted = member();
      if (wanted !== undefined) return wanted;
      if (take(close)) return undefined;
      if (!take(",")) return `"," or "${close}"`;
    }
  };
  const wanted = value();
  skip(SPACE);
  return { offset: at, wanted: wanted ?? "the end of the file" };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object that `value` is, or one without fields. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The objects in the list that `value` is, at most `countMax`. */
export function objectsOf(value: unknown, countMax: number): JsonObject[] {
  return listOf(value).slice(0, countMax).filter(isObject);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, cut to `lengthMax`; numbers as printed; anything else is "". */
export function textOf(value: unknown, lengthMax: number): string {
  if (typeof value === "string") return value.slice(0, lengthMax);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** A number; also one written as a text, as old dashboards do ("min": "0"). */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** One of a few words, or the first of them. */
export function wordOf<const T extends readonly [string, ...string[]]>(
  value: unknown,
  words: T,
): T[number] {
  return words.find((word) => word === value) ?? words[0];
}
