/**
 * The asynchronous seam to whatever answers PromQL: our engine in this process, in worker threads,
 * or another server. What crosses it is small and flat: texts, numbers, typed arrays.
 */
import type { FloatHistogram, Labels } from "../model/index.ts";
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
  /** What to tell beside the result: counts of samples, or also what each part of the query did. */
  readonly detail?: "stats" | "trace";
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
  /** Where `detail` asks and the backend can tell. */
  readonly stats?: QueryStats | undefined;
  readonly trace?: TraceNode | undefined;
}

/** What a query cost. Source: Prometheus 3.14, util/stats/query_stats.go */
export interface QueryStats {
  readonly samples: SampleStats;
  /** Reading the text and opening the store. */
  readonly prepareMs: number;
  readonly evaluateMs: number;
}

export interface SampleStats {
  /** What each step would load by itself: overlapping windows count a sample again. */
  readonly queryablePerStep: Float64Array;
  /** What each step took from the store that the ones before had not. */
  readonly readPerStep: Float64Array;
  /** Held at once, at most: what the sample limit counts. */
  readonly peakCount: number;
}

/** One part of a query, and what evaluating it gave and took. */
export interface TraceNode {
  readonly text: string;
  readonly span: Span;
  readonly seriesCount: number;
  /** Samples a range selector read, or values that are the result of anything else. */
  readonly sampleCount: number;
  /** Parts included. 0 where the backend has no clock. */
  readonly tookMs: number;
  readonly children: readonly TraceNode[];
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
  /** NaN where `histograms` has one. */
  readonly values: Float64Array;
  /** By series: a native histogram, or undefined for a number. Absent: all are numbers. */
  readonly histograms?: readonly (FloatHistogram | undefined)[] | undefined;
}

export interface MatrixValue {
  readonly kind: "matrix";
  readonly series: readonly MatrixSeries[];
}

export interface MatrixSeries {
  readonly labels: Labels;
  /** Unix milliseconds, strictly increasing; same length as values. */
  readonly timesMs: Float64Array;
  /** NaN where `histograms` has one. */
  readonly values: Float64Array;
  /** By point: a native histogram, or undefined for a number. Absent: all are numbers. */
  readonly histograms?: readonly (FloatHistogram | undefined)[] | undefined;
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
  /** What is in the way and a query that would work, when we can tell. */
  readonly hint: string | undefined;

  constructor(
    kind: QueryErrorKind,
    message: string,
    { cause, hint }: { readonly cause?: unknown; readonly hint?: string | undefined } = {},
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.hint = hint;
  }
}
