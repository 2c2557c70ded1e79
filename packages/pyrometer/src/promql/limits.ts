/** What one query may cost. Reaching a limit fails that query, by name, and nothing else. */
import { BYTES_PER_GIB } from "../std/index.ts";

/** Samples one query may hold in memory at once; Prometheus' --query.max-samples default. */
export const SAMPLES_PER_QUERY_MAX = 50_000_000;

/**
 * Steps of a range query that the HTTP API accepts, Prometheus' number: enough for a minute's
 * resolution over a week or an hour's over a year. The engine itself does not refuse more.
 */
export const POINTS_PER_SERIES_MAX = 11_000;

/**
 * Steps that a query, or a subquery in it, may have; the server's own range queries have fewer.
 * One series over so many is 45 MB, and what is asked for is always a slip (`[1y:1ms]`).
 */
export const STEPS_PER_QUERY_MAX = 5_000_000;

/** Series one query may select, each time it selects them: their labels and columns are objects. */
export const SERIES_PER_QUERY_MAX = 1_000_000;

/** What a query's samples and series may take together, as far as can be told; V8 gives us 4 GB. */
export const BYTES_PER_QUERY_MAX = BYTES_PER_GIB;

/** A double, and a byte that says it is there. */
export const BYTES_PER_SAMPLE = 9;

/** An estimate, not a measurement: labels of some six pairs, their key, and two columns' objects. */
export const BYTES_PER_SERIES = 700;

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

/**
 * Making and comparing the labels of one series takes as long as working on this many samples: it
 * counts as so many towards SAMPLES_PER_TURN. An instant query does little else.
 */
export const LABELLING_COST = 100;

/** Remarks one query may carry; each distinct text counts once. */
export const ANNOTATIONS_PER_QUERY_MAX = 100;

/** Parsed queries an engine keeps: more rules and panels than one server of ours is meant for. */
export const PARSED_QUERIES_MAX = 2_000;

/** Longer texts are parsed each time: with this, all kept trees together stay below some 100 MB. */
export const PARSED_QUERY_LENGTH_MAX = 2_000;

/** Series looked through to find the two that an error is about: it is a courtesy, not a query. */
export const SERIES_PER_HINT_MAX = 10_000;
