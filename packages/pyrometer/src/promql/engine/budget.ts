/**
 * What a query may still spend: samples in memory, time, and the event loop's patience. Work is
 * counted, not timed, so that the same query takes its turns at the same places every run.
 */
import { BYTES_PER_MIB, formatDuration } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import { BYTES_PER_SAMPLE, BYTES_PER_SERIES, LABELLING_COST, SAMPLES_PER_TURN } from "../limits.ts";

/** A sum is cheap, but not for each of a million series. */
const SERIES_PER_MEMORY_CHECK = 1_000;

interface BudgetOptions {
  readonly samplesMax: number;
  readonly seriesMax: number;
  readonly stepsMax: number;
  readonly bytesMax: number;
  readonly timeoutMs: number;
  /** Absent: no timeout. */
  readonly nowMonotonicMs?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Lets the event loop run, then resolves. */
  readonly turn: () => Promise<void>;
}

export class Budget {
  readonly #options: BudgetOptions;
  readonly #startedMs: number;
  #heldCount = 0;
  #peakCount = 0;
  #seriesCount = 0;
  #sinceTurn = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#startedMs = options.nowMonotonicMs?.() ?? 0;
    this.check();
  }

  /** @throws {QueryError} "execution" when the query now holds too many samples, or too much */
  hold(sampleCount: number): void {
    this.#heldCount += sampleCount;
    if (this.#heldCount <= this.#peakCount) return;
    this.#peakCount = this.#heldCount;
    const { samplesMax } = this.#options;
    if (this.#heldCount > samplesMax) {
      const problem = "query processing would load too many samples into memory in query execution";
      throw overLimit(problem, `${samplesMax} samples (--query.max-samples)`);
    }
    this.#checkMemory();
  }

  /** Notes one more series selected. @throws {QueryError} "execution" when those are too many */
  addSeries(): void {
    this.#seriesCount += 1;
    const { seriesMax } = this.#options;
    if (this.#seriesCount > seriesMax) {
      throw overLimit(
        "Cannot evaluate the query: it selects too many series",
        `${seriesMax} series`,
      );
    }
    if (this.#seriesCount % SERIES_PER_MEMORY_CHECK === 0) this.#checkMemory();
  }

  /** @throws {QueryError} "execution" when no column of so many steps should even be made */
  assertSteps(stepCount: number): void {
    const { stepsMax } = this.#options;
    if (stepCount <= stepsMax) return;
    const problem = `Cannot evaluate the query: a range of ${stepCount} steps is too fine`;
    throw overLimit(problem, `${stepsMax} steps of a range or subquery`);
  }

  #checkMemory(): void {
    const { bytesMax } = this.#options;
    const bytes = this.#heldCount * BYTES_PER_SAMPLE + this.#seriesCount * BYTES_PER_SERIES;
    if (bytes <= bytesMax) return;
    const mebibytes = Math.round(bytesMax / BYTES_PER_MIB);
    throw overLimit("Cannot evaluate the query: it needs too much memory", `${mebibytes} MiB`);
  }

  /** The most samples held at once so far. */
  get peakCount(): number {
    return this.#peakCount;
  }

  release(sampleCount: number): void {
    this.#heldCount -= sampleCount;
  }

  /** Notes work done; true when it is time to `await turn()`. */
  isTurnDue(sampleCount: number): boolean {
    this.#sinceTurn += sampleCount + LABELLING_COST;
    return this.#sinceTurn >= SAMPLES_PER_TURN;
  }

  async turn(): Promise<void> {
    this.#sinceTurn = 0;
    await this.#options.turn();
    this.check();
  }

  /** Calls `visit` for each item, each worth `samplesPerItem`, with turns between them. */
  async forEach<T>(
    items: Iterable<T>,
    samplesPerItem: number,
    visit: (item: T) => void,
  ): Promise<void> {
    for (const item of items) {
      visit(item);
      if (this.isTurnDue(samplesPerItem)) await this.turn();
    }
  }

  /** @throws {QueryError} "canceled" or "timeout" */
  check(): void {
    const { signal, nowMonotonicMs, timeoutMs } = this.#options;
    if (signal?.aborted) throw new QueryError("canceled", "query was canceled in query execution");
    if (nowMonotonicMs === undefined) return;
    if (nowMonotonicMs() - this.#startedMs > timeoutMs) {
      const hint = `The limit of one query is ${formatDuration(timeoutMs)} (timeout=, --query.timeout)`;
      throw new QueryError("timeout", "query timed out in expression evaluation", { hint });
    }
  }
}

function overLimit(problem: string, limit: string): QueryError {
  return new QueryError("execution", problem, { hint: `The limit of one query is ${limit}` });
}
