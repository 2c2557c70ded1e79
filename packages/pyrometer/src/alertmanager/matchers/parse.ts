/**
 * Matchers in whichever syntax they are written.
 *
 * Alertmanager's default mode: both parsers read the text. Where only one can, it wins; where
 * both can and differ, the classic meaning stays, so that old files keep theirs.
 * Source: alertmanager matcher/compat.FallbackMatchersParser
 */
import type { Matcher } from "../../model/index.ts";
import { isUtf8Name, RegexError } from "../../model/index.ts";
import { parseClassicMatchers } from "./classic.ts";
import { MatcherError } from "./matcher-error.ts";
import { parseUtf8Matchers } from "./utf8.ts";

/**
 * Reads `{a="b", c=~"d"}`, `a=b,c=~d` or `"🔥"="x"`. An empty text holds no matchers.
 *
 * @throws {MatcherError} when neither syntax fits; it says what the classic one misses
 */
export function parseMatchers(input: string): Matcher[] {
  const utf8 = attempt(() => parseUtf8Matchers(input));
  const classic = attempt(() => parseClassicMatchers(input));
  if ("matchers" in utf8) {
    const isSame = "matchers" in classic && isEqual(utf8.matchers, classic.matchers);
    return "matchers" in classic && !isSame ? classic.matchers : utf8.matchers;
  }
  if ("matchers" in classic) return classic.matchers;
  throw new MatcherError(classic.problem);
}

/**
 * Reads exactly one matcher, without braces, as API filters and silences on a command line have.
 *
 * @throws {MatcherError}
 */
export function parseMatcher(input: string): Matcher {
  if (input.startsWith("{") || input.endsWith("}")) {
    throw new MatcherError(`unexpected open or close brace: ${input}`);
  }
  const matchers = parseMatchers(input);
  const [matcher] = matchers;
  if (matcher === undefined) throw new MatcherError(`bad matcher format: ${input}`);
  if (matchers.length > 1) {
    throw new MatcherError(`expected 1 matcher, found ${matchers.length}: ${input}`);
  }
  return matcher;
}

/** Whether `name` may name a label: any UTF-8 text but the empty one. */
export const isLabelName = isUtf8Name;

type Attempt = { readonly matchers: Matcher[] } | { readonly problem: string };

function attempt(parse: () => Matcher[]): Attempt {
  try {
    return { matchers: parse() };
  } catch (error) {
    if (error instanceof MatcherError || error instanceof RegexError) {
      return { problem: error.message };
    }
    throw error;
  }
}

function isEqual(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, operator, value }, index) => {
      const other = b[index]!;
      return name === other.name && operator === other.operator && value === other.value;
    })
  );
}
