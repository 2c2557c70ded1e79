import { BYTES_PER_MIB, MS_PER_HOUR, MS_PER_SECOND } from "../std/index.ts";

/** The in-memory store keeps this much unless told otherwise: an afternoon, not a disk's worth. */
export const MEMORY_RETENTION_MS = 6 * MS_PER_HOUR;

/** How often old samples are dropped. A twentieth of a percent of the retention: nobody notices. */
export const TRUNCATE_INTERVAL_MS = 10 * MS_PER_SECOND;

/** How often files are looked at. `stat` of a few dozen files costs well under a millisecond. */
export const WATCH_INTERVAL_MS = 1 * MS_PER_SECOND;

/** A dashboard larger than this is not one. The largest of the wild are 1–2 MiB. */
export const DASHBOARD_BYTES_MAX = 16 * BYTES_PER_MIB;

/** Alerts waiting for an outside Alertmanager; past it the oldest go, as in Prometheus. */
export const NOTIFIER_QUEUE_LENGTH_MAX = 10_000;

/** Alerts in one request to an outside Alertmanager; Prometheus sends as many. */
export const NOTIFIER_BATCH_LENGTH_MAX = 256;

/** Files that one entry of scrape_config_files may match; more is a glob that went astray. */
export const INCLUDED_FILES_MAX = 1_000;
