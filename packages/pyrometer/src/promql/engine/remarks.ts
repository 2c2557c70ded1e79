import type { Binary } from "../parser/ast.ts";
import type { Outcome } from "./cell-operators.ts";
import type { QueryContext } from "./context.ts";

/** Passes on what an operator has to say about its operands. */
export function remarkOnOutcome(
  { remark }: Outcome,
  { span }: Binary,
  { annotations }: QueryContext,
): void {
  if (remark?.severity === "warning") annotations.warn(remark.text, span);
  if (remark?.severity === "info") annotations.info(remark.text, span);
}
