/**
 * The asynchronous seam to whatever answers PromQL: our engine in this process, in worker threads,
 * or another server. What crosses it is small and flat: texts, numbers, typed arrays.
 */
import type { Labels } from "../model/index.ts";
import type { Span } from "../std/index.ts";

export interface QueryBackend {
  /** @throws {QueryError} */
  instant(query: InstantQuery): Promise<QueryResult>;
  /** @throws {QueryError} */
  range(query: RangeQuery): Promise<QueryResult>;
}

export interface QueryOptions {
  readonly lookbackMs?: number;
  readonly timeoutMs?: number;
  /** Aborting stops the work; the promise rejects with a QueryError of kind "canceled". */
  readonly signal?: AbortSignal;
}

export interface InstantQuery extends QueryOptions {
  readonly expr: string;
  readonly timeMs: number;
}

/** Evaluates at startMs, startMs + stepMs … up to and including endMs. */
export interface RangeQuery extends QueryOptions {
  readonly expr: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export interface QueryResult {
  readonly value: QueryValue;
  readonly annotations: readonly Annotation[];
}

export type QueryValue =
  | { readonly kind: "scalar"; readonly timeMs: number; readonly value: number }
  | { readonly kind: "string"; readonly timeMs: number; readonly text: string }
  | VectorValue
  | MatrixValue;

/** One sample per series, all at `timeMs`: parallel columns. */
export interface VectorValue {
  readonly kind: "vector";
  readonly timeMs: number;
  readonly labels: readonly Labels[];
  readonly values: Float64Array;
}

export interface MatrixValue {
  readonly kind: "matrix";
  readonly series: readonly MatrixSeries[];
}

export interface MatrixSeries {
  readonly labels: Labels;
  /** Unix milliseconds, strictly increasing; same length as values. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** A remark beside a result: something works but is probably not what was meant. */
export interface Annotation {
  readonly severity: "warning" | "info";
  readonly message: string;
  readonly span?: Span;
}

export type QueryErrorKind = "bad_data" | "execution" | "canceled" | "timeout" | "internal";

/**
 * A query that has no answer. A wrong text is "bad_data", with the SourceError as `cause`.
 * Kinds are Prometheus' API error types.
 */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly kind: QueryErrorKind;

  constructor(kind: QueryErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
