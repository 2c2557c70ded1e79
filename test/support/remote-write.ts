/**
 * Encodes samples as a Prometheus remote write 1.0 request, by hand: what tests need of protobuf
 * and snappy is a page. It carries any bits of a value, staleness markers too, which no text
 * format does.
 * Source: Prometheus' prompb/remote.proto, types.proto; snappy's format_description.txt
 */
export interface WrittenSeries {
  readonly labels: Iterable<readonly [name: string, value: string]>;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

export function encodeWriteRequest(series: readonly WrittenSeries[]): Buffer {
  return snappyLiteral(Buffer.concat(series.map((one) => message(1, encodeSeries(one)))));
}

function encodeSeries({ labels, timesMs, values }: WrittenSeries): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of labels) {
    parts.push(message(1, Buffer.concat([text(1, name), text(2, value)])));
  }
  const bits = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  for (let i = 0; i < timesMs.length; i++) {
    const value = Buffer.concat([Buffer.of((1 << 3) | 1), bits.subarray(i * 8, i * 8 + 8)]);
    const time = Buffer.concat([Buffer.of(2 << 3), varint(timesMs[i]!)]);
    parts.push(message(2, Buffer.concat([value, time])));
  }
  return Buffer.concat(parts);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}

function message(field: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of((field << 3) | 2), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  while (value >= 0x80) {
    bytes.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  return Buffer.from([...bytes, value]);
}

const LITERAL_BYTES_MAX = 65_536;
const LITERAL_WITH_TWO_LENGTH_BYTES = 61 << 2;

/** A snappy block that compresses nothing: only literals. */
function snappyLiteral(body: Buffer): Buffer {
  const parts = [varint(body.length)];
  for (let at = 0; at < body.length; at += LITERAL_BYTES_MAX) {
    const literal = body.subarray(at, at + LITERAL_BYTES_MAX);
    const last = literal.length - 1;
    parts.push(Buffer.of(LITERAL_WITH_TWO_LENGTH_BYTES, last & 0xff, last >> 8), literal);
  }
  return Buffer.concat(parts);
}
