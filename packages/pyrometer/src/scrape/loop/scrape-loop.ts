/**
 * Scrapes one target again and again: fetch, read, store, report.
 *
 * Ticks lie on a grid of the interval, moved by an offset that differs by target, so that a job's
 * targets spread over the interval and a target keeps its place across restarts. One scrape runs
 * at a time; a tick that comes due meanwhile is skipped and counted.
 *
 * Source: prometheus scrape/scrape.go, scrapeLoop
 */
import {
  decodeExposition,
  formatOfContentType,
  isProtobufContentType,
} from "../../exposition/index.ts";
import { STALE_HISTOGRAM, writeStale } from "../../model/index.ts";
import type { CancelTimer, Clock, Logger } from "../../std/index.ts";
import { MS_PER_SECOND, SourceError } from "../../std/index.ts";
import type { Appendable, AppendReport, SeriesRef } from "../../storage/index.ts";
import { StorageError } from "../../storage/index.ts";
import type { ScrapeConfig } from "../config/types.ts";
import type { FetchResponse, ScrapeFetcher } from "../fetcher.ts";
import { FetchError } from "../fetcher.ts";
import { ALIGN_MS_MAX, BODY_BYTES_MAX } from "../limits.ts";
import type { CompiledRelabelRule } from "../relabel/relabel.ts";
import type { SelfMetrics } from "../self-metrics.ts";
import type { Target } from "../targets/target-labels.ts";
import { acceptHeader } from "./accept.ts";
import { withDeadline } from "./deadline.ts";
import type { ScrapeFailure } from "./ingest.ts";
import { Ingest } from "./ingest.ts";
import { MetadataCache } from "./metadata-cache.ts";
import type { SampleKind } from "./series-cache.ts";
import { SeriesCache } from "./series-cache.ts";

const USER_AGENT = "Pyrometer/0.1.0";

const REPORT_NAMES = [
  "up",
  "scrape_duration_seconds",
  "scrape_samples_scraped",
  "scrape_samples_post_metric_relabeling",
  "scrape_series_added",
] as const;

export interface LoopDeps {
  readonly store: Appendable;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetcher: ScrapeFetcher;
  readonly metrics: SelfMetrics;
}

export interface LoopOptions {
  readonly target: Target;
  readonly config: ScrapeConfig;
  readonly metricRules: readonly CompiledRelabelRule[];
  /** Where in the interval the target is scraped, in [0, 1). */
  readonly phase: number;
}

export interface LoopStatus {
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationMs: number;
}

type Answer = { readonly response: FetchResponse } | { readonly failure: ScrapeFailure };

export class ScrapeLoop {
  readonly target: Target;
  readonly #config: ScrapeConfig;
  readonly #deps: LoopDeps;
  readonly #phaseMs: number;
  readonly #series = new SeriesCache();
  readonly #metadata = new MetadataCache();
  readonly #ingest: Ingest;
  readonly #reportRefs = new Map<string, SeriesRef>();
  readonly #aborter = new AbortController();
  #status: LoopStatus = {
    health: "unknown",
    lastError: "",
    lastScrapeMs: undefined,
    lastDurationMs: 0,
  };
  #forcedFailure: ScrapeFailure | undefined;
  #cancelTimer: CancelTimer = () => {};
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ target, config, metricRules, phase }: LoopOptions, deps: LoopDeps) {
    this.target = target;
    this.#config = config;
    this.#deps = deps;
    this.#phaseMs = Math.floor(phase * target.intervalMs);
    this.#ingest = new Ingest({
      store: deps.store,
      target,
      config,
      rules: metricRules,
      series: this.#series,
      metadata: this.#metadata,
      metrics: deps.metrics,
    });
  }

  start(): void {
    this.#schedule(this.#nextTickMs(this.#deps.clock.nowMs()));
  }

  status(): LoopStatus {
    return this.#status;
  }

  metadata(): { metric: string; type: string; help: string; unit: string }[] {
    return this.#metadata.list();
  }

  /** While set, every scrape fails with this instead of asking the target. */
  setForcedFailure(failure: ScrapeFailure | undefined): void {
    this.#forcedFailure = failure;
  }

  /** Breaks off a running scrape, then ends every series of the target with a staleness marker. */
  async stop(): Promise<void> {
    if (this.#isStopped) return this.#running;
    this.#isStopped = true;
    this.#cancelTimer();
    this.#aborter.abort(new FetchError("canceled", "context canceled"));
    this.#running = this.#running.then(() => this.#endSeries());
    await this.#running;
  }

  /** The first tick at or after `fromMs`. */
  #nextTickMs(fromMs: number): number {
    const { intervalMs } = this.target;
    const behindMs = (((fromMs - this.#phaseMs) % intervalMs) + intervalMs) % intervalMs;
    return behindMs === 0 ? fromMs : fromMs + intervalMs - behindMs;
  }

  #schedule(dueMs: number): void {
    const { clock } = this.#deps;
    this.#cancelTimer = clock.setTimer(dueMs - clock.nowMs(), () => {
      // A bug ends this scrape, out loud, and not the process: other targets are fine.
      this.#running = this.#tick(dueMs).catch((error: unknown) => {
        this.#deps.logger.error("BUG: a scrape threw", { url: this.target.url, error });
        this.#status = { ...this.#status, health: "down", lastError: String(error) };
      });
    });
  }

  async #tick(dueMs: number): Promise<void> {
    const { clock, metrics } = this.#deps;
    const nowMs = clock.nowMs();
    const scrapeMs = Math.abs(nowMs - dueMs) <= ALIGN_MS_MAX ? dueMs : nowMs;
    try {
      await this.#scrape(scrapeMs);
    } finally {
      if (!this.#isStopped) {
        const nextMs = this.#nextTickMs(Math.max(clock.nowMs(), scrapeMs + 1));
        const skippedCount = Math.round((nextMs - dueMs) / this.target.intervalMs) - 1;
        if (skippedCount > 0) metrics.skippedTicks.inc(skippedCount);
        this.#schedule(nextMs);
      }
    }
  }

  async #scrape(scrapeMs: number): Promise<void> {
    const { clock, metrics } = this.#deps;
    const startMs = clock.nowMs();
    const answer = this.#forcedFailure
      ? { failure: this.#forcedFailure }
      : await this.#fetch(clock);
    if (this.#isStopped) return;
    this.#ingest.reset();
    let failure = "failure" in answer ? answer.failure : this.#read(answer.response, scrapeMs);
    const durationMs = clock.nowMs() - startMs;
    for (const [ref, kind] of this.#series.vanished()) this.#addStale(ref, kind, scrapeMs);
    this.#addReport(scrapeMs, { isUp: failure === undefined, durationMs });
    failure = (await this.#append()) ?? failure;
    this.#series.finishScrape();
    this.#metadata.finishScrape();
    metrics.scrapes.inc();
    if (failure) metrics.failures.labels({ reason: failure.reason }).inc();
    this.#status = {
      health: failure ? "down" : "up",
      lastError: failure?.message ?? "",
      lastScrapeMs: scrapeMs,
      lastDurationMs: durationMs,
    };
  }

  async #fetch(clock: Clock): Promise<Answer> {
    const { http, jobName, bodySizeLimitBytes, enableCompression } = this.#config;
    const { url, timeoutMs } = this.target;
    try {
      const response = await withDeadline(
        { clock, timeoutMs, signal: this.#aborter.signal },
        (signal) =>
          this.#deps.fetcher.fetch({
            url,
            poolKey: jobName,
            http,
            headers: {
              accept: acceptHeader(this.#config.protocols),
              "accept-encoding": enableCompression ? "gzip" : "identity",
              "user-agent": USER_AGENT,
              "x-prometheus-scrape-timeout-seconds": String(timeoutMs / MS_PER_SECOND),
            },
            bodyBytesMax: Math.min(bodySizeLimitBytes || BODY_BYTES_MAX, BODY_BYTES_MAX),
            signal,
          }),
      );
      return { response };
    } catch (error) {
      if (!(error instanceof FetchError)) throw error; // ours to fix, not the target's
      const isOnItsOwn = error.code === "body-limit" || error.code === "credentials";
      const message = isOnItsOwn ? error.message : `Get "${url}": ${error.message}`;
      return { failure: { reason: error.code, message } };
    }
  }

  #read(response: FetchResponse, scrapeMs: number): ScrapeFailure | undefined {
    const { status, statusText, contentType, body } = response;
    if (status !== 200) {
      const message = `server returned HTTP status ${status} ${statusText}`.trimEnd();
      return { reason: "status", message };
    }
    if (isProtobufContentType(contentType)) return this.#ingest.readProtobuf(body, scrapeMs);
    const source = decodeExposition(this.target.url, body);
    if (source instanceof SourceError) return { reason: "parse", message: source.message };
    return this.#ingest.read(source, formatOfContentType(contentType), scrapeMs);
  }

  #addStale(ref: SeriesRef, kind: SampleKind, timeMs: number): void {
    const { batch } = this.#ingest;
    if (kind === "histogram") return batch.addHistogram(ref, timeMs, STALE_HISTOGRAM);
    batch.add(ref, timeMs, NaN);
    writeStale(batch.values, batch.count - 1);
  }

  #addReport(scrapeMs: number, { isUp, durationMs }: { isUp: boolean; durationMs: number }): void {
    const { scrapedCount, keptCount, addedCount, batch } = this.#ingest;
    const values = [isUp ? 1 : 0, durationMs / MS_PER_SECOND, scrapedCount, keptCount, addedCount];
    for (const [i, name] of REPORT_NAMES.entries()) {
      const ref = this.#reportRef(name);
      if (ref !== undefined) batch.add(ref, scrapeMs, values[i]!);
    }
  }

  #reportRef(name: string): SeriesRef | undefined {
    const known = this.#reportRefs.get(name);
    if (known !== undefined) return known;
    const ref = this.#deps.store.series(this.target.labels.with({ __name__: name }));
    if (ref !== undefined) this.#reportRefs.set(name, ref);
    return ref;
  }

  /** Stores what the batch holds. A store that takes nothing at all fails the scrape. */
  async #append(): Promise<ScrapeFailure | undefined> {
    const { store, logger, metrics } = this.#deps;
    try {
      const report = await store.append(this.#ingest.batch);
      metrics.samples.inc(report.storedCount);
      this.#noteRejected(report);
      return undefined;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      logger.error("Cannot store a scrape", { url: this.target.url, error: error.message });
      return { reason: "storage", message: error.message };
    }
  }

  #noteRejected({ rejected }: AppendReport): void {
    for (const { index: row, reason } of rejected) {
      this.#deps.metrics.rejectedSamples.labels({ reason }).inc();
      if (reason !== "unknown-series") continue;
      // Next time its text is read, and the store asked, again.
      const index = this.#ingest.rows[row];
      if (index !== undefined) this.#series.forget(index);
      else this.#reportRefs.clear();
    }
  }

  async #endSeries(): Promise<void> {
    const { lastScrapeMs } = this.#status;
    if (lastScrapeMs === undefined) return;
    const endMs = Math.max(this.#deps.clock.nowMs(), lastScrapeMs + 1);
    this.#ingest.reset();
    for (const [ref, kind] of this.#series.vanished()) this.#addStale(ref, kind, endMs);
    for (const ref of this.#reportRefs.values()) this.#addStale(ref, "number", endMs);
    await this.#append();
  }
}
