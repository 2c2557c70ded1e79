/** The functions every Go template has, but for and, or and call, which the executor knows. */
import { comparisons } from "./compare.ts";
import { ArgumentError, FunctionError } from "./errors.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { printValue, sprint, sprintf, sprintln } from "./format.ts";
import type { TemplateFunction, TemplateValue } from "./value.ts";
import { isList, isMap, isRecord, isStruct, isTextMap, isTrue, typeName } from "./value.ts";

export const builtins: Readonly<Record<string, TemplateFunction>> = {
  ...comparisons,
  html: (...args) => escapeHtml(textOf(args)),
  index: (of, ...keys) => keys.reduce(indexOne, required("index", of)),
  js: (...args) => escapeJs(textOf(args)),
  len: (value) => length(required("len", value)),
  not: (value) => !isTrue(required("not", value)),
  print: (...args) => sprint(args),
  printf: (format, ...args) => {
    if (typeof required("printf", format) === "string") return sprintf(format as string, args);
    throw new ArgumentError(`wrong type for value; expected string; got ${typeName(format!)}`);
  },
  println: (...args) => sprintln(args),
  slice: (of, ...bounds) => slice(required("slice", of), bounds),
  urlquery: (...args) => escapeQuery(textOf(args)),
};

function textOf(args: readonly TemplateValue[]): string {
  const [only] = args;
  return args.length === 1 && typeof only === "string" ? only : sprint(args);
}

function required(name: string, value: TemplateValue | undefined): TemplateValue {
  if (value !== undefined) return value;
  throw new ArgumentError(`wrong number of args for ${name}: want at least 1 got 0`);
}

function length(value: TemplateValue): bigint {
  if (typeof value === "string") return BigInt(new TextEncoder().encode(value).length);
  if (isList(value)) return BigInt(value.length);
  if (isMap(value)) return BigInt(value.size);
  if (isRecord(value) && !isStruct(value)) return BigInt(Object.keys(value).length);
  if (value === null) throw new FunctionError("len of nil pointer");
  throw new FunctionError(`len of type ${typeName(value)}`);
}

function indexOne(of: TemplateValue, key: TemplateValue): TemplateValue {
  if (of === null) throw new FunctionError("index of untyped nil");
  if (isList(of)) return of[position(key, of.length - 1)] ?? null;
  if (typeof of === "string") {
    const bytes = new TextEncoder().encode(of);
    return BigInt(bytes[position(key, bytes.length - 1)]!);
  }
  if (isMap(of) || (isRecord(of) && !isStruct(of))) {
    if (typeof key !== "string") {
      throw new FunctionError(`value has type ${typeName(key)}; should be string`);
    }
    const found = isMap(of) ? of.get(key) : Object.hasOwn(of, key) ? of[key] : undefined;
    return found ?? (isTextMap(of) ? "" : null);
  }
  throw new FunctionError(`can't index item of type ${typeName(of)}`);
}

function position(key: TemplateValue, max: number): number {
  if (typeof key !== "bigint") {
    if (key === null) throw new FunctionError("cannot index slice/array with nil");
    throw new FunctionError(`cannot index slice/array with type ${typeName(key)}`);
  }
  if (0n <= key && key <= BigInt(max)) return Number(key);
  throw new FunctionError(`index out of range: ${key}`);
}

function slice(of: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  if (bounds.length > 3) throw new FunctionError(`too many slice indexes: ${bounds.length}`);
  if (typeof of === "string") {
    if (bounds.length === 3) throw new FunctionError("cannot 3-index slice a string");
    const bytes = new TextEncoder().encode(of);
    return new TextDecoder().decode(bytes.slice(...range(bounds, bytes.length)));
  }
  if (isList(of)) return of.slice(...range(bounds, of.length));
  if (of === null) throw new FunctionError("slice of untyped nil");
  throw new FunctionError(`can't slice item of type ${typeName(of)}`);
}

function range(bounds: readonly TemplateValue[], length: number): [number, number] {
  const start = bounds[0] === undefined ? 0 : position(bounds[0], length);
  const end = bounds[1] === undefined ? length : position(bounds[1], length);
  if (start <= end) return [start, end];
  throw new FunctionError(`invalid slice index: ${start} > ${end}`);
}

/** What an action writes: nil has no text of its own. */
export function printResult(value: TemplateValue): string {
  return value === null ? "<no value>" : printValue(value);
}
