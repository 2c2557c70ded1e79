/** Writes what rules make into the store, one batch per rule, and counts what it would not take. */
import type { Labels } from "../model/index.ts";
import { writeStale } from "../model/index.ts";
import type { Appendable } from "../storage/index.ts";
import { BatchBuilder } from "../storage/index.ts";
import type { SynthesizedSample } from "./alert-states.ts";

export interface WriteReport {
  readonly storedCount: number;
  /** Out of order, contradicting what is stored, or one series too many. */
  readonly rejectedCount: number;
}

export interface Write {
  readonly timeMs: number;
  readonly samples: readonly SynthesizedSample[];
  /** Series to mark as ended. */
  readonly ended: readonly Labels[];
}

export interface SampleWriter {
  /**
   * Resolves when a query sees the samples.
   * @throws {StorageError}
   */
  write(write: Write): Promise<WriteReport>;
}

export function createSampleWriter(store: Appendable): SampleWriter {
  return {
    async write({ timeMs, samples, ended }) {
      // Most rules of most groups give nothing most of the time.
      if (samples.length + ended.length === 0) return { storedCount: 0, rejectedCount: 0 };
      const batch = new BatchBuilder();
      let refusedCount = 0;
      const add = ({ labels, value, histogram }: SynthesizedSample): boolean => {
        const ref = store.series(labels);
        if (ref === undefined) refusedCount += 1;
        else if (histogram !== undefined) batch.addHistogram(ref, timeMs, histogram);
        else batch.add(ref, timeMs, value);
        return ref !== undefined;
      };
      for (const sample of samples) add(sample);
      for (const labels of ended) {
        // Bit by bit afterwards: passed as a number the marker would be quieted.
        if (add({ labels, value: NaN })) writeStale(batch.values, batch.count - 1);
      }
      if (batch.count === 0) return { storedCount: 0, rejectedCount: refusedCount };
      const { storedCount, rejected } = await store.append(batch);
      return { storedCount, rejectedCount: refusedCount + rejected.length };
    },
  };
}
