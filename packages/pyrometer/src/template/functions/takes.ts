/** Declares what a template function takes; wrong numbers and types become Go's messages. */
import { ArgumentError, FunctionError } from "../errors.ts";
import { formatGeneral, parseFloatGo } from "../format-float.ts";
import { GoDuration } from "../go-duration.ts";
import { GoTime } from "../go-time.ts";
import { SafeText } from "../safe-text.ts";
import type { TemplateFunction, TemplateValue } from "../value.ts";
import { isList, typeName } from "../value.ts";

interface Kinds {
  any: TemplateValue;
  list: readonly TemplateValue[];
  /** Anything Prometheus turns into a float64: numbers, texts that hold one, durations. */
  number: number;
  text: string;
  time: GoTime;
}

type Kind = keyof Kinds;

type Values<K extends readonly Kind[]> = { [I in keyof K]: Kinds[K[I]] };

/** A function of exactly these kinds of arguments. */
export function takes<const K extends readonly Kind[]>(
  kinds: K,
  run: (...args: Values<K>) => TemplateValue,
): TemplateFunction {
  return (...args) => {
    if (args.length !== kinds.length) {
      const problem = `wrong number of args for %s: want ${kinds.length} got ${args.length}`;
      throw new ArgumentError(problem);
    }
    const values = kinds.map((kind, index) => READ[kind](args[index] ?? null));
    return run(...(values as unknown as Values<K>));
  };
}

const READ: { readonly [K in Kind]: (value: TemplateValue) => Kinds[K] } = {
  any: (value) => value,
  list: (value) => {
    if (isList(value)) return value;
    if (value === null) return [];
    throw wrongType("[]interface {}", value);
  },
  number: toNumber,
  text: (value) => {
    if (typeof value === "string") return value;
    if (value instanceof SafeText) return value.text;
    throw wrongType("string", value);
  },
  time: (value) => {
    if (value instanceof GoTime) return value;
    throw wrongType("time.Time", value);
  },
};

function wrongType(wanted: string, value: TemplateValue): ArgumentError {
  if (value === null) return new ArgumentError(`invalid value; expected ${wanted}`);
  return new ArgumentError(`wrong type for value; expected ${wanted}; got ${typeName(value)}`);
}

function toNumber(value: TemplateValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof GoDuration) return value.seconds;
  if (typeof value !== "string")
    throw new FunctionError(`can't convert ${typeName(value)} to float`);
  const parsed = parseFloatGo(value);
  if (parsed !== undefined) return parsed;
  const shown = JSON.stringify(value);
  throw new FunctionError(`strconv.ParseFloat: parsing ${shown}: invalid syntax`);
}

/** Four significant digits, as all humanizers print. */
export function fourDigits(value: number): string {
  return formatGeneral(value, 4);
}
