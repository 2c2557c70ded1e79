/** Writes bodies in Prometheus' protobuf format, as a client library would. */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export interface FamilySpec {
  readonly name: string;
  readonly help?: string;
  /** As the format numbers them: counter, gauge, summary, untyped, histogram, gauge histogram. */
  readonly type: number;
  readonly unit?: string;
  readonly metrics: readonly MetricSpec[];
}

export interface MetricSpec {
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeMs?: number;
  readonly startMs?: number;
  readonly value?: number;
  readonly exemplar?: ExemplarSpec;
  readonly summary?: {
    readonly count: number;
    readonly sum: number;
    readonly quantiles: readonly (readonly [quantile: number, value: number])[];
  };
  readonly histogram?: HistogramSpec;
}

export interface HistogramSpec {
  readonly count?: number;
  readonly countFloat?: number;
  readonly sum?: number;
  readonly buckets?: readonly {
    readonly upper: number;
    readonly count?: number;
    readonly countFloat?: number;
    readonly exemplar?: ExemplarSpec;
  }[];
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly zeroCountFloat?: number;
  readonly positive?: SideSpec;
  readonly negative?: SideSpec;
  readonly exemplars?: readonly ExemplarSpec[];
}

export interface SideSpec {
  readonly spans: readonly { readonly offset: number; readonly length: number }[];
  readonly deltas?: readonly number[];
  readonly counts?: readonly number[];
  /** Written packed unless false. */
  readonly packed?: boolean;
}

export interface ExemplarSpec {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timeMs?: number;
}

export const PROTOBUF_CONTENT_TYPE =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/** One field after another; what is undefined or zero is left out, as proto3 does. */
class Message {
  readonly #writer = new BinaryWriter();

  varint(field: number, value: number | undefined): this {
    if (value) this.#writer.tag(field, WireType.Varint).uint64(BigInt(value));
    return this;
  }

  zigzag(field: number, value: number | undefined): this {
    if (value) this.#writer.tag(field, WireType.Varint).sint64(BigInt(value));
    return this;
  }

  double(field: number, value: number | undefined): this {
    if (value !== undefined && !Object.is(value, 0)) {
      this.#writer.tag(field, WireType.Bit64).double(value);
    }
    return this;
  }

  text(field: number, value: string | undefined): this {
    if (value !== undefined) this.#writer.tag(field, WireType.LengthDelimited).string(value);
    return this;
  }

  message(field: number, value: Message | undefined): this {
    return value === undefined ? this : this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    this.#writer.tag(field, WireType.LengthDelimited).bytes(value);
    return this;
  }

  /** Fields that are written already. */
  raw(fields: Uint8Array): this {
    this.#writer.raw(fields);
    return this;
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}

export function encodeFamilies(families: readonly FamilySpec[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const family of families) writer.bytes(familyMessage(family).finish());
  return writer.finish();
}

function familyMessage({ name, help, type, unit, metrics }: FamilySpec): Message {
  const message = new Message().text(1, name).text(2, help).varint(3, type);
  for (const metric of metrics) message.message(4, metricMessage(metric, type));
  return message.text(5, unit);
}

function metricMessage(metric: MetricSpec, type: number): Message {
  const { startMs, summary, histogram } = metric;
  const message = withLabels(new Message(), metric.labels);
  if (type === 0) {
    const counter = new Message().double(1, metric.value);
    if (metric.exemplar) counter.message(2, exemplarMessage(metric.exemplar));
    message.message(3, counter.message(3, timestamp(startMs)));
  } else if (type === 1) message.message(2, new Message().double(1, metric.value));
  else if (type === 3) message.message(5, new Message().double(1, metric.value));
  if (summary) {
    const content = new Message().varint(1, summary.count).double(2, summary.sum);
    for (const [quantile, value] of summary.quantiles) {
      content.message(3, new Message().double(1, quantile).double(2, value));
    }
    message.message(4, content.message(4, timestamp(startMs)));
  }
  if (histogram) message.message(7, histogramMessage(histogram, startMs));
  return message.varint(6, metric.timeMs);
}

function histogramMessage(spec: HistogramSpec, startMs: number | undefined): Message {
  const message = new Message().varint(1, spec.count).double(2, spec.sum);
  for (const { upper, count, countFloat, exemplar } of spec.buckets ?? []) {
    const bucket = new Message().varint(1, count).double(2, upper).double(4, countFloat);
    if (exemplar) bucket.message(3, exemplarMessage(exemplar));
    message.message(3, bucket);
  }
  message.double(4, spec.countFloat).zigzag(5, spec.schema).double(6, spec.zeroThreshold);
  message.varint(7, spec.zeroCount).double(8, spec.zeroCountFloat);
  if (spec.negative) addSide(message, 9, spec.negative);
  if (spec.positive) addSide(message, 12, spec.positive);
  message.message(15, timestamp(startMs));
  for (const exemplar of spec.exemplars ?? []) message.message(16, exemplarMessage(exemplar));
  return message;
}

function addSide(
  message: Message,
  field: number,
  { spans, deltas = [], counts = [], packed = true }: SideSpec,
): void {
  for (const { offset, length } of spans) {
    message.message(field, new Message().zigzag(1, offset).varint(2, length));
  }
  if (packed) {
    const content = new BinaryWriter();
    for (const delta of deltas) content.sint64(BigInt(delta));
    if (deltas.length > 0) message.bytes(field + 1, content.finish());
    for (const count of counts) content.double(count);
    if (counts.length > 0) message.bytes(field + 2, content.finish());
    return;
  }
  const tag = (number: number, type: WireType) => new BinaryWriter().tag(number, type);
  const raw: Uint8Array[] = [
    ...deltas.map((delta) =>
      tag(field + 1, WireType.Varint)
        .sint64(BigInt(delta))
        .finish(),
    ),
    ...counts.map((count) =>
      tag(field + 2, WireType.Bit64)
        .double(count)
        .finish(),
    ),
  ];
  for (const bytes of raw) message.raw(bytes);
}

function exemplarMessage({ labels, value, timeMs }: ExemplarSpec): Message {
  return withLabels(new Message(), labels).double(2, value).message(3, timestamp(timeMs));
}

function withLabels(message: Message, labels: Readonly<Record<string, string>> = {}): Message {
  for (const [name, value] of Object.entries(labels)) {
    message.message(1, new Message().text(1, name).text(2, value));
  }
  return message;
}

function timestamp(timeMs: number | undefined): Message | undefined {
  if (timeMs === undefined) return undefined;
  return new Message().varint(1, Math.floor(timeMs / 1000)).varint(2, (timeMs % 1000) * 1_000_000);
}
