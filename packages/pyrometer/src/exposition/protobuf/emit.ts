/** Tells a handler of one metric: as one series, or as all those a text format would give it. */
import { formatGeneral, isUtf8Name, METRIC_NAME } from "../../model/index.ts";
import type { LabelPairs, MetricType } from "../types.ts";
import type { Histogram, Metric, RawExemplar, Summary } from "./messages.ts";
import { visitExemplar, visitLabel } from "./messages.ts";
import { isNative, toFloatHistogram } from "./native-histogram.ts";
import type { ProtobufOptions } from "./parse-protobuf.ts";
import type { WireReader } from "./wire-reader.ts";
import { WireError, wireErrors } from "./wire-reader.ts";

export interface Emission<Series> {
  readonly reader: WireReader;
  readonly name: string;
  readonly type: MetricType;
  readonly metric: Metric;
  readonly options: ProtobufOptions<Series>;
}

/** @throws {WireError} */
export function emitMetric<Series>(emission: Emission<Series>): void {
  const { type, metric, options } = emission;
  switch (type) {
    case "summary":
      return emitSummary(emission, metric.summary ?? NO_SUMMARY);
    case "histogram":
    case "gaugehistogram": {
      const { histogram } = metric;
      if (histogram === undefined) throw new WireError("a metric has no histogram");
      const hasNative = options.native && isNative(histogram);
      if (hasNative) emitNative(emission, histogram);
      const hasClassic = !hasNative || (options.classicToo && histogram.buckets.length > 0);
      if (hasClassic) emitClassic(emission, histogram);
      return;
    }
    default:
      return emitSample(emission, {
        value: metric.value,
        startMs: metric.startMs,
        exemplarOffset: metric.exemplarOffset,
      });
  }
}

const NO_SUMMARY: Summary = { count: 0, sum: 0, quantiles: [] };

function emitSummary<Series>(emission: Emission<Series>, summary: Summary): void {
  const { startMs } = emission.metric;
  emitSample(emission, { suffix: "_count", value: summary.count, startMs });
  emitSample(emission, { suffix: "_sum", value: summary.sum, startMs });
  for (const { quantile, value } of summary.quantiles) {
    emitSample(emission, { label: ["quantile", formatBound(quantile)], value });
  }
}

function emitClassic<Series>(emission: Emission<Series>, histogram: Histogram): void {
  const { startMs } = emission.metric;
  const { buckets, sum } = histogram;
  const count = histogram.countFloat || histogram.count;
  emitSample(emission, { suffix: "_count", value: count, startMs });
  emitSample(emission, { suffix: "_sum", value: sum, startMs });
  const bucket = (upper: number, value: number, exemplarOffset = 0) =>
    emitSample(emission, {
      suffix: "_bucket",
      label: ["le", formatBound(upper)],
      value,
      startMs,
      exemplarOffset,
    });
  for (const { upper, cumulativeCount, cumulativeCountFloat, exemplarOffset } of buckets) {
    bucket(upper, cumulativeCountFloat || cumulativeCount, exemplarOffset);
  }
  // The last bound may be left out.
  if (buckets.at(-1)?.upper !== Infinity) bucket(Infinity, count);
}

function emitNative<Series>(emission: Emission<Series>, raw: Histogram): void {
  const { type, metric, options } = emission;
  const histogram = toFloatHistogram(raw, type === "gaugehistogram" ? "gauge" : "unknown");
  if ("problem" in histogram) throw new WireError(histogram.problem);
  const series = seriesOf(emission, "", undefined);
  const own = raw.exemplarOffsets;
  for (const offset of own.length > 0 ? own : raw.buckets.map((one) => one.exemplarOffset)) {
    // Without a time an exemplar of a native histogram cannot be told from the last scrape's.
    if (offset > 0) emitExemplar(emission, offset, { needsTime: true });
  }
  options.handler.histogram?.(series, histogram, {
    timeMs: metric.timeMs || undefined,
    startMs: metric.startMs || undefined,
  });
}

interface EmittedSample {
  readonly suffix?: string;
  /** What tells the series of one metric apart. */
  readonly label?: readonly [name: string, value: string];
  readonly value: number;
  readonly startMs?: number;
  readonly exemplarOffset?: number;
}

function emitSample<Series>(
  emission: Emission<Series>,
  { suffix = "", label, value, startMs = 0, exemplarOffset = 0 }: EmittedSample,
): void {
  const { handler } = emission.options;
  const series = seriesOf(emission, suffix, label);
  if (exemplarOffset > 0) emitExemplar(emission, exemplarOffset, { needsTime: false });
  if (startMs > 0) handler.start?.(startMs);
  // 0 is no time: proto3 cannot tell it from one that is not there.
  handler.sample(series, value, emission.metric.timeMs || undefined);
}

function emitExemplar<Series>(
  { reader, options }: Emission<Series>,
  offsetBytes: number,
  { needsTime }: { readonly needsTime: boolean },
): void {
  if (options.handler.exemplar === undefined) return;
  const empty: RawExemplar = { labels: [], value: 0, timeMs: undefined };
  const exemplar = wireErrors(() => reader.messageAt(offsetBytes, empty, visitExemplar));
  if (!needsTime || exemplar.timeMs !== undefined) options.handler.exemplar(exemplar);
}

/** Ends a part of a series' key. In none of the parts before it: those are bytes, or ASCII. */
const KEY_SEPARATOR = "→";

/**
 * The handle of a series. It is looked up by its bytes, so that the labels of a known one are not
 * even decoded.
 */
function seriesOf<Series>(
  emission: Emission<Series>,
  suffix: string,
  label: EmittedSample["label"],
): Series {
  const { name, metric, options } = emission;
  const own = label === undefined ? "" : `${label[0]}=${label[1]}`;
  const key = `${metric.labelKey}${KEY_SEPARATOR}${own}${KEY_SEPARATOR}${name}${suffix}`;
  const known = options.handler.lookup(key);
  if (known !== undefined) return known;
  const pairs: [string, string][] = [[METRIC_NAME, name + suffix], ...labelsOf(emission)];
  if (label !== undefined) pairs.push([...label]);
  checkNames(pairs);
  return options.handler.add(key, pairs);
}

function labelsOf<Series>({ reader, metric }: Emission<Series>): [string, string][] {
  return wireErrors(() =>
    metric.labelOffsets.map((offset) => reader.messageAt(offset, ["", ""], visitLabel)),
  );
}

function checkNames(pairs: LabelPairs): void {
  const names = new Set<string>();
  for (const [name] of pairs) {
    if (!isUtf8Name(name)) throw new WireError(`${JSON.stringify(name)} is no label name`);
    if (names.has(name)) throw new WireError(`the label "${name}" is given twice`);
    names.add(name);
  }
}

/** A bound or quantile as OpenMetrics writes it: with a point or an exponent, always. */
function formatBound(value: number): string {
  const text = formatGeneral(value);
  return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text;
}
