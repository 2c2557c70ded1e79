/**
 * The classic matcher syntax: `{foo="bar", baz!~"qu.x", }` or bare `foo=bar`. Forgiving: quotes
 * are optional, a stray backslash stands for itself.
 * Source: alertmanager pkg/labels.ParseMatchers
 */
import type { Matcher, MatchOperator } from "../../model/index.ts";
import { createAlertMatcher } from "./matcher.ts";
import { MatcherError } from "./matcher-error.ts";

const SHAPE = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*([\s\S]*?)\s*$/;

/** @throws {MatcherError | RegexError} */
export function parseClassicMatchers(input: string): Matcher[] {
  return splitAtCommas(input.replace(/^\{/, "").replace(/\}$/, "")).map(parseClassicMatcher);
}

/** At commas outside double quotes. An escaped quote does not open or close. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  let isEscaped = false;
  for (const char of text) {
    if (char === "," && !isQuoted) {
      parts.push(part);
      part = "";
      continue;
    }
    if (char === '"' && !isEscaped) isQuoted = !isQuoted;
    isEscaped = char === "\\" ? !isEscaped : false;
    part += char;
  }
  const rest = part.trim();
  return rest === "" ? parts : [...parts, rest];
}

/** @throws {MatcherError | RegexError} */
export function parseClassicMatcher(text: string): Matcher {
  const match = SHAPE.exec(text);
  if (match === null) throw new MatcherError(`bad matcher format: ${text}`);
  const [, name = "", operator = "", raw = ""] = match;
  return createAlertMatcher(name, operator as MatchOperator, unquote(raw));
}

function unquote(raw: string): string {
  const isQuoted = raw.startsWith('"');
  const text = isQuoted ? raw.slice(1) : raw;
  const problem = `matcher value contains unescaped double quote: ${raw}`;
  let value = "";
  let isClosed = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    const isLast = i === text.length - 1;
    if (char === "\\" && !isLast) {
      const next = text[++i]!;
      value += next === "n" ? "\n" : next === '"' || next === "\\" ? next : `\\${next}`;
    } else if (char === '"') {
      if (!isQuoted || !isLast) throw new MatcherError(problem);
      isClosed = true;
    } else value += char;
  }
  if (isQuoted && !isClosed) throw new MatcherError(problem);
  return value;
}
