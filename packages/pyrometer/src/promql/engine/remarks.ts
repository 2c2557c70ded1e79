import type { Binary } from "../parser/ast.ts";
import type { QueryContext } from "./context.ts";

/** An operator that is there for native histograms met plain numbers. */
export function remarkOnTypes({ operator, span }: Binary, { annotations }: QueryContext): void {
  const pair = `float ${operator} float`;
  const problem = `incompatible sample types encountered for binary operator "${operator}": ${pair}`;
  annotations.info(problem, span);
}
