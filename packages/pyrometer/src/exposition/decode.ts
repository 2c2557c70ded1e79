/** From the bytes of a body to text with a name: the first step of every scrape. */
import { isUtf8 } from "node:buffer";
import type { Source } from "../std/index.ts";
import { SourceError } from "../std/index.ts";

/** What a decoder puts where bytes are not UTF-8. */
const REPLACEMENT = "\uFFFD";

/** Decodes a body that must be UTF-8, as both formats demand; the error points at the first byte that is not. */
export function decodeExposition(name: string, body: Uint8Array): Source | SourceError {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const source = { name, text };
  if (isUtf8(body)) return source;
  const start = Math.max(0, text.indexOf(REPLACEMENT));
  const problem = "Cannot read the body: it is not UTF-8, expected metrics as text";
  const span = { start, end: start + 1 };
  return new SourceError("exposition/encoding", problem, { source, span });
}
