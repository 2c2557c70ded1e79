/**
 * What a quoted text in a query means: Go's escapes in "…" and '…', none in `…`.
 * The lexer has checked the escapes. Bytes written as \x or octal make up UTF-8.
 */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith("`") || !inner.includes("\\")) return inner;
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const piece of inner.match(PIECE) ?? []) {
    const code = byteOf(piece);
    if (code !== undefined) bytes.push(code);
    else bytes.push(...encoder.encode(characterOf(piece)));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

const PIECE = /\\(?:[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])|[^\\]+/g;

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function byteOf(piece: string): number | undefined {
  if (/^\\[0-7]{3}$/.test(piece)) return Number.parseInt(piece.slice(1), 8);
  if (/^\\x/.test(piece)) return Number.parseInt(piece.slice(2), 16);
  return undefined;
}

function characterOf(piece: string): string {
  if (!piece.startsWith("\\")) return piece;
  if (/^\\[uU][0-9a-fA-F]{4}/.test(piece)) {
    return String.fromCodePoint(Number.parseInt(piece.slice(2), 16));
  }
  return SIMPLE[piece[1]!] ?? piece.slice(1);
}
