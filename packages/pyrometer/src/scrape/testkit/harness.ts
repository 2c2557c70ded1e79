/** A scrape manager on a virtual clock, with targets, files and a store that a test can look into. */
import { Registry } from "@pyrometer/client";
import {
  createMatcher,
  isStale,
  isStaleHistogram,
  Labels,
  printHistogram,
} from "../../model/index.ts";
import { silentLogger, VirtualClock } from "../../std/index.ts";
import { createSampleBuffer, MemoryStore } from "../../storage/index.ts";
import type { Discovery, ScrapeConfig } from "../config/types.ts";
import type { FetchRequest, FetchResponse, ScrapeFetcher } from "../fetcher.ts";
import { FetchError } from "../fetcher.ts";
import type { ScrapeManager } from "../scrape-manager.ts";
import { createScrapeManager } from "../scrape-manager.ts";

/** What a target answers: a body, a whole response, an error, or nothing until it is given up. */
export type FakeAnswer = string | Partial<FetchResponse> | FetchError | "hang";

const SAMPLES_READ_MAX = 1000;

export class Harness implements ScrapeFetcher {
  readonly clock = new VirtualClock(1_000_000_000_000);
  readonly store = new MemoryStore();
  readonly registry = new Registry();
  readonly answers = new Map<string, FakeAnswer>();
  readonly files = new Map<string, string>();
  readonly requests: {
    readonly url: string;
    readonly atMs: number;
    readonly request: FetchRequest;
  }[] = [];
  readonly manager: ScrapeManager;

  constructor() {
    this.manager = createScrapeManager({
      store: this.store,
      clock: this.clock,
      logger: silentLogger,
      fetcher: this,
      files: {
        list: async (pattern) =>
          [...this.files]
            .filter(([path]) => path === pattern)
            .map(([path, text]) => ({ path, version: text })),
        read: async (path) => this.files.get(path) ?? "",
      },
      registry: this.registry,
      random: () => 0.5,
    });
  }

  apply(...configs: ScrapeConfig[]): void {
    this.manager.apply(configs, { externalLabels: Labels.EMPTY });
  }

  async fetch(request: FetchRequest): Promise<FetchResponse> {
    this.requests.push({ url: request.url, atMs: this.clock.nowMs(), request });
    const answer = this.answers.get(request.url) ?? new FetchError("connection", "refused");
    if (answer === "hang") return new Promise(() => {});
    if (answer instanceof FetchError) throw answer;
    const given = typeof answer === "string" ? { body: Buffer.from(answer) } : answer;
    const contentType = "text/plain; version=0.0.4";
    return { status: 200, statusText: "OK", contentType, body: new Uint8Array(), ...given };
  }

  /** Every stored series whose name matches, as `labels: value value`, stale markers as "stale". */
  async series(name: string): Promise<string[]> {
    const view = await this.store.open(0, Number.MAX_SAFE_INTEGER);
    const buffer = createSampleBuffer(SAMPLES_READ_MAX, { histograms: true });
    const lines: string[] = [];
    for (const cursor of view.select([createMatcher("__name__", "=~", name)])) {
      const count = cursor.read(-1, Number.MAX_SAFE_INTEGER, buffer);
      const values = [...Array(count).keys()].map((i) => {
        const histogram = buffer.histograms?.[i];
        if (histogram !== undefined) {
          return isStaleHistogram(histogram) ? "stale histogram" : printHistogram(histogram);
        }
        const value = buffer.values[i]!;
        return isStale(value) ? "stale" : String(value);
      });
      lines.push(`${cursor.labels}: ${values.join(" ")}`);
    }
    view.close();
    return lines;
  }

  /** One of our own counters, by its line in the exposition; 0 when it is not there. */
  counter(series: string): number {
    const lines = this.registry.expose().split("\n");
    return Number(lines.find((line) => line.startsWith(`${series} `))?.split(" ")[1] ?? 0);
  }
}

export const INTERVAL_MS = 10_000;

export function staticTargets(
  addresses: readonly string[],
  labels: Readonly<Record<string, string>> = {},
): Discovery {
  const targets = addresses.map((address) => ({ __address__: address }));
  return { kind: "static", groups: [{ source: "0", targets, labels }] };
}

export function jobOf(changes: Partial<ScrapeConfig> = {}): ScrapeConfig {
  return {
    jobName: "job",
    intervalMs: INTERVAL_MS,
    timeoutMs: 4_000,
    metricsPath: "/metrics",
    scheme: "http",
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    trackTimestampsStaleness: false,
    enableCompression: true,
    protocols: ["PrometheusText0.0.4"],
    nativeHistograms: false,
    alwaysClassicHistograms: false,
    bucketFactorMin: 0,
    bucketLimit: 0,
    bodySizeLimitBytes: 0,
    sampleLimit: 0,
    targetLimit: 0,
    labelLimit: 0,
    labelNameLengthLimit: 0,
    labelValueLengthLimit: 0,
    keepDroppedTargets: 0,
    http: { followRedirects: true },
    relabel: [],
    metricRelabel: [],
    discoveries: [staticTargets(["a:80"])],
    ...changes,
  };
}
