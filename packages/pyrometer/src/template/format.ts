/**
 * Go's fmt: Sprint, Sprintln and Sprintf over template values.
 *
 * A wrong verb or a missing argument is no error there: the output says so (`%!d(string=x)`).
 */
import { quote } from "../model/index.ts";
import { formatExponent, formatFixed, formatGeneral } from "./format-float.ts";
import { GoDuration } from "./go-duration.ts";
import { PRINTF_WIDTH_MAX } from "./limits.ts";
import { SafeText } from "./safe-text.ts";
import type { TemplateValue } from "./value.ts";
import { entriesOf, isList, isMap, isOpaque, isStruct, typeName } from "./value.ts";

/** As Go prints a value with %v. */
export function printValue(value: TemplateValue): string {
  return printNested(value, { withNames: false });
}

interface PrintOptions {
  /** %+v: structs with their field names. */
  readonly withNames: boolean;
}

function printNested(value: TemplateValue, options: PrintOptions): string {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return formatGeneral(value, -1);
  if (typeof value === "function") return "<func>";
  if (typeof value !== "object") return String(value);
  if (value instanceof SafeText) return value.text;
  if (isOpaque(value)) return value.toString();
  const stringer = (value as Readonly<Record<string, TemplateValue>>).String;
  if (typeof stringer === "function") return String(stringer()); // Go's fmt.Stringer
  if (isList(value)) return `[${value.map((item) => printNested(item, options)).join(" ")}]`;
  const entries = entriesOf(value);
  if (!isStruct(value)) {
    return `map[${entries.map(([key, item]) => `${key}:${printNested(item, options)}`).join(" ")}]`;
  }
  const fields = entries.map(([name, field]) => {
    const text = printNested(field, options);
    return options.withNames ? `${name}:${text}` : text;
  });
  return `{${fields.join(" ")}}`;
}

/** fmt.Sprint: a blank between neighbours when neither is a text. */
export function sprint(args: readonly TemplateValue[]): string {
  let text = "";
  for (const [index, arg] of args.entries()) {
    const isApart = index > 0 && typeof arg !== "string" && typeof args[index - 1] !== "string";
    text += (isApart ? " " : "") + printValue(arg);
  }
  return text;
}

/** fmt.Sprintln: blanks between all, a newline at the end. */
export function sprintln(args: readonly TemplateValue[]): string {
  return `${args.map(printValue).join(" ")}\n`;
}

interface Verb {
  readonly name: string;
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

const DIRECTIVE = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:\[\d+\])?([\s\S]?)/gu;

/** fmt.Sprintf. Explicit argument indexes (`%[1]d`) are not kept apart from plain verbs. */
export function sprintf(format: string, args: readonly TemplateValue[]): string {
  let next = 0;
  const takeSize = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const size = text === "*" ? Number(args[next++] ?? 0) : Number(text === "" ? 0 : text);
    return Math.min(Math.abs(size), PRINTF_WIDTH_MAX);
  };
  const text = format.replace(DIRECTIVE, (_whole, ...groups: (string | undefined)[]) => {
    const [flags = "", width, precision, name = ""] = groups;
    const verb = { flags, width: takeSize(width), precision: takeSize(precision), name };
    if (name === "%") return "%";
    if (name === "") return "%!(NOVERB)";
    if (next >= args.length) return `%!${name}(MISSING)`;
    return printVerb(verb, args[next++]!);
  });
  if (next >= args.length) return text;
  const extra = args.slice(next).map((arg) => `${typeName(arg)}=${printValue(arg)}`);
  return `${text}%!(EXTRA ${extra.join(", ")})`;
}

function printVerb(verb: Verb, value: TemplateValue): string {
  const text = printBare(verb, value) ?? `%!${verb.name}(${describe(value)})`;
  return pad(verb, text, value);
}

function describe(value: TemplateValue): string {
  return value === null ? "<nil>" : `${typeName(value)}=${printValue(value)}`;
}

/** undefined when the verb does not fit the value. */
function printBare(verb: Verb, value: TemplateValue): string | undefined {
  switch (verb.name) {
    case "v":
      return printGeneral(verb, value);
    case "T":
      return typeName(value);
    case "t":
      return typeof value === "boolean" ? String(value) : undefined;
    default:
  }
  if (isList(value)) {
    return `[${value.map((item) => printBare(verb, item) ?? `%!${verb.name}(${describe(item)})`).join(" ")}]`;
  }
  if (typeof value === "number") return printFloat(verb, value);
  if (typeof value === "bigint") return printInteger(verb, value);
  if (value instanceof GoDuration && "dxXobc".includes(verb.name)) {
    return printInteger(verb, value.nanos);
  }
  if (typeof value === "string" || isOpaque(value)) return printText(verb, printValue(value));
  if (isMap(value) && (verb.name === "s" || verb.name === "d")) return printValue(value);
  return undefined;
}

function printGeneral(verb: Verb, value: TemplateValue): string {
  if (verb.flags.includes("#") && typeof value === "string") return quote(value);
  if (typeof value === "number") return withPlus(verb, formatGeneral(value, verb.precision ?? -1));
  if (typeof value === "bigint") return withPlus(verb, value.toString());
  return printNested(value, { withNames: verb.flags.includes("+") });
}

function printText({ name, flags, precision }: Verb, value: string): string | undefined {
  const text = precision === undefined ? value : [...value].slice(0, precision).join("");
  switch (name) {
    case "s":
      return text;
    case "q":
      return flags.includes("#") && !text.includes("`") ? `\`${text}\`` : quote(text);
    case "x":
    case "X": {
      const bytes = [...new TextEncoder().encode(text)];
      const separator = flags.includes(" ") ? " " : "";
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(separator);
      return name === "X" ? hex.toUpperCase() : hex;
    }
    default:
      return undefined;
  }
}

function printFloat(verb: Verb, value: number): string | undefined {
  const { name, precision } = verb;
  switch (name) {
    case "e":
    case "E": {
      const text = formatExponent(value, precision ?? 6);
      return withPlus(verb, name === "E" ? text.toUpperCase() : text);
    }
    case "f":
    case "F":
      return withPlus(verb, formatFixed(value, precision ?? 6));
    case "g":
    case "G": {
      const text = formatGeneral(value, precision ?? -1);
      return withPlus(verb, name === "G" ? text.toUpperCase() : text);
    }
    default:
      return undefined;
  }
}

function printInteger(verb: Verb, value: bigint): string | undefined {
  const alternate = verb.flags.includes("#");
  const sized = (radix: number, prefix: string): string => {
    const digits = (value < 0n ? -value : value).toString(radix);
    const filled = digits.padStart(verb.precision ?? 0, "0");
    return `${value < 0n ? "-" : ""}${alternate ? prefix : ""}${filled}`;
  };
  switch (verb.name) {
    case "d":
      return withPlus(verb, sized(10, ""));
    case "b":
      return sized(2, "0b");
    case "o":
      return sized(8, "0");
    case "x":
      return sized(16, "0x");
    case "X":
      return sized(16, "0x").toUpperCase();
    case "c":
      return String.fromCodePoint(Number(value));
    case "q":
      return `'${String.fromCodePoint(Number(value))}'`;
    case "U":
      return `U+${value.toString(16).toUpperCase().padStart(4, "0")}`;
    default:
      return undefined;
  }
}

function withPlus({ flags }: Verb, text: string): string {
  if (/^[-+]/.test(text)) return flags.includes("+") ? text : text.replace(/^\+(?!Inf)/, "");
  if (flags.includes("+")) return `+${text}`;
  return flags.includes(" ") ? ` ${text}` : text;
}

function pad({ flags, width }: Verb, text: string, value: TemplateValue): string {
  const missing = (width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  const isNumber = typeof value === "number" ? Number.isFinite(value) : typeof value === "bigint";
  if (!flags.includes("0") || !isNumber) return " ".repeat(missing) + text;
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  return sign + "0".repeat(missing) + digits;
}
