import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { parseQuery } from "../parse.ts";
import { printExpr } from "../print.ts";

/** What any text does to the parser: an expression that prints to itself, or errors with places. */
export function checkParse(text: string): { readonly tookMs: number; readonly isValid: boolean } {
  const startedMs = performance.now();
  const { expr, errors } = parseQuery({ name: "<query>", text });
  const tookMs = performance.now() - startedMs;
  assert.equal(expr === undefined, errors.length > 0, "an expression, or errors, not both");
  for (const { span, line, column } of errors) {
    assert(
      0 <= span.start && span.start <= span.end && span.end <= text.length,
      "span in the text",
    );
    assert(line >= 1 && column >= 1, "lines and columns count from 1");
  }
  if (expr !== undefined) {
    const printed = printExpr(expr);
    const again = parseQuery({ name: "<printed>", text: printed }).expr;
    assert(again !== undefined, `what is printed parses: ${printed}`);
    assert.equal(printExpr(again), printed);
  }
  return { tookMs, isValid: expr !== undefined };
}
