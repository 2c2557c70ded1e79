/** What the parsers of this room have in common: what they read, and whom they tell. */
import type { FloatHistogram } from "../model/index.ts";
import type { Span } from "../std/index.ts";

/** "prometheus" is text format 0.0.4, with quoted UTF-8 names; "openmetrics" is OpenMetrics 1.0 text. */
export type ExpositionFormat = "prometheus" | "openmetrics";

export type MetricType =
  | "counter"
  | "gauge"
  | "histogram"
  | "gaugehistogram"
  | "summary"
  | "info"
  | "stateset"
  | "unknown";

/**
 * The labels of a series as written: in order, the name as `__name__` first, empty values kept
 * (under honor_labels an empty label says "do not fill this one in").
 */
export type LabelPairs = readonly (readonly [name: string, value: string])[];

export type MetadataEntry =
  | { readonly kind: "type"; readonly metric: string; readonly type: MetricType }
  | { readonly kind: "help"; readonly metric: string; readonly text: string }
  | { readonly kind: "unit"; readonly metric: string; readonly text: string };

/** Unix milliseconds. */
export interface HistogramTimes {
  /** When the target says it was. */
  readonly timeMs: number | undefined;
  /** Since when it counts. */
  readonly startMs: number | undefined;
}

/** One observed event, as an example of what a counter or bucket counted. */
export interface Exemplar {
  readonly labels: LabelPairs;
  readonly value: number;
  readonly timeMs: number | undefined;
}

/**
 * Is told what a body holds, in its order, while it is read.
 *
 * `Series` is the caller's own handle. A line whose series text `lookup` knows costs that lookup
 * and a number; labels are read only for the others. Texts given to `lookup` and `metadata` are
 * slices that keep the whole body alive: do not store them. Those given to `add` are copies.
 * Protobuf has no series texts; there they are the bytes of the labels, good for lookups only.
 */
export interface ExpositionHandler<Series> {
  /** @param text the series as written, like `up{job="a"}`: name, braces, blanks and all */
  lookup(text: string): Series | undefined;
  add(text: string, pairs: LabelPairs): Series;
  /** @param timeMs Unix milliseconds when the line has a time; may have a fraction in OpenMetrics */
  sample(series: Series, value: number, timeMs: number | undefined): void;
  metadata?(entry: MetadataEntry): void;
  /** Protobuf only. */
  histogram?(series: Series, histogram: FloatHistogram, times: HistogramTimes): void;
  /** Protobuf only: since when the counter counts whose sample comes next, in Unix milliseconds. */
  start?(startMs: number): void;
  /** Not in text format: what stands behind the sample or histogram that comes next. */
  exemplar?(exemplar: Exemplar): void;
  /** Where the line is whose content comes next. */
  line?(span: Span): void;
}
