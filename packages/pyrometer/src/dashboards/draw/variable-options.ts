/** From what a variable's query found to the options that its select shows. */
import type { Variable, VariableOption } from "../model.ts";

const OPTIONS_SHOWN_MAX = 2000;

/** Picks with `match` (the variable's regex, compiled by the caller), drops doubles, sorts. */
export function pickOptions(
  found: readonly string[],
  variable: Pick<Variable, "sort">,
  match: (text: string) => string | undefined,
): VariableOption[] {
  const values = new Set<string>();
  for (const text of found) {
    const value = match(text);
    if (value !== undefined && value !== "") values.add(value);
    if (values.size >= OPTIONS_SHOWN_MAX) break;
  }
  return sortValues([...values], variable.sort).map((value) => ({ text: value, value }));
}

/** Grafana's numbers: 1, 2 by letters up, down; 3, 4 as numbers; 5, 6 letters, case aside; 7, 8 natural. */
function sortValues(values: string[], sort: number): string[] {
  const order = comparisonOf(sort);
  if (order === undefined) return values;
  values.sort(order);
  return sort % 2 === 0 ? values.reverse() : values;
}

function comparisonOf(sort: number): ((a: string, b: string) => number) | undefined {
  switch (sort) {
    case 1:
    case 2:
      return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    case 3:
    case 4:
      return (a, b) => firstNumber(a) - firstNumber(b);
    case 5:
    case 6:
      return (a, b) => a.toLowerCase().localeCompare(b.toLowerCase());
    case 7:
    case 8:
      return (a, b) => a.localeCompare(b, undefined, { numeric: true });
    default:
      return undefined;
  }
}

function firstNumber(text: string): number {
  return Number(/\d+/.exec(text)?.[0] ?? -1);
}
