/**
 * What Alertmanager offers to notification templates, but for routeLabels, which needs the data.
 * Source: Alertmanager template/template.go
 */
import { FunctionError } from "../errors.ts";
import { unescapeQuery } from "../escape.ts";
import { GoDuration } from "../go-duration.ts";
import { GoTime } from "../go-time.ts";
import { parseTime } from "../parse-time.ts";
import { SafeText } from "../safe-text.ts";
import type { TemplateFunction, TemplateValue } from "../value.ts";
import { entriesOf, isList, isOpaque, named, typeName } from "../value.ts";
import { commonFunctions } from "./common.ts";
import { takes } from "./takes.ts";

export interface AlertmanagerFunctionDeps {
  /** Unix milliseconds, for `since`. */
  readonly nowMs: () => number;
}

export function createAlertmanagerFunctions({
  nowMs,
}: AlertmanagerFunctionDeps): Readonly<Record<string, TemplateFunction>> {
  return {
    ...commonFunctions,
    append: (list, ...items) => {
      if (isList(list ?? null)) return [...(list as readonly TemplateValue[]), ...items];
      throw new FunctionError(`expected a list; got ${typeName(list ?? null)}`);
    },
    base64decode: takes(["text"], decodeBase64),
    base64encode: takes(["text"], encodeBase64),
    date: takes(["text", "time"], (layout, time) => time.format(layout)),
    dict,
    join: takes(["text", "list"], (separator, items) => items.map(String).join(separator)),
    list: (...items) => items,
    mustToDate: takes(["text", "text"], (layout, text) => readTime(layout, text)),
    safeUrl: takes(["text"], (text) => new SafeText(text)),
    since: takes(["time"], (time) => new GoDuration(GoTime.fromMs(nowMs()).nanos - time.nanos)),
    stringSlice: (...items) => named("[]string", [...items]),
    title: takes(["text"], titleLowered),
    toDate: takes(["text", "text"], (layout, text) => {
      const parsed = parseTime(layout, text);
      return "time" in parsed ? parsed.time : GoTime.ZERO;
    }),
    toJson: takes(["any"], (value) => toJson(value)),
    trimSpace: takes(["text"], (text) => text.trim()),
    tz: takes(["text", "time"], (zone, time) => {
      const moved = time.in(zone);
      if (moved) return moved;
      throw new FunctionError(`unknown time zone ${zone}`);
    }),
    urlUnescape: takes(["text"], (text) => {
      const unescaped = unescapeQuery(text);
      if (unescaped !== undefined) return unescaped;
      throw new FunctionError(`invalid URL escape in ${JSON.stringify(text)}`);
    }),
  };
}

function readTime(layout: string, text: string): GoTime {
  const parsed = parseTime(layout, text);
  if ("time" in parsed) return parsed.time;
  throw new FunctionError(parsed.problem);
}

function dict(...args: readonly TemplateValue[]): TemplateValue {
  if (args.length % 2 !== 0) {
    throw new FunctionError("dict expects an even number of arguments");
  }
  const map = new Map<string, TemplateValue>();
  for (let i = 0; i < args.length; i += 2) {
    const key = args[i] ?? null;
    if (typeof key !== "string") throw new FunctionError("dict keys must be strings");
    map.set(key, args[i + 1] ?? null);
  }
  return named("map[string]interface {}", map);
}

/** Every word's first letter in upper case, the rest in lower: "aa CC" is "Aa Cc". */
function titleLowered(text: string): string {
  return text.replace(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’_]*/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });
}

/** With the alphabet that is safe in URLs, padded. */
function encodeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const plain = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return plain.replaceAll("+", "-").replaceAll("/", "_");
}

function decodeBase64(text: string): string {
  if (!/^[\w-]*={0,2}$/.test(text) || text.length % 4 !== 0) {
    const bad = text.search(/[^\w-]/);
    const at = bad === -1 ? text.length : bad;
    throw new FunctionError(`illegal base64 data at input byte ${at}`);
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}

/**
 * As Go's encoding/json prints it. A struct whose JSON has other names or an order of its own
 * brings a method MarshalJSON that returns the value to print instead.
 */
export function toJson(value: TemplateValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return jsonText(value);
  if (value instanceof SafeText) return jsonText(value.text);
  if (value instanceof GoTime) return jsonText(value.format("2006-01-02T15:04:05.999999999Z07:00"));
  if (value instanceof GoDuration) return value.nanos.toString();
  if (typeof value === "number") return jsonNumber(value);
  if (typeof value === "function") throw new FunctionError("json: unsupported type: func");
  if (typeof value !== "object") return String(value);
  if (isOpaque(value)) return jsonText(String(value));
  const marshal = (value as Readonly<Record<string, TemplateValue>>).MarshalJSON;
  if (typeof marshal === "function") return toJson(marshal() as TemplateValue);
  if (isList(value)) return `[${value.map((item) => toJson(item ?? null)).join(",")}]`;
  const fields = entriesOf(value).map(([name, field]) => `${jsonText(name)}:${toJson(field)}`);
  return `{${fields.join(",")}}`;
}

function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new FunctionError(`json: unsupported value: ${value}`);
  return String(value).replace(/e-(\d)$/, "e-0$1");
}

/** Go escapes what could end a script element. */
function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
