/**
 * Reads a GPU source on an interval and keeps the latest snapshot. One reading at a time: a slow
 * source is read less often, never twice at once.
 */
import type { Clock, Logger } from "../std/index.ts";
import { sleep } from "../std/index.ts";
import type { GpuSnapshot, GpuSource } from "./snapshot.ts";
import { GpuSourceError } from "./snapshot.ts";

export interface Collection {
  /** The last good one; undefined before there was one. */
  readonly snapshot: GpuSnapshot | undefined;
  /** Why the latest reading failed; undefined when it did not. */
  readonly failure: GpuSourceError | undefined;
  readonly successCount: number;
  readonly failureCount: number;
}

export interface Collector {
  current(): Collection;
  /** Aborts a reading that is under way and resolves when it has ended. */
  stop(): Promise<void>;
}

export interface CollectorOptions {
  readonly source: GpuSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
}

export function startCollector({ source, clock, logger, intervalMs }: CollectorOptions): Collector {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current: Collection = {
    snapshot: undefined,
    failure: undefined,
    successCount: 0,
    failureCount: 0,
  };

  async function collect(): Promise<void> {
    const before = current;
    try {
      const snapshot = await source.read(signal);
      current = {
        ...before,
        snapshot,
        failure: undefined,
        successCount: before.successCount + 1,
      };
      if (before.failure) logger.info("GPUs can be read again", { source: source.name });
    } catch (failure) {
      if (signal.aborted) return;
      if (!(failure instanceof GpuSourceError)) throw failure;
      current = { ...before, failure, failureCount: before.failureCount + 1 };
      // Once for each kind of trouble: a source that is down fails every second.
      if (before.failure?.message === failure.message) return;
      logger.warn("GPUs cannot be read", { source: source.name, error: failure.message });
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const startedMs = clock.nowMs();
      await collect();
      await sleep(clock, Math.max(0, startedMs + intervalMs - clock.nowMs()), signal);
    }
  }

  const running = run();
  return {
    current: () => current,
    stop() {
      stopping.abort();
      return running;
    },
  };
}
