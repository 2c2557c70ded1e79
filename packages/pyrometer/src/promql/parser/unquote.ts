import { assert, unquoteGo } from "../../std/index.ts";

/** What a quoted text in a query means. The lexer has checked the escapes. */
export function unquote(literal: string): string {
  return unquoteLiteral(literal).text;
}

/** As unquote(), with the literal itself where the text does not say it all. */
export function unquoteLiteral(literal: string): {
  readonly text: string;
  readonly literal?: string;
} {
  const unquoted = unquoteGo(literal);
  assert(unquoted !== undefined, `BUG: the lexer let ${literal} through`);
  const { text, isUtf8 } = unquoted;
  return isUtf8 ? { text } : { text, literal };
}
