import type { Appendable } from "./appendable.ts";
import type { Reader } from "./reader.ts";

/** A whole store: what the server owns, opens and closes. */
export interface Store extends Appendable, Reader {
  /** What is in it now, for self-metrics and the status page. */
  stats(): StoreStats;
  /** Drops samples before `beforeMs`, and series left without any. */
  truncate(beforeMs: number): void;
  /** After this every call throws StorageError "closed". Idempotent. */
  close(): Promise<void>;
}

export interface StoreStats {
  readonly seriesCount: number;
  readonly sampleCount: number;
  /** Unix milliseconds of the oldest and newest sample; undefined while empty. */
  readonly minMs: number | undefined;
  readonly maxMs: number | undefined;
}
