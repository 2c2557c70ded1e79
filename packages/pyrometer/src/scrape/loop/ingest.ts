/**
 * Turns the lines of one target's body into rows of a batch. Nothing reaches the store until the
 * whole body is read: a body with one bad line is refused as a whole, as in Prometheus.
 */
import type {
  ExpositionFormat,
  ExpositionHandler,
  HistogramTimes,
  LabelPairs,
  MetadataEntry,
} from "../../exposition/index.ts";
import { parseExposition, parseProtobuf } from "../../exposition/index.ts";
import type { FloatHistogram } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import type { Source } from "../../std/index.ts";
import type { Appendable } from "../../storage/index.ts";
import { BatchBuilder } from "../../storage/index.ts";
import type { ScrapeConfig } from "../config/types.ts";
import { AHEAD_MS_MAX } from "../limits.ts";
import type { CompiledRelabelRule } from "../relabel/relabel.ts";
import { relabel } from "../relabel/relabel.ts";
import type { FailureReason, SelfMetrics } from "../self-metrics.ts";
import { addTargetLabels, labelLimitProblem } from "../targets/sample-labels.ts";
import type { Target } from "../targets/target-labels.ts";
import { limitHistogram } from "./histogram-limits.ts";
import type { MetadataCache } from "./metadata-cache.ts";
import { DROPPED, type SeriesCache } from "./series-cache.ts";

/** The handle of a series that gets no samples, this time: refused, by a limit or as invalid. */
const REFUSED = -1;

export interface ScrapeFailure {
  readonly reason: FailureReason;
  readonly message: string;
}

export interface IngestDeps {
  readonly store: Appendable;
  readonly target: Target;
  readonly config: ScrapeConfig;
  readonly rules: readonly CompiledRelabelRule[];
  readonly series: SeriesCache;
  readonly metadata: MetadataCache;
  readonly metrics: SelfMetrics;
}

export class Ingest implements ExpositionHandler<number> {
  /** Rows to store, in the order of the body. The loop adds its own behind them. */
  readonly batch = new BatchBuilder();
  /** By row of the batch: the index in the series cache. */
  readonly rows: number[] = [];
  scrapedCount = 0;
  keptCount = 0;
  addedCount = 0;
  readonly #deps: IngestDeps;
  /** Rows whose series must not silently end. */
  readonly #trackableRows: number[] = [];
  #scrapeMs = 0;
  #failure: ScrapeFailure | undefined;
  #isOverLimit = false;
  /** Since when the counter counts whose sample comes next. */
  #startMs: number | undefined;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
  }

  /** Empties the batch and the counts. */
  reset(): void {
    this.batch.reset();
    this.rows.length = 0;
    this.#trackableRows.length = 0;
    this.scrapedCount = 0;
    this.keptCount = 0;
    this.addedCount = 0;
    this.#failure = undefined;
    this.#isOverLimit = false;
    this.#startMs = undefined;
  }

  /** Fills the batch from a body; on failure the batch is empty and the counts say how far it got. */
  read(source: Source, format: ExpositionFormat, scrapeMs: number): ScrapeFailure | undefined {
    this.reset();
    this.#scrapeMs = scrapeMs;
    const [error] = parseExposition(source, { format, handler: this });
    return this.#finish(error);
  }

  /** The same from a body in protobuf. */
  readProtobuf(body: Uint8Array, scrapeMs: number): ScrapeFailure | undefined {
    const { nativeHistograms, alwaysClassicHistograms } = this.#deps.config;
    this.reset();
    this.#scrapeMs = scrapeMs;
    const problem = parseProtobuf(body, {
      handler: this,
      native: nativeHistograms,
      classicToo: alwaysClassicHistograms,
    });
    return this.#finish(problem);
  }

  #finish(error: { readonly message: string } | undefined): ScrapeFailure | undefined {
    const failure = error ? { reason: "parse" as const, message: error.message } : this.#verdict();
    if (failure) {
      this.batch.reset();
      this.rows.length = 0;
    } else {
      for (const row of this.#trackableRows) {
        const kind = this.batch.histograms?.[row] === undefined ? "number" : "histogram";
        this.#deps.series.track(this.rows[row]!, kind);
      }
    }
    return failure;
  }

  lookup(text: string): number | undefined {
    return this.#deps.series.lookup(text);
  }

  add(text: string, pairs: LabelPairs): number {
    const { target, config, rules, series, store, metrics } = this.#deps;
    const full = addTargetLabels(pairs, target.labels, config.honorLabels);
    const labels = relabel(full, rules);
    if (labels === undefined) return series.add(text, DROPPED);
    if (!labels.has(METRIC_NAME)) {
      return this.#refuse("invalid-sample", `missing metric name (__name__ label) in ${full}`);
    }
    const limitProblem = labelLimitProblem(labels, config);
    if (limitProblem !== undefined) return this.#refuse("label-limit", limitProblem);
    if (config.sampleLimit > 0 && this.keptCount >= config.sampleLimit) {
      // The scrape is lost; a target that explodes must not leave its series behind as well.
      this.#isOverLimit = true;
      return REFUSED;
    }
    const ref = store.series(labels);
    if (ref === undefined) {
      metrics.rejectedSamples.labels({ reason: "series-limit" }).inc();
      return REFUSED;
    }
    this.addedCount += 1;
    return series.add(text, ref);
  }

  sample(index: number, value: number, timeMs: number | undefined): void {
    const startMs = this.#startMs;
    this.#startMs = undefined;
    const sampleMs = this.#admit(index, timeMs);
    if (sampleMs === undefined) return;
    this.batch.add(this.#deps.series.refOf(index), sampleMs, value);
    if (startMs !== undefined) this.batch.setStart(startMs);
  }

  start(startMs: number): void {
    this.#startMs = startMs;
  }

  histogram(index: number, histogram: FloatHistogram, { timeMs, startMs }: HistogramTimes): void {
    const sampleMs = this.#admit(index, timeMs);
    if (sampleMs === undefined) return;
    const limited = limitHistogram(histogram, this.#deps.config);
    if (limited === undefined) this.#refuse("bucket-limit", "histogram bucket limit exceeded");
    this.batch.addHistogram(this.#deps.series.refOf(index), sampleMs, limited ?? histogram);
    if (startMs !== undefined) this.batch.setStart(startMs);
  }

  /** Counts a sample. @returns the time of the row that must be added for it; or there is none */
  #admit(index: number, timeMs: number | undefined): number | undefined {
    const { series, config, metrics } = this.#deps;
    this.scrapedCount += 1;
    if (index === REFUSED) {
      this.keptCount += 1;
      return undefined;
    }
    if (series.refOf(index) === DROPPED) return undefined;
    this.keptCount += 1;
    const hasOwnTime = config.honorTimestamps && timeMs !== undefined;
    const sampleMs = hasOwnTime ? Math.trunc(timeMs) : this.#scrapeMs;
    if (sampleMs > this.#scrapeMs + AHEAD_MS_MAX) {
      metrics.rejectedSamples.labels({ reason: "too-far-ahead" }).inc();
      return undefined;
    }
    // A series with times of its own ends when its target says so, unless the job wants it watched.
    if (!hasOwnTime || config.trackTimestampsStaleness) this.#trackableRows.push(this.rows.length);
    this.rows.push(index);
    return sampleMs;
  }

  metadata(entry: MetadataEntry): void {
    this.#deps.metadata.add(entry);
  }

  #refuse(reason: FailureReason, message: string): typeof REFUSED {
    this.#failure ??= { reason, message };
    return REFUSED;
  }

  #verdict(): ScrapeFailure | undefined {
    if (this.#failure) return this.#failure;
    const { sampleLimit } = this.#deps.config;
    const isOver = this.#isOverLimit || (sampleLimit > 0 && this.keptCount > sampleLimit);
    if (!isOver) return undefined;
    return { reason: "sample-limit", message: "sample limit exceeded" };
  }
}
