import type { Labels } from "../../model/index.ts";
import { writeStale } from "../../model/index.ts";
import type { Reader } from "../../storage/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import type { LoadCommand } from "./script.ts";
import type { SequenceValue } from "./series-notation.ts";

/**
 * What a script has loaded. Loads add to each other in any order of time, which no store takes,
 * so samples are gathered here and a store is filled when a query comes.
 */
export class ScriptStore {
  readonly #byKey = new Map<string, { labels: Labels; byTimeMs: Map<number, SequenceValue> }>();
  #filled: Promise<MemoryStore> | undefined;

  load({ stepMs, series }: LoadCommand): void {
    this.#filled = undefined;
    for (const { labels, values } of series) {
      const known = this.#byKey.get(labels.key) ?? { labels, byTimeMs: new Map() };
      this.#byKey.set(labels.key, known);
      for (const [index, value] of values.entries()) {
        if (value.kind !== "gap") known.byTimeMs.set(index * stepMs, value);
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
      for (const [timeMs, value] of [...byTimeMs].sort(([a], [b]) => a - b)) {
        if (value.kind === "float") batch.add(ref, timeMs, value.value);
        if (value.kind !== "stale") continue;
        batch.add(ref, timeMs, NaN);
        writeStale(batch.values, batch.count - 1);
      }
      await store.append(batch);
    }
    return store;
  }
}
