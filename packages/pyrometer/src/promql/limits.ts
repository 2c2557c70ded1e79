/** What one query may cost. Reaching a limit fails that query, by name, and nothing else. */

/** Samples one query may hold in memory at once; Prometheus' --query.max-samples default. */
export const SAMPLES_PER_QUERY_MAX = 50_000_000;

/**
 * Steps of a range query that the HTTP API accepts, Prometheus' number: enough for a minute's
 * resolution over a week or an hour's over a year. The engine itself does not refuse more.
 */
export const POINTS_PER_SERIES_MAX = 11_000;

/** How long a query may run unless it says; Prometheus' --query.timeout default. */
export const QUERY_TIMEOUT_MS = 120_000;

/** How far back a selector looks for a sample; Prometheus' --query.lookback-delta default. */
export const LOOKBACK_MS = 300_000;

/** Resolution of `[1h:]`: Prometheus takes the global evaluation interval, 1 m by default. */
export const SUBQUERY_STEP_MS = 60_000;

/**
 * Nesting of one expression, operator chains included: the evaluator recurses, and this many
 * levels are far from the end of the stack. The deepest query in our collections has 40.
 */
export const EXPRESSION_DEPTH_MAX = 1_000;

/**
 * Samples worked on between two turns of the event loop. At 50–200 ns each this is 3–10 ms, so
 * a scrape or a notification on the same thread does not wait long for a query.
 */
export const SAMPLES_PER_TURN = 50_000;

/** Remarks one query may carry; each distinct text counts once. */
export const ANNOTATIONS_PER_QUERY_MAX = 100;
