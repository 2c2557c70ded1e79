import { BYTES_PER_KIB, BYTES_PER_MIB } from "../std/index.ts";

/** A Prometheus posts alerts 64 at a time, some 100 KiB; a query's form is smaller still. */
export const BODY_BYTES_MAX = 4 * BYTES_PER_MIB;

/** Prometheus' default for --query.max-concurrency. More wait in line; rules do not pass here. */
export const QUERIES_AT_ONCE_MAX = 20;

/** Series in one answer of /api/v1/series: more makes a browser, or us, run out of memory. */
export const SERIES_PER_ANSWER_MAX = 500_000;

/** A path segment: a label name escaped as U__… can be six times its length. */
export const PATH_PARAMETER_LENGTH_MAX = 2048;

/** A day of a busy demo; an entry is some 2 KiB. */
export const INBOX_ENTRIES_MAX = 500;

/**
 * Results are sent in pieces of about this: the event loop turns between two. Some 8,000 points, a
 * millisecond of printing; at a quarter of it the sending took a fifth longer.
 */
export const ANSWER_CHUNK_LENGTH = 256 * BYTES_PER_KIB;

/** Rows per table of /api/v1/status/tsdb, as Prometheus limits them. */
export const TSDB_STATUS_ROWS_MAX = 10_000;
