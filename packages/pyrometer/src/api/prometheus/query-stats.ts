/**
 * What a query cost, as `stats=` prints it.
 * Source: Prometheus 3.14, util/stats/query_stats.go
 */
import { MS_PER_SECOND } from "../../std/index.ts";
import type { QueryStats, SampleStats } from "../../storage/index.ts";

interface StatsOptions {
  /** Unix milliseconds of the first step, and of one step; 0 for an instant query. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly isPerStep: boolean;
  /** From the request to the answer, waiting for a turn included. */
  readonly tookMs: number;
}

export function printStats(stats: QueryStats | undefined, options: StatsOptions) {
  const seconds = (ms: number) => ms / MS_PER_SECOND;
  const totalMs = options.tookMs;
  const { prepareMs = 0, evaluateMs = totalMs } = stats ?? {};
  return {
    timings: {
      evalTotalTime: seconds(prepareMs + evaluateMs),
      // Sorted while it is evaluated.
      resultSortTime: 0,
      queryPreparationTime: seconds(prepareMs),
      innerEvalTime: seconds(evaluateMs),
      execQueueTime: seconds(Math.max(0, totalMs - prepareMs - evaluateMs)),
      execTotalTime: seconds(Math.max(totalMs, prepareMs + evaluateMs)),
    },
    // A backend that cannot count says nothing rather than 0.
    ...(stats === undefined ? {} : { samples: printSamples(stats.samples, options) }),
  };
}

function printSamples(
  { queryablePerStep, readPerStep, peakCount }: SampleStats,
  { isPerStep, startMs, stepMs }: StatsOptions,
) {
  const perStep = (counts: Float64Array) =>
    [...counts].map((count, step) => [(startMs + step * stepMs) / MS_PER_SECOND, count]);
  return {
    ...(isPerStep ? { totalQueryableSamplesPerStep: perStep(queryablePerStep) } : {}),
    totalQueryableSamples: sum(queryablePerStep),
    ...(isPerStep ? { samplesReadPerStep: perStep(readPerStep) } : {}),
    samplesRead: sum(readPerStep),
    peakSamples: peakCount,
  };
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
