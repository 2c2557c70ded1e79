/** What is wrong with a metric, for programs; the message says it for people. */
export type MetricErrorCode =
  | "client/name"
  | "client/label"
  | "client/buckets"
  | "client/value"
  | "client/clash"
  | "client/listen";

/**
 * A metric was defined or used wrongly, or its server cannot listen. Thrown at the call that is
 * wrong: a metric that silently counts nothing is worse than a crash at start-up.
 */
export class MetricError extends Error {
  override readonly name: string = "MetricError";
  readonly code: MetricErrorCode;

  constructor(code: MetricErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
