import { BYTES_PER_MIB, MS_PER_MINUTE } from "../std/index.ts";

/**
 * The largest body, uncompressed, that a scrape takes, whatever its job's body_size_limit says. The
 * largest real ones (kube-state-metrics of big clusters) stay below 100 MiB; above 512 MiB Node can
 * make no text of it.
 */
export const BODY_BYTES_MAX = 256 * BYTES_PER_MIB;

/** The largest answer of an HTTP service discovery: tens of thousands of targets. */
export const DISCOVERY_BODY_BYTES_MAX = 32 * BYTES_PER_MIB;

/** Samples with a time of their own may be this far ahead, as in Prometheus: a wrong clock must not block a series for days. */
export const AHEAD_MS_MAX = 10 * MS_PER_MINUTE;

/** Dropped targets a job keeps for the targets page when keep_dropped_targets is 0, which there means no limit. */
export const DROPPED_TARGETS_MAX = 10_000;

/** Problems kept per job: a discovery with a thousand bad targets has one cause. */
export const PROBLEMS_PER_JOB_MAX = 100;

/** A redirect chain longer than this goes in circles; Go's client stops there too. */
export const REDIRECTS_MAX = 10;

/** Scrapes that a series text, or a metric's help, may be missing before it is forgotten. */
export const SCRAPES_UNSEEN_MAX = 2;

/** How often files of file discovery are looked at for changes; reading them again costs only then. */
export const FILE_POLL_MS = 5_000;

/**
 * A timer that is late by no more than this does not move the sample's time: even steps compress
 * best (Prometheus' scrape timestamp tolerance).
 */
export const ALIGN_MS_MAX = 2;
