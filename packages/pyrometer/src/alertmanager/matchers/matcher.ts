/**
 * Matchers as Alertmanager has them. Two things differ from PromQL's: a dot in a regular
 * expression does not match a newline, and they are printed with OpenMetrics' escapes.
 */
import type { Labels, Matcher, MatchOperator } from "../../model/index.ts";
import { compileTest, createMatcher } from "../../model/index.ts";
import { compareText } from "../../std/index.ts";

/** @throws {RegexError} when the operator is =~ or !~ and RE2 refuses `value` */
export function createAlertMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  const isRegex = operator === "=~" || operator === "!~";
  if (!isRegex || !value.includes(".")) return createMatcher(name, operator, value);
  compileTest(value); // by itself first: an error must show what the user wrote
  const matches = compileTest(`(?-s:${value})`);
  const test = operator === "=~" ? matches : (text: string) => !matches(text);
  return { name, operator, value, test };
}

/** `foo="bar"`, or `"foo bar"="baz"` when the name holds a character that ends a name. */
export function printAlertMatcher({ name, operator, value }: Matcher): string {
  if ([...name].some(isReserved)) return `${quoteGo(name)}${operator}${quoteGo(value)}`;
  return `${name}${operator}"${escapeOpenMetrics(value)}"`;
}

/** `{a="b",c=~"d"}`, in the order given. */
export function printAlertMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(printAlertMatcher).join(",")}}`;
}

/** By name, then value, then operator: the order in which a route's key shows them. */
export function compareMatchers(a: Matcher, b: Matcher): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.value, b.value) ||
    OPERATORS.indexOf(a.operator) - OPERATORS.indexOf(b.operator)
  );
}

const OPERATORS: readonly MatchOperator[] = ["=", "!=", "=~", "!~"];

/** Whether `char` cannot stand in an unquoted name or value. */
export function isReserved(char: string): boolean {
  return /^[\s{}!=~,\\"'`]$/u.test(char);
}

/** Label values by name, from whatever holds labels. */
export function matchesLabels(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, test }) => test(labels.get(name)));
}

function escapeOpenMetrics(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}

function quoteGo(text: string): string {
  return JSON.stringify(text);
}
