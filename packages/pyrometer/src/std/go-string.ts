/**
 * Go's quoted strings, which PromQL, Alertmanager's matchers and templates all write.
 * Source: the Go specification, string literals; strconv.Unquote
 */

export interface GoString {
  readonly text: string;
  /** Escapes name bytes (`\xff`), which need not make up UTF-8; those that do not are U+FFFD in `text`. */
  readonly isUtf8: boolean;
}

const ESCAPE =
  /\\(?:([abfnrtv\\"'])|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const utf8 = new TextEncoder();
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * Takes the quotes off `literal`, whichever of `"`, `'` and the backquote they are, and undoes the
 * escapes; backquoted text has none. undefined when an escape or a line break stands where Go has
 * none.
 */
export function unquoteGo(literal: string): GoString | undefined {
  const quote = literal[0];
  const inner = literal.slice(1, -1);
  if (quote === "`") return { text: inner, isUtf8: true };
  if (inner.includes("\n")) return undefined;
  if (!inner.includes("\\")) return { text: inner, isUtf8: true };
  const bytes: number[] = [];
  for (let i = 0; i < inner.length; ) {
    const next = inner.indexOf("\\", i);
    const plainEnd = next === -1 ? inner.length : next;
    bytes.push(...utf8.encode(inner.slice(i, plainEnd)));
    if (next === -1) break;
    ESCAPE.lastIndex = next;
    const escaped = bytesOf(ESCAPE.exec(inner), quote);
    if (escaped === undefined) return undefined;
    bytes.push(...escaped);
    i = ESCAPE.lastIndex;
  }
  return decode(Uint8Array.from(bytes));
}

function bytesOf(match: RegExpExecArray | null, quote: string | undefined) {
  if (match === null) return undefined;
  const [, simple, hexByte, octal, short, long] = match;
  if (simple !== undefined) {
    const isOtherQuote = (simple === '"' || simple === "'") && simple !== quote;
    return isOtherQuote ? undefined : utf8.encode(SIMPLE[simple] ?? simple);
  }
  if (hexByte !== undefined) return [Number.parseInt(hexByte, 16)];
  if (octal !== undefined) return [Number.parseInt(octal, 8)];
  const point = Number.parseInt(short ?? long ?? "", 16);
  const isSurrogate = 0xd800 <= point && point <= 0xdfff;
  return point > 0x10ffff || isSurrogate ? undefined : utf8.encode(String.fromCodePoint(point));
}

function decode(bytes: Uint8Array): GoString {
  try {
    return { text: strict.decode(bytes), isUtf8: true };
  } catch {
    return { text: lenient.decode(bytes), isUtf8: false };
  }
}
