/**
 * Watches a query being evaluated: which node gave how many series and samples and took how long,
 * and how many samples each step saw. Made only for a query that asks; without one the engine
 * tests a field per node and no more.
 *
 * Samples are counted as Prometheus counts them: `queryable` is what each step would load by
 * itself, so that overlapping windows count twice; `read` is what was taken from the store.
 * Source: Prometheus 3.14, util/stats/query_stats.go
 */
import { assert } from "../../std/index.ts";
import type { SampleStats, TraceNode } from "../../storage/index.ts";
import type { Expr } from "../parser/ast.ts";
import { printExpr } from "../parser/print.ts";
import type { NodeValue, VectorColumns } from "./column.ts";
import { ABSENT } from "./column.ts";
import type { Grid } from "./grid.ts";
import type { RangeVector } from "./windows.ts";
import { locateWindows } from "./windows.ts";

/** Samples per step of the grid that is being evaluated on. */
interface Frame {
  readonly queryable: Float64Array;
  readonly read: Float64Array;
}

interface OpenNode {
  readonly expr: Expr;
  seriesCount: number;
  sampleCount: number;
  tookMs: number;
  readonly children: OpenNode[];
}

interface TracerOptions {
  readonly queryGrid: Grid;
  readonly nowMonotonicMs?: (() => number) | undefined;
}

export class Tracer {
  readonly #nowMs: () => number;
  readonly #roots: OpenNode[] = [];
  #siblings = this.#roots;
  #frame: Frame;

  constructor({ queryGrid, nowMonotonicMs = () => 0 }: TracerOptions) {
    this.#nowMs = nowMonotonicMs;
    this.#frame = createFrame(queryGrid.stepCount);
  }

  /** Evaluates one node by `work`; what that evaluates becomes the node's children. */
  async node<T extends NodeValue>(expr: Expr, work: () => Promise<T>): Promise<T> {
    const node = this.#open(expr);
    const siblings = this.#siblings;
    this.#siblings = node.children;
    const startedMs = this.#nowMs();
    try {
      const value = await work();
      node.seriesCount = value.kind === "vector" ? value.series.length : 0;
      node.sampleCount = sampleCountOf(value);
      return value;
    } finally {
      node.tookMs += this.#nowMs() - startedMs;
      this.#siblings = siblings;
    }
  }

  /** As node(), for what stands in a range function's parentheses: read later, series by series. */
  async range(expr: Expr, work: () => Promise<RangeVector>): Promise<RangeVector> {
    const node = this.#open(expr);
    const siblings = this.#siblings;
    this.#siblings = node.children;
    const startedMs = this.#nowMs();
    try {
      const range = await work();
      return { ...range, series: this.#watch(range, node) };
    } finally {
      node.tookMs += this.#nowMs() - startedMs;
      this.#siblings = siblings;
    }
  }

  /** What a vector selector found: one sample per series and step. */
  selected({ series }: VectorColumns): void {
    const { queryable, read } = this.#frame;
    for (const { present } of series) {
      for (let step = 0; step < present.length; step++) {
        if (present[step] === ABSENT) continue;
        queryable[step]! += 1;
        read[step]! += 1;
      }
    }
  }

  /** Evaluates once what is the same at every step: each step would have loaded it, one has. */
  async once<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.#frame;
    const inner = createFrame(1);
    this.#frame = inner;
    try {
      return await work();
    } finally {
      this.#frame = outer;
      for (let step = 0; step < outer.queryable.length; step++) {
        outer.queryable[step]! += inner.queryable[0]!;
      }
      outer.read[0]! += inner.read[0]!;
    }
  }

  /**
   * Evaluates a subquery's expression on its own grid. What that reads counts for the first step
   * of the outer grid whose window has it; its points are counted where they are looked at.
   */
  async subquery<T>(inner: Grid, shape: SubqueryShape, work: () => Promise<T>): Promise<T> {
    const outer = this.#frame;
    const frame = createFrame(inner.stepCount);
    this.#frame = frame;
    try {
      return await work();
    } finally {
      this.#frame = outer;
      for (let step = 0; step < frame.read.length; step++) {
        const timeMs = inner.startMs + step * inner.stepMs;
        const target = stepThatReads(timeMs, shape);
        if (target !== undefined) outer.read[target]! += frame.read[step]!;
      }
    }
  }

  get samples(): Pick<SampleStats, "queryablePerStep" | "readPerStep"> {
    return { queryablePerStep: this.#frame.queryable, readPerStep: this.#frame.read };
  }

  tree(): TraceNode {
    const [root] = this.#roots;
    assert(root !== undefined, "BUG: nothing was traced");
    return close(root);
  }

  #open(expr: Expr): OpenNode {
    const node = { expr, seriesCount: 0, sampleCount: 0, tookMs: 0, children: [] };
    this.#siblings.push(node);
    return node;
  }

  *#watch({ windows, series }: RangeVector, node: OpenNode): RangeVector["series"] {
    const isStored = node.expr.kind !== "subquery";
    const { queryable, read } = this.#frame;
    let startedMs = this.#nowMs();
    for (const one of series) {
      locateWindows(windows, one.samples);
      const { from, to, strideMs } = windows;
      for (let step = 0; step < windows.stepCount; step++) {
        queryable[step]! += to[step]! - from[step]!;
        if (!isStored || (step > 0 && strideMs === 0)) continue;
        // Only what the step before has not seen.
        const seen = step === 0 ? from[0]! : Math.max(from[step]!, to[step - 1]!);
        read[step]! += to[step]! - seen;
      }
      node.seriesCount += 1;
      node.sampleCount += one.samples.count;
      node.tookMs += this.#nowMs() - startedMs;
      yield one;
      startedMs = this.#nowMs();
    }
  }
}

/** Where a subquery's points are looked at. */
export interface SubqueryShape {
  readonly outer: Grid;
  /** The end of the first step's window. */
  readonly firstEndMs: number;
  readonly rangeMs: number;
}

function stepThatReads(timeMs: number, { outer, firstEndMs, rangeMs }: SubqueryShape) {
  if (outer.stepCount === 1 || timeMs <= firstEndMs) return 0;
  const step = Math.min(Math.ceil((timeMs - firstEndMs) / outer.stepMs), outer.stepCount - 1);
  // Between two windows that do not touch.
  return timeMs <= firstEndMs + step * outer.stepMs - rangeMs ? undefined : step;
}

function createFrame(stepCount: number): Frame {
  return { queryable: new Float64Array(stepCount), read: new Float64Array(stepCount) };
}

function sampleCountOf(value: NodeValue): number {
  switch (value.kind) {
    case "string":
      return 0;
    case "scalar":
      return value.values.length;
    case "vector": {
      let count = 0;
      for (const { present } of value.series) {
        for (const cell of present) if (cell !== ABSENT) count += 1;
      }
      return count;
    }
  }
}

function close({ expr, children, ...counts }: OpenNode): TraceNode {
  return { ...counts, text: printExpr(expr), span: expr.span, children: children.map(close) };
}
