/**
 * What a query may still spend: samples in memory, time, and the event loop's patience. Work is
 * counted, not timed, so that the same query takes its turns at the same places every run.
 */
import { QueryError } from "../../storage/index.ts";
import { SAMPLES_PER_TURN } from "../limits.ts";

interface BudgetOptions {
  readonly samplesMax: number;
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
  #sinceTurn = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#startedMs = options.nowMonotonicMs?.() ?? 0;
    this.check();
  }

  /** @throws {QueryError} "execution" when the query now holds too many samples */
  hold(sampleCount: number): void {
    this.#heldCount += sampleCount;
    if (this.#heldCount <= this.#options.samplesMax) return;
    const problem = "query processing would load too many samples into memory in query execution";
    throw new QueryError("execution", problem);
  }

  release(sampleCount: number): void {
    this.#heldCount -= sampleCount;
  }

  /** Notes work done; true when it is time to `await turn()`. */
  isTurnDue(sampleCount: number): boolean {
    this.#sinceTurn += sampleCount + 1;
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
      throw new QueryError("timeout", "query timed out in expression evaluation");
    }
  }
}
