/** Alerts held at once. Prometheus sends one per firing rule result; 100,000 is ten large clusters on fire. */
export const ALERTS_MAX = 100_000;

/** Aggregation groups at once: each holds a timer and a list. */
export const GROUPS_MAX = 50_000;

/** Silences kept, expired ones included. People make these by hand or by script, a few a day. */
export const SILENCES_MAX = 10_000;

/** Expired silences stay visible this long, so that "who silenced it?" has an answer: Alertmanager's 120 h. */
export const SILENCE_RETENTION_MS = 120 * 60 * 60 * 1000;

/** What receivers were told, remembered per group and integration; the longest untold goes first. */
export const LOG_ENTRIES_MAX = 200_000;

/** How often resolved alerts, expired log entries and old silences are let go. */
export const MAINTENANCE_INTERVAL_MS = 15 * 60 * 1000;

/** Delivery attempts remembered, newest first. At ~300 bytes each this is 1.5 MB. */
export const ATTEMPTS_KEPT_MAX = 5_000;

/** A notification gets at least this long, however short its group_interval: Alertmanager's MinTimeout. */
export const NOTIFY_DEADLINE_MIN_MS = 10_000;

/** One request without an answer is given up after this long, so that a retry still fits. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Between attempts: first, growth and ceiling. First and growth are those of Alertmanager. */
export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_GROWTH = 1.5;
export const BACKOFF_MAX_MS = 30_000;

/** Bytes of a receiver's reply that are read; the rest is dropped. Errors quote far less. */
export const REPLY_BYTES_MAX = 64 * 1024;

/** Characters of a reply that an error message quotes. */
export const REPLY_QUOTED_MAX = 200;

/** Longest title and description the services take, in characters (Slack, PagerDuty v1 and v2). */
export const SLACK_TITLE_LENGTH_MAX = 1024;
export const PAGERDUTY_DESCRIPTION_LENGTH_MAX = 1024;

/** PagerDuty refuses larger events; details are left out first. */
export const PAGERDUTY_EVENT_BYTES_MAX = 512_000;
