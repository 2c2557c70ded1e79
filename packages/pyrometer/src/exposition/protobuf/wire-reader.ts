/**
 * Protobuf's wire format, one field at a time: messages nest, and none may reach beyond the one
 * that holds it. Fields are told apart by their tag, number and wire type together, so that a known
 * number of another type is skipped, as every unknown field is.
 */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { MS_PER_SECOND } from "../../std/index.ts";

/** What is wrong with a message. Ends the reading; parseProtobuf() returns it. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** Reads the content of the field `tag` into the message; or does not, and it is skipped. */
export type Visit<T> = (reader: WireReader, into: T, tag: number) => boolean;

export const varint = (field: number) => (field << 3) | WireType.Varint;
export const double = (field: number) => (field << 3) | WireType.Bit64;
/** Texts, messages and packed numbers. */
export const delimited = (field: number) => (field << 3) | WireType.LengthDelimited;

const NANOS_PER_MS = 1_000_000;

export class WireReader extends BinaryReader {
  readonly #bytes: Buffer;
  #end: number;

  constructor(body: Uint8Array) {
    super(body);
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#end = body.length;
  }

  /**
   * Reads a message with its length before it.
   *
   * @throws {WireError}
   */
  message<T>(into: T, visit: Visit<T>): T {
    const outerEnd = this.#end;
    const length = this.uint32();
    const end = this.pos + length;
    if (end > outerEnd) {
      throw new WireError(`a message of ${length} bytes has ${outerEnd - this.pos} left`);
    }
    this.#end = end;
    while (this.pos < end) {
      const tag = this.uint32();
      if (!visit(this, into, tag)) this.skip(tag & 7, tag >>> 3);
    }
    if (this.pos > end) throw new WireError("a field is longer than its message");
    this.#end = outerEnd;
    return into;
  }

  /** As message(), for one that begins elsewhere in the body. Reading goes on there. */
  messageAt<T>(offsetBytes: number, into: T, visit: Visit<T>): T {
    this.pos = offsetBytes;
    this.#end = this.len;
    return this.message(into, visit);
  }

  /** Steps over a message or text, and says where it began: for messageAt(). */
  pass(): number {
    const start = this.pos;
    this.bytes();
    return start;
  }

  /** The bytes from `start` up to here, each a character: something to recognise them by. */
  latin1Since(start: number): string {
    return this.#bytes.toString("latin1", start, this.pos);
  }

  /** Counts beyond 2^53 are rounded, as everything that counts here is a double in the end. */
  count(): number {
    // Most counts fit a byte, and the general way makes a BigInt.
    const byte = this.#bytes[this.pos]!;
    if (byte >= 0x80) return Number(this.uint64());
    this.pos += 1;
    return byte;
  }

  delta(): number {
    const byte = this.#bytes[this.pos]!;
    if (byte >= 0x80) return Number(this.sint64());
    this.pos += 1;
    return byte & 1 ? -(byte + 1) / 2 : byte / 2;
  }

  /** Numbers of a repeated field, packed into one. */
  packed(into: number[], readOne: (reader: WireReader) => number): true {
    const length = this.uint32();
    const end = this.pos + length;
    while (this.pos < end) into.push(readOne(this));
    if (this.pos > end) throw new WireError("a number is longer than its field");
    return true;
  }

  /** A google.protobuf.Timestamp, in Unix milliseconds. */
  timestampMs(): number {
    const { seconds, nanos } = this.message({ seconds: 0, nanos: 0 }, visitTimestamp);
    return seconds * MS_PER_SECOND + Math.trunc(nanos / NANOS_PER_MS);
  }
}

const TIMESTAMP = { seconds: varint(1), nanos: varint(2) };

function visitTimestamp(
  reader: WireReader,
  into: { seconds: number; nanos: number },
  tag: number,
): boolean {
  if (tag === TIMESTAMP.seconds) into.seconds = Number(reader.int64());
  else if (tag === TIMESTAMP.nanos) into.nanos = reader.int32();
  else return false;
  return true;
}

/**
 * Runs what reads from a WireReader and nothing else.
 *
 * @throws {WireError} whatever was wrong
 */
export function wireErrors<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError || !(error instanceof Error)) throw error;
    // RangeError for bytes that end too soon, TypeError for text that is not UTF-8, Error for tags.
    throw new WireError(error.message, { cause: error });
  }
}
