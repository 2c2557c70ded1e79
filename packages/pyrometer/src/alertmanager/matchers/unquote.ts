/**
 * A double-quoted text with Go's escapes, \xNN naming bytes: "\xf0\x9f\x99\x82" is one smile.
 * Source: strconv.Unquote
 */
const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

const utf8 = new TextEncoder();

const ESCAPE =
  /\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/** undefined when it is not a well-formed Go string, or not UTF-8 once the escapes are undone. */
export function unquoteGo(quoted: string): string | undefined {
  const text = quoted.slice(1, -1);
  if (text.includes("\n")) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(i)!);
    if (char !== "\\") {
      bytes.push(...utf8.encode(char));
      i += char.length;
      continue;
    }
    ESCAPE.lastIndex = i;
    const match = ESCAPE.exec(text);
    const escaped = match ? bytesOf(match) : undefined;
    if (escaped === undefined) return undefined;
    bytes.push(...escaped);
    i = ESCAPE.lastIndex;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
  } catch {
    return undefined; // not UTF-8: the caller says so, at its place
  }
}

function bytesOf(match: RegExpExecArray): Iterable<number> | undefined {
  const [, simple, hexByte, octal, short, long] = match;
  if (simple !== undefined) return utf8.encode(SIMPLE[simple]);
  if (hexByte !== undefined) return [Number.parseInt(hexByte, 16)];
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte < 256 ? [byte] : undefined;
  }
  const point = Number.parseInt(short ?? long ?? "", 16);
  const isSurrogate = 0xd800 <= point && point <= 0xdfff;
  if (point > 0x10ffff || isSurrogate) return undefined;
  return utf8.encode(String.fromCodePoint(point));
}
