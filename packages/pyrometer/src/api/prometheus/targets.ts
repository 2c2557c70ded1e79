/** /api/v1/targets and metadata: what is scraped, how that goes, and what it says about itself. */
import type { FastifyInstance } from "fastify";
import { matchesAll } from "../../model/index.ts";
import type { ActiveTarget, DroppedTarget, MetricMetadata } from "../../scrape/index.ts";
import { compareText, formatDuration, MS_PER_SECOND } from "../../std/index.ts";
import { sendData } from "../answer.ts";
import { invalidParameter } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import type { Params } from "../params.ts";
import { paramsOf } from "../params.ts";
import { formatRfc3339 } from "../time.ts";
import { readSelectors } from "./selectors.ts";

export function registerTargetRoutes(app: FastifyInstance, { scrape }: ApiDeps): void {
  app.get("/api/v1/targets", async (request, reply) => {
    const params = paramsOf(request);
    const state = params.text("state").toLowerCase();
    const shows = (what: string) => state === "" || state === "any" || state === what;
    const pool = params.text("scrapePool");
    const isAsked = (target: { readonly scrapePool: string }) =>
      pool === "" || target.scrapePool === pool;
    const { active, dropped } = scrape.targets();
    const counts: Record<string, number> = {};
    for (const { scrapePool } of active.filter(isAsked)) counts[scrapePool] = 0;
    for (const { scrapePool } of dropped.filter(isAsked)) {
      counts[scrapePool] = (counts[scrapePool] ?? 0) + 1;
    }
    return sendData(reply, {
      activeTargets: shows("active") ? active.filter(isAsked).sort(byPool).map(activeTarget) : [],
      droppedTargets: shows("dropped")
        ? dropped.filter(isAsked).sort(byPool).map(droppedTarget)
        : [],
      droppedTargetCounts: shows("dropped") ? counts : {},
    });
  });

  app.get("/api/v1/scrape_pools", async (_, reply) => {
    const { active, dropped } = scrape.targets();
    const pools = new Set([...active, ...dropped].map(({ scrapePool }) => scrapePool));
    return sendData(reply, { scrapePools: [...pools].sort(compareText) });
  });

  app.get("/api/v1/targets/metadata", async (request, reply) => {
    return sendData(reply, targetMetadata(scrape.metadata(), paramsOf(request)));
  });

  app.get("/api/v1/metadata", async (request, reply) => {
    return sendData(reply, metricMetadata(scrape.metadata(), paramsOf(request)));
  });
}

function byPool(a: { readonly scrapePool: string }, b: { readonly scrapePool: string }): number {
  return compareText(a.scrapePool, b.scrapePool);
}

function activeTarget(target: ActiveTarget) {
  return {
    discoveredLabels: target.discoveredLabels,
    labels: target.labels,
    scrapePool: target.scrapePool,
    scrapeUrl: target.scrapeUrl,
    globalUrl: target.globalUrl,
    lastError: target.lastError,
    lastScrape: formatRfc3339(target.lastScrapeMs),
    lastScrapeDuration: target.lastDurationMs / MS_PER_SECOND,
    health: target.health,
    scrapeInterval: formatDuration(target.intervalMs),
    scrapeTimeout: formatDuration(target.timeoutMs),
  };
}

function droppedTarget({ discoveredLabels, scrapePool }: DroppedTarget) {
  return { discoveredLabels, scrapePool };
}

function targetMetadata(all: readonly MetricMetadata[], params: Params) {
  const limit = params.integer("limit") ?? -1;
  const metric = params.text("metric");
  const matchTarget = params.text("match_target");
  const [matchers = []] = readSelectors(matchTarget === "" ? [] : [matchTarget], (why) =>
    invalidParameter("match_target", why),
  );
  const found = all
    .filter((one) => metric === "" || one.metric === metric)
    .filter(({ target }) => matchesAll(matchers, target))
    .map(({ target, metric: name, type, help, unit }) =>
      // As Prometheus: whoever asked for one metric knows its name.
      metric === "" ? { target, metric: name, type, help, unit } : { target, type, help, unit },
    );
  return limit < 0 ? found : found.slice(0, limit);
}

/** Per metric, each different thing that some target says about it, once. */
function metricMetadata(all: readonly MetricMetadata[], params: Params) {
  const limit = params.integer("limit") ?? -1;
  const limitPerMetric = params.integer("limit_per_metric") ?? -1;
  const asked = params.text("metric");
  const byMetric = new Map<string, Map<string, Pick<MetricMetadata, "type" | "help" | "unit">>>();
  for (const { metric, type, help, unit } of all) {
    if (asked !== "" && metric !== asked) continue;
    const known = byMetric.get(metric) ?? new Map();
    if (!byMetric.has(metric)) {
      if (limit >= 0 && byMetric.size >= limit) continue;
      byMetric.set(metric, known);
    }
    if (limitPerMetric > 0 && known.size >= limitPerMetric) continue;
    known.set(JSON.stringify([type, help, unit]), { type, help, unit });
  }
  return Object.fromEntries([...byMetric].map(([metric, known]) => [metric, [...known.values()]]));
}
