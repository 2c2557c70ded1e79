import type { View } from "../../storage/index.ts";
import type { VectorSelector } from "../parser/ast.ts";
import type { Annotations } from "./annotations.ts";
import type { Budget } from "./budget.ts";
import type { Grid } from "./grid.ts";
import type { Tracer } from "./tracer.ts";

/** What every node of one query shares. */
export interface QueryContext extends QueryTimes {
  readonly view: View;
  readonly budget: Budget;
  readonly annotations: Annotations;
  /** Prometheus' feature promql-delayed-name-removal. */
  readonly isNameRemovalDelayed: boolean;
  /** Prometheus' feature use-start-timestamps. */
  readonly usesStartTimes: boolean;
  /** See counted-selectors.ts. */
  readonly countedSelectors: ReadonlySet<VectorSelector>;
  /** Present when the query asks what it does. */
  readonly tracer?: Tracer | undefined;
}

/** What the text `start()`, `step()`, `range()` and the defaults of selectors stand for. */
export interface QueryTimes {
  /** The grid of the whole query, whatever subquery is being evaluated. */
  readonly queryGrid: Grid;
  readonly lookbackMs: number;
  readonly subqueryStepMs: number;
}
