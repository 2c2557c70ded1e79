/**
 * Lets so many queries run at once and keeps the others waiting in line, first come first served:
 * each may hold many samples in memory, and a dashboard of 50 panels asks for all of them together.
 */
import { ApiError } from "../api-error.ts";

export class QueryGate {
  readonly #runningMax: number;
  readonly #waiting: (() => void)[] = [];
  #runningCount = 0;

  constructor(runningMax: number) {
    this.#runningMax = runningMax;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /**
   * Runs `query` when it is its turn.
   * @throws {ApiError} "canceled" when `signal` aborts before that
   */
  async run<T>(signal: AbortSignal, query: () => Promise<T>): Promise<T> {
    if (this.#runningCount >= this.#runningMax) await this.#wait(signal);
    else this.#runningCount += 1;
    try {
      return await query();
    } finally {
      // Whoever is next takes over the place; the count stays.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#runningCount -= 1;
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(new ApiError("canceled", "query was canceled in query queue"));
      };
      if (signal.aborted) return reject(new ApiError("canceled", "query was canceled"));
      this.#waiting.push(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
