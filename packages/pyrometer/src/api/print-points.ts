/**
 * Prints the points of a range query's series, `[time,"value"],[time,"value"]…`, into bytes that
 * are made once: appending texts to a text costs more than the digits.
 */
import { NUMBER_BYTES_MAX, printNumber, printText } from "./print-number.ts";

/** `,[-8640000000000.000,"` */
const OPENING_BYTES_MAX = 24;
/** The opening, the value, and `"]`. */
const POINT_BYTES_MAX = OPENING_BYTES_MAX + NUMBER_BYTES_MAX + 2;

const QUOTE = 0x22;
const BRACKET = 0x5d;

interface PrinterOptions {
  /** How long a piece gets, but for the last one. */
  readonly pieceLength: number;
  readonly encodeSeconds: (timeMs: number) => string;
  readonly encodeValue: (value: number) => string;
}

/** Times remembered; an answer of raw samples may have any number, and starts over. */
const OPENINGS_MAX = 16_384;

export class PointPrinter {
  readonly #options: PrinterOptions;
  readonly #bytes: Buffer;
  /**
   * What precedes a value, printed once per time: the series of a range query have the same times.
   * A point's opening is nearly always the one after the last point's, else the map knows it.
   */
  #openings = new Uint8Array(256 * OPENING_BYTES_MAX);
  #openingLengths = new Uint8Array(256);
  #timesMs = new Float64Array(256);
  readonly #indexes = new Map<number, number>();

  constructor(options: PrinterOptions) {
    this.#options = options;
    this.#bytes = Buffer.allocUnsafe(options.pieceLength + POINT_BYTES_MAX);
  }

  /** The points in pieces; a comma between two points, none before the first. */
  *print(timesMs: Float64Array, values: Float64Array): Generator<string> {
    const isFull = this.#options.pieceLength;
    let opening = -1;
    for (let next = 0; next < timesMs.length; ) {
      const start = next === 0 ? 1 : 0;
      let end = 0;
      while (next < timesMs.length && end < isFull) {
        opening = this.#findOpening(timesMs[next]!, opening + 1);
        end = this.#printPoint(opening, values[next]!, end);
        next += 1;
      }
      yield this.#bytes.toString("latin1", start, end);
    }
  }

  #findOpening(timeMs: number, guess: number): number {
    if (guess < this.#indexes.size && this.#timesMs[guess] === timeMs) return guess;
    return this.#indexes.get(timeMs) ?? this.#addOpening(timeMs);
  }

  #addOpening(timeMs: number): number {
    if (this.#indexes.size === OPENINGS_MAX) this.#indexes.clear();
    const index = this.#indexes.size;
    if (index === this.#timesMs.length) this.#grow();
    this.#indexes.set(timeMs, index);
    this.#timesMs[index] = timeMs;
    const at = index * OPENING_BYTES_MAX;
    const text = `,[${this.#options.encodeSeconds(timeMs)},"`;
    this.#openingLengths[index] = printText(text, this.#openings, at) - at;
    return index;
  }

  #grow(): void {
    const [openings, lengths, times] = [this.#openings, this.#openingLengths, this.#timesMs];
    this.#openings = new Uint8Array(openings.length * 2);
    this.#openings.set(openings);
    this.#openingLengths = new Uint8Array(lengths.length * 2);
    this.#openingLengths.set(lengths);
    this.#timesMs = new Float64Array(times.length * 2);
    this.#timesMs.set(times);
  }

  #printPoint(opening: number, value: number, at: number): number {
    const bytes = this.#bytes;
    const openings = this.#openings;
    const from = opening * OPENING_BYTES_MAX;
    const length = this.#openingLengths[opening]!;
    for (let i = 0; i < length; i++) bytes[at + i] = openings[from + i]!;
    const size = Math.abs(value);
    // Everything else may look different in Prometheus.
    let end =
      size >= 1e-6 && size < 1e21
        ? printNumber(value, bytes, at + length)
        : printText(this.#options.encodeValue(value), bytes, at + length);
    bytes[end++] = QUOTE;
    bytes[end++] = BRACKET;
    return end;
  }
}
