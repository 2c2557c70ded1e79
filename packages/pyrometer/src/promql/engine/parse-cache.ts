/**
 * Queries parsed before: rules and dashboards ask the same ones again and again, and over a few
 * series reading the text costs more than answering it.
 */
import { PARSED_QUERIES_MAX, PARSED_QUERY_LENGTH_MAX } from "../limits.ts";
import type { Expr } from "../parser/ast.ts";

type Parse = (text: string) => Expr;

/** Remembers what `parse` returns, not what it throws. Trees are never changed, so they are shared. */
export function rememberParsed(parse: Parse): Parse {
  // A Map keeps the order of insertion: the first key is the one asked for longest ago.
  const known = new Map<string, Expr>();
  return (text) => {
    const expr = known.get(text) ?? parse(text);
    if (text.length > PARSED_QUERY_LENGTH_MAX) return expr;
    known.delete(text);
    known.set(text, expr);
    if (known.size > PARSED_QUERIES_MAX) known.delete(known.keys().next().value!);
    return expr;
  };
}
