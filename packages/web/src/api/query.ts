/** PromQL over HTTP, decoded into columns. Times are milliseconds from here inwards. */
import { postForm } from "./client.ts";
import type { LabelSet, Series } from "./types.ts";

const MS_PER_SECOND = 1000;

export interface QueryAnswer {
  readonly series: readonly Series[];
  readonly kind: "matrix" | "vector" | "scalar" | "string";
  /** The text of a "string" result. */
  readonly text: string;
  readonly warnings: readonly string[];
}

export interface RangeTimes {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

export async function queryRange(
  query: string,
  { startMs, endMs, stepMs }: RangeTimes,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  const fields = {
    query,
    start: String(startMs / MS_PER_SECOND),
    end: String(endMs / MS_PER_SECOND),
    step: String(stepMs / MS_PER_SECOND),
  };
  const { data, warnings } = await postForm<PromData>("/api/v1/query_range", fields, signal);
  return decodeAnswer(data, warnings);
}

export async function queryInstant(
  query: string,
  timeMs: number,
  signal?: AbortSignal,
): Promise<QueryAnswer> {
  const fields = { query, time: String(timeMs / MS_PER_SECOND) };
  const { data, warnings } = await postForm<PromData>("/api/v1/query", fields, signal);
  return decodeAnswer(data, warnings);
}

type Point = readonly [timeS: number, value: string];

export type PromData =
  | {
      readonly resultType: "matrix";
      readonly result: readonly { readonly metric: LabelSet; readonly values?: readonly Point[] }[];
    }
  | {
      readonly resultType: "vector";
      readonly result: readonly { readonly metric: LabelSet; readonly value?: Point }[];
    }
  | { readonly resultType: "scalar" | "string"; readonly result: Point };

export function decodeAnswer(data: PromData, warnings: readonly string[]): QueryAnswer {
  switch (data.resultType) {
    case "matrix": {
      const series = data.result.map(({ metric, values }) => toSeries(metric, values ?? []));
      return { kind: "matrix", series, text: "", warnings };
    }
    case "vector": {
      const series = data.result.map(({ metric, value }) => toSeries(metric, value ? [value] : []));
      return { kind: "vector", series, text: "", warnings };
    }
    case "scalar":
      return { kind: "scalar", series: [toSeries({}, [data.result])], text: "", warnings };
    case "string":
      return { kind: "string", series: [], text: data.result[1], warnings };
  }
}

function toSeries(labels: LabelSet, points: readonly Point[]): Series {
  return {
    labels,
    timesMs: points.map(([timeS]) => Math.round(timeS * MS_PER_SECOND)),
    values: points.map(([, value]) => toNumber(value)),
  };
}

/** Prometheus prints the infinities its own way; Number() would call them NaN. */
function toNumber(value: string): number {
  if (value === "+Inf") return Infinity;
  return value === "-Inf" ? -Infinity : Number(value);
}
