/** Rule files nest nothing and grow by hand; kube-prometheus, the largest known set, has ~1,500. */
export const RULES_PER_FILE_MAX = 20_000;

/**
 * Series one rule may make, alerts included, when its group sets no `limit`. Prometheus has no
 * such bound, and one bad join there takes the whole server down.
 */
export const SERIES_PER_RULE_MAX = 100_000;

/** One label or annotation, expanded. Alertmanager's receivers cut at a few thousand characters. */
export const EXPANDED_LENGTH_MAX = 64 * 1024;

/** A single query of a rule or of a template's `query`; a longer one would pile up behind itself. */
export const QUERY_TIMEOUT_MS = 120_000;

/** A resolved alert is remembered, and said to be resolved, this long: Alertmanager may have been away. */
export const RESOLVED_RETENTION_MS = 15 * 60_000;

/** A firing alert is sent again this often, so that a restarted Alertmanager learns of it. */
export const RESEND_DELAY_MS = 60_000;

/** Sent alerts end by themselves after this many intervals (or resend delays) without news. */
export const VALIDITY_FACTOR = 4;

/** How old an ALERTS_FOR_STATE sample may be to restore a pending alert from. */
export const OUTAGE_TOLERANCE_MS = 60 * 60_000;

/** Alerts with a shorter `for` are not restored, and restored ones wait at least this long. */
export const FOR_GRACE_MS = 10 * 60_000;

/**
 * Evaluations one unit test may ask for: a year of minutes fits. An `eval_time` of 100y for 100m
 * would otherwise keep a build server busy for hours.
 */
export const EVALUATIONS_PER_TEST_MAX = 1_000_000;
