/** /api/pyrometer/v1/explain: what each part of a query gave and took. */
import { MS_PER_SECOND } from "../../std/index.ts";
import type { QueryResult, TraceNode } from "../../storage/index.ts";
import { ApiError } from "../api-error.ts";

export interface ExplainNode {
  readonly expr: string;
  readonly series: number;
  readonly samples: number;
  /** Its parts included. */
  readonly seconds: number;
  readonly children: readonly ExplainNode[];
}

/** @throws {ApiError} "execution" when what answers queries cannot tell */
export function explainResult({ trace }: QueryResult): ExplainNode {
  if (trace !== undefined) return toNode(trace);
  throw new ApiError("execution", "Cannot explain the query: what evaluates it keeps no trace");
}

function toNode({ text, seriesCount, sampleCount, tookMs, children }: TraceNode): ExplainNode {
  return {
    expr: text,
    series: seriesCount,
    samples: sampleCount,
    seconds: tookMs / MS_PER_SECOND,
    children: children.map(toNode),
  };
}
