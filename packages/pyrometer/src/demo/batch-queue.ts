/**
 * Collects items into batches for a few workers, as an inference server does for its GPUs: a batch
 * leaves when it is full, or when its oldest item has waited long enough and a worker is free.
 *
 * Waiting a little fills batches, and a batch of eight costs far less than eight of one.
 */
import type { CancelTimer, Clock } from "../std/index.ts";

export interface BatchQueueOptions<Item, Result> {
  readonly clock: Clock;
  readonly batchSizeMax: number;
  readonly queueLengthMax: number;
  /** How long the oldest item may wait for company while a worker is free. */
  readonly waitMs: number;
  readonly workerCount: number;
  /** Which of the free workers takes the next batch. */
  readonly pick: (freeWorkers: readonly number[]) => number;
  /** Gives one result for each item, in their order. */
  readonly run: (worker: number, items: readonly Item[]) => Promise<readonly Result[]>;
}

export interface BatchQueue<Item, Result> {
  /**
   * The item's result, once its batch is done; undefined, at once, when the queue is full.
   * Rejects with what `run` rejects with.
   */
  submit(item: Item): Promise<Result> | undefined;
  /** Items that no worker has taken yet. */
  depth(): number;
  /** Sends nothing more; what is waiting is never answered. */
  stop(): void;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly sinceMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createBatchQueue<Item, Result>(
  options: BatchQueueOptions<Item, Result>,
): BatchQueue<Item, Result> {
  const { clock, batchSizeMax, queueLengthMax, waitMs } = options;
  const waiting: Waiting<Item, Result>[] = [];
  const free = new Set(Array.from({ length: options.workerCount }, (_, worker) => worker));
  let cancelWait: CancelTimer | undefined;

  function dispatch(): void {
    cancelWait?.();
    cancelWait = undefined;
    while (waiting.length > 0 && free.size > 0) {
      const dueInMs = waiting[0]!.sinceMs + waitMs - clock.nowMs();
      if (waiting.length < batchSizeMax && dueInMs > 0) {
        cancelWait = clock.setTimer(dueInMs, dispatch);
        return;
      }
      const worker = options.pick([...free]);
      free.delete(worker);
      void work(worker, waiting.splice(0, batchSizeMax));
    }
  }

  async function work(worker: number, batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const items = batch.map(({ item }) => item);
      const results = await options.run(worker, items);
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    free.add(worker);
    dispatch();
  }

  return {
    submit(item) {
      if (waiting.length >= queueLengthMax) return undefined;
      const result = new Promise<Result>((resolve, reject) => {
        waiting.push({ item, sinceMs: clock.nowMs(), resolve, reject });
      });
      dispatch();
      return result;
    },
    depth: () => waiting.length,
    stop() {
      waiting.length = 0;
      cancelWait?.();
    },
  };
}
