import { RE2JS } from "re2js";

/** Whether `text` matches, from its first character to its last. */
export type TextTest = (text: string) => boolean;

/** A pattern that RE2 refuses. The caller, who knows where it stood, makes a SourceError of it. */
export class RegexError extends Error {
  override readonly name = "RegexError";
}

/**
 * Compiles a user's regular expression, anchored at both ends as Prometheus anchors it.
 *
 * RE2 runs in linear time whatever the pattern (invariant 8). `.` matches newlines, as there.
 * Literals and alternations of literals, most of what people write, never reach the engine.
 * @throws {RegexError} when RE2 refuses the pattern
 */
export function compileTest(pattern: string): TextTest {
  const literals = literalAlternatives(pattern);
  if (literals?.length === 1) {
    const only = literals[0]!;
    return (text) => text === only;
  }
  if (literals) {
    const set = new Set(literals);
    return (text) => set.has(text);
  }
  if (pattern === ".*") return () => true;
  if (pattern === ".+") return (text) => text !== "";
  const compiled = compile(pattern);
  return (text) => compiled.matches(text);
}

/** An anchored regular expression with its capture groups. */
export interface Capture {
  /** `template` with $1, ${1}, ${name} filled from the groups; undefined when `text` differs. */
  expand(text: string, template: string): string | undefined;
  test: TextTest;
}

/** @throws {RegexError} when RE2 refuses the pattern */
export function compileCapture(pattern: string): Capture {
  const compiled = compile(pattern);
  const groupNames = compiled.namedGroups();
  return {
    test: (text) => compiled.matches(text),
    expand(text, template) {
      const matcher = compiled.matcher(text);
      if (!matcher.matches()) return undefined;
      return expandTemplate(template, (name) => {
        const index = /^\d+$/.test(name) ? Number(name) : groupNames[name];
        if (index === undefined || index > matcher.groupCount()) return "";
        return matcher.group(index) ?? "";
      });
    },
  };
}

/** A regular expression that may match anywhere, as templates use them. */
export interface Search {
  test(text: string): boolean;
  /** Every match replaced by `template`, $1, ${1} and ${name} filled: Go's ReplaceAllString. */
  replaceAll(text: string, template: string): string;
}

/**
 * Compiles without anchors, and with `.` not matching newlines: Go's regexp.Compile.
 * @throws {RegexError} when RE2 refuses the pattern
 */
export function compileSearch(pattern: string): Search {
  const compiled = compileAs(pattern);
  const groupNames = compiled.namedGroups();
  return {
    test: (text) => compiled.matcher(text).find(),
    replaceAll(text, template) {
      const matcher = compiled.matcher(text);
      let replaced = "";
      let end = 0;
      while (matcher.find()) {
        const isEmptyAtEnd = matcher.start() === matcher.end() && matcher.start() === end;
        if (isEmptyAtEnd && end > 0) continue; // Go takes no empty match right behind another
        replaced += text.slice(end, matcher.start());
        replaced += expandTemplate(template, (name) => {
          const index = /^\d+$/.test(name) ? Number(name) : groupNames[name];
          if (index === undefined || index > matcher.groupCount()) return "";
          return matcher.group(index) ?? "";
        });
        end = matcher.end();
      }
      return replaced + text.slice(end);
    },
  };
}

/**
 * Go's regexp.Expand: `$name` takes the longest run of letters, digits and underscores, so `$1x`
 * is the group named "1x"; `$$` is a dollar; a dollar before anything else stands for itself.
 */
function expandTemplate(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, plain?: string, braced?: string) =>
    whole === "$$" ? "$" : group(plain ?? braced ?? ""),
  );
}

function compile(pattern: string): RE2JS {
  compileAs(pattern); // by itself first: an error must show what the user wrote
  // A group, so that `a|b` is anchored as a whole; (?s:…) as Prometheus compiles it.
  return compileAs(`^(?s:${pattern})$`);
}

function compileAs(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new RegexError(error instanceof Error ? error.message : String(error));
  }
}

/** The alternatives of `a|b|c` when none holds a metacharacter, else undefined. */
function literalAlternatives(pattern: string): string[] | undefined {
  return /^[^\\^$.*+?()[\]{}]*$/.test(pattern) ? pattern.split("|") : undefined;
}
