/**
 * What one target's lines mean, by their text: the store's series, or that relabelling dropped it.
 * And which series were there last time, so that those that vanish get a staleness marker.
 *
 * A series is an index into parallel columns; only the text is an object (invariant 2). Scrapes
 * are numbered, so "seen last time" is a comparison and nothing has to be cleared in between.
 *
 * Source: prometheus scrape/scrape.go, scrapeCache
 */
import type { SeriesRef } from "../../storage/index.ts";
import { SCRAPES_UNSEEN_MAX } from "../limits.ts";

/** In place of a SeriesRef: metric_relabel_configs dropped the series. */
export const DROPPED = -1;

const FIRST_CAPACITY = 64;

export type SampleKind = "number" | "histogram";

/** In place of a scrape's number. Numbers start so that no scrape's predecessor is this. */
const NEVER = 0;
const FIRST_SCRAPE = 2;

export class SeriesCache {
  readonly #indexByText = new Map<string, number>();
  readonly #texts: (string | undefined)[] = [];
  readonly #free: number[] = [];
  #refs = new Float64Array(FIRST_CAPACITY);
  /** The scrape that last saw the text. */
  #seenIn = new Uint32Array(FIRST_CAPACITY);
  /** The scrape that last stored a sample which must not silently end. */
  #trackedIn = new Uint32Array(FIRST_CAPACITY);
  /** 1 where that sample was a native histogram. */
  #isHistogram = new Uint8Array(FIRST_CAPACITY);
  #scrape = FIRST_SCRAPE;

  get size(): number {
    return this.#indexByText.size;
  }

  /** The index of a known text, which counts as seen. */
  lookup(text: string): number | undefined {
    const index = this.#indexByText.get(text);
    if (index !== undefined) this.#seenIn[index] = this.#scrape;
    return index;
  }

  /** @param text kept: pass a copy, not a slice of a body */
  add(text: string, ref: SeriesRef | typeof DROPPED): number {
    const index = this.#free.pop() ?? this.#texts.length;
    if (index === this.#refs.length) this.#grow();
    this.#texts[index] = text;
    this.#refs[index] = ref;
    this.#seenIn[index] = this.#scrape;
    this.#trackedIn[index] = NEVER;
    this.#indexByText.set(text, index);
    return index;
  }

  refOf(index: number): SeriesRef | typeof DROPPED {
    return this.#refs[index]!;
  }

  /** A sample of this series is stored by the current scrape: when the next has none, it ended. */
  track(index: number, kind: SampleKind): void {
    this.#trackedIn[index] = this.#scrape;
    this.#isHistogram[index] = kind === "histogram" ? 1 : 0;
  }

  /**
   * Series tracked by the last scrape and not by this one, and what their last sample was. Two
   * texts may mean one series, so a series that is still there under another text is not among them.
   */
  vanished(): Map<SeriesRef, SampleKind> {
    const gone = new Map<SeriesRef, SampleKind>();
    for (let index = 0; index < this.#texts.length; index++) {
      if (this.#trackedIn[index] === this.#scrape - 1) {
        gone.set(this.#refs[index]!, this.#isHistogram[index] === 1 ? "histogram" : "number");
      }
    }
    if (gone.size === 0) return gone;
    for (let index = 0; index < this.#texts.length; index++) {
      if (this.#trackedIn[index] === this.#scrape) gone.delete(this.#refs[index]!);
    }
    return gone;
  }

  /** Ends the current scrape: forgets texts not seen for a while and starts the next. */
  finishScrape(): void {
    for (let index = 0; index < this.#texts.length; index++) {
      const unseenCount = this.#scrape - this.#seenIn[index]!;
      if (unseenCount > SCRAPES_UNSEEN_MAX) this.forget(index);
    }
    this.#scrape += 1;
  }

  /** The store no longer knows the series: its text must be read again. */
  forget(index: number): void {
    const text = this.#texts[index];
    if (text === undefined) return;
    this.#indexByText.delete(text);
    this.#texts[index] = undefined;
    this.#trackedIn[index] = NEVER;
    this.#free.push(index);
  }

  #grow(): void {
    const capacity = this.#refs.length * 2;
    const refs = new Float64Array(capacity);
    const seenIn = new Uint32Array(capacity);
    const trackedIn = new Uint32Array(capacity);
    const isHistogram = new Uint8Array(capacity);
    refs.set(this.#refs);
    seenIn.set(this.#seenIn);
    trackedIn.set(this.#trackedIn);
    isHistogram.set(this.#isHistogram);
    this.#refs = refs;
    this.#seenIn = seenIn;
    this.#trackedIn = trackedIn;
    this.#isHistogram = isHistogram;
  }
}
