/**
 * Serves GPU metrics over HTTP, on dcgm-exporter's port.
 *
 * A scrape answers from the last snapshot and never waits for the GPUs. When the source fails, the
 * last good snapshot is served for a while with its age beside it; then its series end, so that
 * lost data never reads as fine.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CONTENT_TYPE_TEXT, Registry } from "@pyrometer/client";
import type { Clock, Logger } from "../../std/index.ts";
import { MS_PER_SECOND, silentLogger } from "../../std/index.ts";
import type { Collector } from "../collector.ts";
import { startCollector } from "../collector.ts";
import { STALE_AFTER_INTERVALS, STALE_AFTER_MS_MIN } from "../limits.ts";
import type { GpuMetricNames, RenderOptions } from "../render.ts";
import { renderGpuMetrics } from "../render.ts";
import type { GpuSource } from "../snapshot.ts";

export interface GpuExporterOptions {
  readonly source: GpuSource;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** 9400 unless said; 0 takes any free one. */
  readonly port?: number;
  /** 127.0.0.1 unless said. */
  readonly host?: string;
  readonly collectIntervalMs?: number;
  /** Both sets unless said. */
  readonly names?: readonly GpuMetricNames[];
  readonly hostnameLabel?: "Hostname" | "hostname";
}

export interface GpuExporter {
  /** Without a path: http://127.0.0.1:9400 */
  readonly url: string;
  readonly port: number;
  /** Ends open connections too, and a reading that is under way. */
  close(): Promise<void>;
}

/** Resolves when it listens; rejects with the system's error when the address cannot be had. */
export async function startGpuExporter(options: GpuExporterOptions): Promise<GpuExporter> {
  const { source, clock, logger = silentLogger, host = "127.0.0.1", port = 9400 } = options;
  const intervalMs = options.collectIntervalMs ?? MS_PER_SECOND;
  const collector = startCollector({ source, clock, logger, intervalMs });
  const page = createPage(options, collector, intervalMs);
  const server = createServer((request, response) => answer(request, response, page));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await collector.stop();
    throw error;
  }
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    port: boundPort,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, collector.stop()]);
    },
  };
}

interface Page {
  metrics(): string;
  health(): { readonly isOk: boolean; readonly text: string };
}

function createPage(options: GpuExporterOptions, collector: Collector, intervalMs: number): Page {
  const { source, clock } = options;
  const staleAfterMs = Math.max(STALE_AFTER_MS_MIN, STALE_AFTER_INTERVALS * intervalMs);
  const render: RenderOptions = {
    names: options.names ?? ["dcgm", "seed"],
    simulated: source.simulated,
    hostnameLabel: options.hostnameLabel ?? "Hostname",
  };
  const registry = selfMetrics(source, collector, clock);
  return {
    metrics() {
      const { snapshot } = collector.current();
      const isFresh = snapshot && clock.nowMs() - snapshot.takenMs <= staleAfterMs;
      return (isFresh ? renderGpuMetrics(snapshot, render) : "") + registry.expose();
    },
    health() {
      const { snapshot, failure } = collector.current();
      if (failure) return { isOk: false, text: failure.message };
      return snapshot ? { isOk: true, text: "OK" } : { isOk: false, text: "no reading yet" };
    },
  };
}

function selfMetrics(source: GpuSource, collector: Collector, clock: Clock): Registry {
  const registry = new Registry();
  const up = registry.gauge({
    name: "pyrometer_gpu_source_up",
    help: "Whether the latest reading of the GPUs succeeded.",
    labelNames: ["source", "simulated"],
  });
  const age = registry.gauge({
    name: "pyrometer_gpu_snapshot_age_seconds",
    help: "Age of the readings served, or last served. Absent before the first one.",
    labelNames: ["source"],
  });
  const collections = registry.counter({
    name: "pyrometer_gpu_collections_total",
    help: "Readings of the GPUs, by outcome.",
    labelNames: ["outcome"],
  });
  let [okCount, failedCount] = [0, 0];
  registry.collect(() => {
    const { snapshot, failure, successCount, failureCount } = collector.current();
    const isUp = snapshot !== undefined && failure === undefined;
    const simulated = String(source.simulated);
    up.labels({ source: source.name, simulated }).set(isUp ? 1 : 0);
    if (snapshot) {
      const ageSeconds = (clock.nowMs() - snapshot.takenMs) / MS_PER_SECOND;
      age.labels({ source: source.name }).set(ageSeconds);
    }
    collections.labels({ outcome: "ok" }).inc(successCount - okCount);
    collections.labels({ outcome: "failed" }).inc(failureCount - failedCount);
    [okCount, failedCount] = [successCount, failureCount];
  });
  return registry;
}

function answer(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return send(response, 405, "Metrics are only read: use GET\n");
  }
  switch (path) {
    case "/metrics":
      response.setHeader("content-type", CONTENT_TYPE_TEXT);
      return send(response, 200, page.metrics());
    case "/health": {
      const { isOk, text } = page.health();
      return send(response, isOk ? 200 : 503, `${text}\n`);
    }
    case "/":
      return send(
        response,
        200,
        "GPU metrics are at /metrics, and whether all is well at /health\n",
      );
    default:
      return send(response, 404, "Not here: GPU metrics are at /metrics\n");
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  if (!response.hasHeader("content-type")) {
    response.setHeader("content-type", "text/plain; charset=utf-8");
  }
  response.setHeader("x-content-type-options", "nosniff");
  response.writeHead(status);
  response.end(response.req.method === "HEAD" ? undefined : body);
}
