import type { FloatHistogram, Labels } from "../../model/index.ts";
import { writeStale } from "../../model/index.ts";
import type { Reader, SeriesRef } from "../../storage/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import type { LoadCommand } from "./script.ts";
import type { SequenceValue } from "./series-notation.ts";
import { asStored } from "./stored-hints.ts";

interface LoadedValue {
  readonly value: SequenceValue;
  /** Since when the counter counts. */
  readonly startMs?: number;
}

/**
 * What a script has loaded. Loads add to each other in any order of time, which no store takes,
 * so samples are gathered here and a store is filled when a query comes.
 */
export class ScriptStore {
  readonly #byKey = new Map<string, { labels: Labels; byTimeMs: Map<number, LoadedValue> }>();
  #filled: Promise<MemoryStore> | undefined;

  load({ stepMs, series }: LoadCommand): void {
    this.#filled = undefined;
    for (const { labels, values, startOffsetsMs } of series) {
      const known = this.#byKey.get(labels.key) ?? { labels, byTimeMs: new Map() };
      this.#byKey.set(labels.key, known);
      for (const [index, value] of values.entries()) {
        if (value.kind === "gap") continue;
        const timeMs = index * stepMs;
        const offsetMs = startOffsetsMs?.[index];
        const loaded = offsetMs === undefined ? { value } : { value, startMs: timeMs + offsetMs };
        known.byTimeMs.set(timeMs, loaded);
      }
    }
  }

  clear(): void {
    this.#filled = undefined;
    this.#byKey.clear();
  }

  reader(): Promise<Reader> {
    this.#filled ??= this.#fill();
    return this.#filled;
  }

  async #fill(): Promise<MemoryStore> {
    const store = new MemoryStore();
    for (const { labels, byTimeMs } of this.#byKey.values()) {
      const ref = store.series(labels);
      const batch = new BatchBuilder();
      let previous: FloatHistogram | undefined;
      for (const [timeMs, { value, startMs }] of [...byTimeMs].sort(([a], [b]) => a - b)) {
        if (value.kind === "histogram") {
          batch.addHistogram(ref, timeMs, asStored(value.histogram, previous));
        } else addSequenceValue(batch, value, { ref, timeMs });
        previous = value.kind === "histogram" ? value.histogram : undefined;
        if (startMs !== undefined) batch.setStart(startMs);
      }
      await store.append(batch);
    }
    return store;
  }
}

/** Adds one value of a series' notation to a batch; a gap adds nothing. */
export function addSequenceValue(
  batch: BatchBuilder,
  value: SequenceValue,
  { ref, timeMs }: { readonly ref: SeriesRef; readonly timeMs: number },
): void {
  if (value.kind === "float") batch.add(ref, timeMs, value.value);
  if (value.kind === "histogram") batch.addHistogram(ref, timeMs, value.histogram);
  if (value.kind !== "stale") return;
  batch.add(ref, timeMs, NaN);
  writeStale(batch.values, batch.count - 1);
}
