import { assert, unquoteGo } from "../../std/index.ts";

/** What a quoted text in a query means. The lexer has checked the escapes. */
export function unquote(literal: string): string {
  const unquoted = unquoteGo(literal);
  assert(unquoted !== undefined, `BUG: the lexer let ${literal} through`);
  return unquoted.text;
}
