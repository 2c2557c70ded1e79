/** Alertmanager's own matcher cases, where they are there to be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Matcher, MatchOperator } from "../../model/index.ts";
import { isLegacyLabelName } from "../../model/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import { createAlertMatcher, printAlertMatcher } from "./matcher.ts";
import { isLabelName, parseMatcher, parseMatchers } from "./parse.ts";
import { parseUtf8Matchers } from "./utf8.ts";

interface Printed {
  readonly op: MatchOperator;
  readonly name: string;
  readonly value: string;
}

interface ParseCase {
  readonly api?: "matcher" | "matchers";
  readonly input: string;
  readonly expected: readonly Printed[] | null;
  readonly error: string | null;
  readonly skip_in_utf8?: boolean;
}

interface GoMatcher {
  readonly mustNewMatcher: readonly string[];
}

interface FallbackCase {
  readonly name: string;
  readonly input: string;
  readonly expected?: GoMatcher | readonly GoMatcher[];
  readonly err?: string;
}

interface NameCase {
  readonly name: string;
  readonly input: string;
  readonly expected: boolean;
}

interface FallbackCases {
  readonly matcher: readonly FallbackCase[];
  readonly matchers: readonly FallbackCase[];
  readonly classic_label_names: readonly NameCase[];
  readonly utf8_label_names: readonly NameCase[];
}

const dir = conformanceDir();

function readJson<T>(name: string): T | undefined {
  if (dir === undefined) return undefined;
  return JSON.parse(readFileSync(join(dir, "alertmanager/cases", name), "utf8")) as T;
}

const shown = (matchers: readonly Matcher[]): Printed[] =>
  matchers.map(({ operator, name, value }) => ({ op: operator, name, value }));

const OPERATORS: Readonly<Record<string, MatchOperator>> = {
  MatchEqual: "=",
  MatchNotEqual: "!=",
  MatchRegexp: "=~",
  MatchNotRegexp: "!~",
};

function fromGo({ mustNewMatcher }: GoMatcher): Printed {
  const [, type = "", name = "", value = ""] = mustNewMatcher;
  return { op: OPERATORS[type.replace("labels.", "")]!, name, value };
}

/** re2js and Go say the same of a bad regex, but quote it with and without our anchors. */
const comparable = (message: string) => message.replace(/\)\$`$/, "`");

describe.runIf(dir)("matchers in UTF-8 syntax", () => {
  const cases = readJson<ParseCase[]>("matchers-utf8.json") ?? [];
  test.each(cases.map((one, index) => [`${index} ${one.input}`, one] as const))("%s", (_, one) => {
    const parse = () => {
      const matchers = parseUtf8Matchers(one.input);
      if (one.api !== "matcher" || matchers.length === 1) return matchers;
      const count = matchers.length;
      throw new Error(count === 0 ? "no matchers" : `expected 1 matcher, found ${count}`);
    };
    if (one.error !== null) expect(parse).toThrow(one.error);
    else expect(shown(parse())).toEqual(one.expected ?? []);
  });
});

describe.runIf(dir)("matchers in the default mode", () => {
  const cases = readJson<ParseCase[]>("matchers-compliance.json") ?? [];
  test.each(cases.map((one, index) => [`${index} ${one.input}`, one] as const))("%s", (_, one) => {
    const parse = () => parseMatchers(one.input);
    if (one.error !== null) return expect(parse).toThrow(comparable(one.error));
    expect(shown(parse())).toEqual(one.expected ?? []);
    if (!one.skip_in_utf8) expect(shown(parseUtf8Matchers(one.input))).toEqual(one.expected);
  });
});

describe.runIf(dir)("matchers in either syntax", () => {
  const cases = readJson<FallbackCases>("matchers-fallback.json");
  const run = (one: FallbackCase, parse: () => readonly Matcher[]) => {
    if (one.err !== undefined) return expect(parse).toThrow(one.err);
    const expected = (Array.isArray(one.expected) ? one.expected : [one.expected]) as GoMatcher[];
    expect(shown(parse())).toEqual(expected.map(fromGo));
  };
  for (const one of cases?.matcher ?? []) {
    test(`one: ${one.name}`, () => run(one, () => [parseMatcher(one.input)]));
  }
  for (const one of cases?.matchers ?? []) {
    test(`many: ${one.name}`, () => run(one, () => parseMatchers(one.input)));
  }
  for (const one of cases?.classic_label_names ?? []) {
    test(`classic label name: ${one.name}`, () =>
      expect(isLegacyLabelName(one.input)).toBe(one.expected));
  }
  for (const one of cases?.utf8_label_names ?? []) {
    test(`label name: ${one.name}`, () => expect(isLabelName(one.input)).toBe(one.expected));
  }
});

describe.runIf(dir)("one matcher", () => {
  interface MatchCase {
    readonly matcher: { readonly mustNewMatcher: readonly string[] };
    readonly value: string;
    readonly match: boolean;
  }
  for (const one of readJson<MatchCase[]>("matcher-match.json") ?? []) {
    const [, type = "", pattern = ""] = one.matcher.mustNewMatcher;
    test(`${type} ${pattern} on ${JSON.stringify(one.value)}`, () => {
      const matcher = createAlertMatcher("foo", OPERATORS[type]!, pattern);
      expect(matcher.test(one.value)).toBe(one.match);
    });
  }
  interface PrintCase {
    readonly name: string;
    readonly op: string;
    readonly value: string;
    readonly want: string;
  }
  for (const { name, op, value, want } of readJson<PrintCase[]>("matcher-string.json") ?? []) {
    test(`prints ${want}`, () =>
      expect(printAlertMatcher(createAlertMatcher(name, OPERATORS[op]!, value))).toBe(want));
  }
});
