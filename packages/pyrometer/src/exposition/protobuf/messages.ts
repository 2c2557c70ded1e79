/**
 * The messages of io.prometheus.client as plain data. Field numbers are those of metrics.proto in
 * prometheus/client_model; absent fields are 0 or empty, as in proto3.
 */
import type { WireReader } from "./wire-reader.ts";
import { delimited, double, varint } from "./wire-reader.ts";

export interface Family {
  name: string;
  help: string;
  unit: string;
  /** One of FAMILY_TYPES, or a number that none has. */
  type: number;
  /** Where its metrics are: name and unit may stand behind them. */
  readonly metricOffsets: number[];
}

export interface Metric {
  /** The labels' own bytes: equal for equal labels in equal order. */
  labelKey: string;
  readonly labelOffsets: number[];
  timeMs: number;
  /** Of a counter, gauge or untyped metric. */
  value: number;
  startMs: number;
  /** Of a counter; 0 is none, as no message begins there. */
  exemplarOffset: number;
  summary: Summary | undefined;
  histogram: Histogram | undefined;
}

export interface Summary {
  count: number;
  sum: number;
  readonly quantiles: { quantile: number; value: number }[];
}

export interface Histogram {
  count: number;
  /** Counts more than `count` when above 0; likewise below. */
  countFloat: number;
  sum: number;
  readonly buckets: Bucket[];
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  zeroCountFloat: number;
  readonly positive: NativeSide;
  readonly negative: NativeSide;
  readonly exemplarOffsets: number[];
}

export interface Bucket {
  upper: number;
  cumulativeCount: number;
  cumulativeCountFloat: number;
  exemplarOffset: number;
}

export interface NativeSide {
  readonly spans: { offset: number; length: number }[];
  readonly deltas: number[];
  readonly counts: number[];
}

export interface RawExemplar {
  readonly labels: [name: string, value: string][];
  value: number;
  timeMs: number | undefined;
}

const FAMILY = {
  name: delimited(1),
  help: delimited(2),
  type: varint(3),
  metric: delimited(4),
  unit: delimited(5),
};

export function newFamily(): Family {
  return { name: "", help: "", unit: "", type: 0, metricOffsets: [] };
}

export function visitFamily(reader: WireReader, into: Family, tag: number): boolean {
  if (tag === FAMILY.name) into.name = reader.string(true);
  else if (tag === FAMILY.help) into.help = reader.string(true);
  else if (tag === FAMILY.type) into.type = reader.int32();
  else if (tag === FAMILY.metric) into.metricOffsets.push(reader.pass());
  else if (tag === FAMILY.unit) into.unit = reader.string(true);
  else return false;
  return true;
}

const METRIC = {
  label: delimited(1),
  gauge: delimited(2),
  counter: delimited(3),
  summary: delimited(4),
  untyped: delimited(5),
  timestampMs: varint(6),
  histogram: delimited(7),
};

export function newMetric(): Metric {
  return {
    labelKey: "",
    labelOffsets: [],
    timeMs: 0,
    value: 0,
    startMs: 0,
    exemplarOffset: 0,
    summary: undefined,
    histogram: undefined,
  };
}

export function visitMetric(reader: WireReader, into: Metric, tag: number): boolean {
  if (tag === METRIC.label) {
    const offset = reader.pass();
    into.labelOffsets.push(offset);
    into.labelKey += reader.latin1Since(offset);
  } else if (tag === METRIC.counter) reader.message(into, visitCounter);
  else if (tag === METRIC.gauge || tag === METRIC.untyped) reader.message(into, visitValue);
  else if (tag === METRIC.timestampMs) into.timeMs = Number(reader.int64());
  else if (tag === METRIC.summary) {
    into.summary ??= { count: 0, sum: 0, quantiles: [] };
    reader.message({ metric: into, summary: into.summary }, visitSummary);
  } else if (tag === METRIC.histogram) {
    into.histogram ??= newHistogram();
    reader.message({ metric: into, histogram: into.histogram }, visitHistogram);
  } else return false;
  return true;
}

const COUNTER = { value: double(1), exemplar: delimited(2), start: delimited(3) };

function visitCounter(reader: WireReader, into: Metric, tag: number): boolean {
  if (tag === COUNTER.exemplar) into.exemplarOffset = reader.pass();
  else if (tag === COUNTER.start) into.startMs = reader.timestampMs();
  else return visitValue(reader, into, tag);
  return true;
}

function visitValue(reader: WireReader, into: Metric, tag: number): boolean {
  if (tag !== COUNTER.value) return false;
  into.value = reader.double();
  return true;
}

const SUMMARY = {
  count: varint(1),
  sum: double(2),
  quantile: delimited(3),
  start: delimited(4),
};

interface SummaryOf {
  readonly metric: Metric;
  readonly summary: Summary;
}

function visitSummary(reader: WireReader, { metric, summary }: SummaryOf, tag: number): boolean {
  if (tag === SUMMARY.count) summary.count = reader.count();
  else if (tag === SUMMARY.sum) summary.sum = reader.double();
  else if (tag === SUMMARY.start) metric.startMs = reader.timestampMs();
  else if (tag === SUMMARY.quantile) {
    summary.quantiles.push(reader.message({ quantile: 0, value: 0 }, visitQuantile));
  } else return false;
  return true;
}

const QUANTILE = { quantile: double(1), value: double(2) };

function visitQuantile(
  reader: WireReader,
  into: Summary["quantiles"][number],
  tag: number,
): boolean {
  if (tag === QUANTILE.quantile) into.quantile = reader.double();
  else if (tag === QUANTILE.value) into.value = reader.double();
  else return false;
  return true;
}

const HISTOGRAM = {
  count: varint(1),
  sum: double(2),
  bucket: delimited(3),
  countFloat: double(4),
  schema: varint(5),
  zeroThreshold: double(6),
  zeroCount: varint(7),
  zeroCountFloat: double(8),
  start: delimited(15),
  exemplar: delimited(16),
};
/** Field numbers of spans, deltas and counts. */
const NEGATIVE = sideTags(9);
const POSITIVE = sideTags(12);

/** Repeated numbers come packed from some languages, and one by one from others. */
function sideTags(first: number) {
  return {
    span: delimited(first),
    delta: varint(first + 1),
    packedDeltas: delimited(first + 1),
    count: double(first + 2),
    packedCounts: delimited(first + 2),
  };
}

function newHistogram(): Histogram {
  return {
    count: 0,
    countFloat: 0,
    sum: 0,
    buckets: [],
    schema: 0,
    zeroThreshold: 0,
    zeroCount: 0,
    zeroCountFloat: 0,
    positive: { spans: [], deltas: [], counts: [] },
    negative: { spans: [], deltas: [], counts: [] },
    exemplarOffsets: [],
  };
}

interface HistogramOf {
  readonly metric: Metric;
  readonly histogram: Histogram;
}

function visitHistogram(reader: WireReader, into: HistogramOf, tag: number): boolean {
  const { metric, histogram } = into;
  if (tag === HISTOGRAM.count) histogram.count = reader.count();
  else if (tag === HISTOGRAM.countFloat) histogram.countFloat = reader.double();
  else if (tag === HISTOGRAM.sum) histogram.sum = reader.double();
  else if (tag === HISTOGRAM.bucket) {
    histogram.buckets.push(reader.message(newBucket(), visitBucket));
  } else if (tag === HISTOGRAM.schema) histogram.schema = reader.sint32();
  else if (tag === HISTOGRAM.zeroThreshold) histogram.zeroThreshold = reader.double();
  else if (tag === HISTOGRAM.zeroCount) histogram.zeroCount = reader.count();
  else if (tag === HISTOGRAM.zeroCountFloat) histogram.zeroCountFloat = reader.double();
  else if (tag === HISTOGRAM.start) metric.startMs = reader.timestampMs();
  else if (tag === HISTOGRAM.exemplar) histogram.exemplarOffsets.push(reader.pass());
  else {
    return (
      visitSide(reader, { side: histogram.positive, tags: POSITIVE }, tag) ||
      visitSide(reader, { side: histogram.negative, tags: NEGATIVE }, tag)
    );
  }
  return true;
}

interface SideOf {
  readonly side: NativeSide;
  readonly tags: ReturnType<typeof sideTags>;
}

function visitSide(reader: WireReader, { side, tags }: SideOf, tag: number): boolean {
  if (tag === tags.span) side.spans.push(reader.message({ offset: 0, length: 0 }, visitSpan));
  else if (tag === tags.delta) side.deltas.push(reader.delta());
  else if (tag === tags.packedDeltas) return reader.packed(side.deltas, (one) => one.delta());
  else if (tag === tags.count) side.counts.push(reader.double());
  else if (tag === tags.packedCounts) return reader.packed(side.counts, (one) => one.double());
  else return false;
  return true;
}

const SPAN = { offset: varint(1), length: varint(2) };

function visitSpan(
  reader: WireReader,
  into: { offset: number; length: number },
  tag: number,
): boolean {
  if (tag === SPAN.offset) into.offset = reader.sint32();
  else if (tag === SPAN.length) into.length = reader.uint32();
  else return false;
  return true;
}

const BUCKET = {
  cumulativeCount: varint(1),
  upper: double(2),
  exemplar: delimited(3),
  cumulativeCountFloat: double(4),
};

function newBucket(): Bucket {
  return { upper: 0, cumulativeCount: 0, cumulativeCountFloat: 0, exemplarOffset: 0 };
}

function visitBucket(reader: WireReader, into: Bucket, tag: number): boolean {
  if (tag === BUCKET.cumulativeCount) into.cumulativeCount = reader.count();
  else if (tag === BUCKET.upper) into.upper = reader.double();
  else if (tag === BUCKET.exemplar) into.exemplarOffset = reader.pass();
  else if (tag === BUCKET.cumulativeCountFloat) into.cumulativeCountFloat = reader.double();
  else return false;
  return true;
}

const LABEL = { name: delimited(1), value: delimited(2) };

export function visitLabel(reader: WireReader, into: [string, string], tag: number): boolean {
  if (tag === LABEL.name) into[0] = reader.string(true);
  else if (tag === LABEL.value) into[1] = reader.string(true);
  else return false;
  return true;
}

const EXEMPLAR = { label: delimited(1), value: double(2), timestamp: delimited(3) };

export function visitExemplar(reader: WireReader, into: RawExemplar, tag: number): boolean {
  if (tag === EXEMPLAR.label) into.labels.push(reader.message(["", ""], visitLabel));
  else if (tag === EXEMPLAR.value) into.value = reader.double();
  else if (tag === EXEMPLAR.timestamp) into.timeMs = reader.timestampMs();
  else return false;
  return true;
}
