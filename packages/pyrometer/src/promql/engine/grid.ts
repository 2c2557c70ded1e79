/** The moments a query is evaluated at. An instant query is a grid of one step. */
export interface Grid {
  /** Unix milliseconds of step 0. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly stepCount: number;
}

export function gridEndMs({ startMs, stepMs, stepCount }: Grid): number {
  return startMs + (stepCount - 1) * stepMs;
}

export function gridTimeMs({ startMs, stepMs }: Grid, step: number): number {
  return startMs + step * stepMs;
}
