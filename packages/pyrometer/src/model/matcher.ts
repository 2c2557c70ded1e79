import type { Labels } from "./labels.ts";
import { quote } from "./labels.ts";
import type { TextTest } from "./regex.ts";
import { compileTest } from "./regex.ts";

export type MatchOperator = "=" | "!=" | "=~" | "!~";

/** One condition on one label. An absent label has the value "". */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  /** Whether a label with this value passes. */
  readonly test: TextTest;
}

/** @throws {RegexError} when the operator is =~ or !~ and RE2 refuses `value` */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value, test: createTest(operator, value) };
}

function createTest(operator: MatchOperator, value: string): TextTest {
  switch (operator) {
    case "=":
      return (text) => text === value;
    case "!=":
      return (text) => text !== value;
    case "=~":
      return compileTest(value);
    case "!~": {
      const matches = compileTest(value);
      return (text) => !matches(text);
    }
  }
}

export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, test }) => test(labels.get(name)));
}

/** As written in a query: `job="api"`. */
export function printMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${quote(value)}`;
}
