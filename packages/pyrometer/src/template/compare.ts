/**
 * Go templates' eq, ne, lt, le, gt, ge: basic values of one kind only. An int and a float do not
 * compare (`gt $value 1` is an error there and here; `gt $value 1.0` is meant).
 */
import { compareText } from "../std/index.ts";
import { ArgumentError, FunctionError } from "./errors.ts";
import { GoDuration } from "./go-duration.ts";
import { SafeText } from "./safe-text.ts";
import type { TemplateFunction, TemplateValue } from "./value.ts";
import { typeName } from "./value.ts";

type Basic = boolean | string | number | bigint;

export const comparisons = {
  eq: (first, ...others) => equalsAny(first, others),
  ne: (first, second, ...more) => {
    requireTwo("ne", [first, second, ...more]);
    return !areEqual(first ?? null, second ?? null);
  },
  lt: (...args) => order("lt", args, (sign) => sign < 0),
  le: (...args) => order("le", args, (sign) => sign <= 0),
  gt: (...args) => order("gt", args, (sign) => sign > 0),
  ge: (...args) => order("ge", args, (sign) => sign >= 0),
} satisfies Record<string, TemplateFunction>;

function equalsAny(first: TemplateValue | undefined, others: readonly TemplateValue[]): boolean {
  if (first === undefined)
    throw new ArgumentError("wrong number of args for eq: want at least 1 got 0");
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  return others.some((other) => areEqual(first, other));
}

function areEqual(a: TemplateValue, b: TemplateValue): boolean {
  if (a === null || b === null) return a === b;
  const left = basic(a);
  const right = basic(b);
  if (typeof left !== typeof right) throw incompatible(a, b);
  return left === right;
}

function order(
  name: string,
  args: readonly TemplateValue[],
  holds: (sign: number) => boolean,
): boolean {
  const [a, b] = requireTwo(name, args);
  const left = basic(a);
  const right = basic(b);
  if (typeof left === "boolean" || typeof right === "boolean") {
    throw new FunctionError("invalid type for comparison");
  }
  if (typeof left !== typeof right) throw incompatible(a, b);
  if (Number.isNaN(left) || Number.isNaN(right)) return false;
  if (typeof left === "string") return holds(compareText(left, right as string));
  const other = right as typeof left;
  return holds(left < other ? -1 : left > other ? 1 : 0);
}

function incompatible(a: TemplateValue, b: TemplateValue): FunctionError {
  const types = `${typeName(a)} and ${typeName(b)}`;
  return new FunctionError(`incompatible types for comparison: ${types}`);
}

function requireTwo(
  name: string,
  args: readonly (TemplateValue | undefined)[],
): [TemplateValue, TemplateValue] {
  const given = args.filter((arg) => arg !== undefined);
  if (given.length === 2) return [given[0]!, given[1]!];
  throw new ArgumentError(`wrong number of args for ${name}: want 2 got ${given.length}`);
}

function basic(value: TemplateValue): Basic {
  if (value instanceof GoDuration) return value.nanos;
  if (value instanceof SafeText) return value.text;
  if (value !== null && typeof value !== "object" && typeof value !== "function") return value;
  throw new FunctionError("invalid type for comparison");
}
