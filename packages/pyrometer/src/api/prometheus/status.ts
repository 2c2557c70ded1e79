/** /api/v1/status/*: the server about itself, in Prometheus' shapes. */
import { hostname } from "node:os";
import type { FastifyInstance } from "fastify";
import { createMatcher, METRIC_NAME } from "../../model/index.ts";
import type { View } from "../../storage/index.ts";
import { sendData } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { TSDB_STATUS_ROWS_MAX } from "../limits.ts";
import type { Params } from "../params.ts";
import { paramsOf } from "../params.ts";
import { formatRfc3339, TIME_MS_MAX, TIME_MS_MIN } from "../time.ts";
import { withView } from "./selectors.ts";

export function registerStatusRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { status } = deps;
  app.get("/api/v1/status/config", async (_, reply) =>
    sendData(reply, { yaml: status.configYaml() }),
  );
  app.get("/api/v1/status/flags", async (_, reply) => sendData(reply, status.flags()));
  app.get("/api/v1/status/buildinfo", async (_, reply) => sendData(reply, buildInfo(deps)));
  app.get("/api/v1/status/runtimeinfo", async (_, reply) => sendData(reply, runtimeInfo(deps)));
  app.get("/api/v1/status/tsdb", async (request, reply) =>
    sendData(reply, await tsdbStatus(deps, paramsOf(request))),
  );
  // Nothing is replayed: the store is in memory, and there once we answer.
  app.get("/api/v1/status/walreplay", async (_, reply) =>
    sendData(reply, { min: 0, max: 0, current: 0 }),
  );
  app.get("/api/v1/features", async (_, reply) => sendData(reply, {}));
  app.get("/api/v1/notifications", async (_, reply) => sendData(reply, []));
}

/** Grafana reads the version to know what it may ask: 2.x would hide functions that we have. */
function buildInfo({ status }: ApiDeps) {
  const { version, revision } = status.buildInfo();
  return {
    version: PROMETHEUS_VERSION,
    revision,
    branch: "",
    buildUser: "",
    buildDate: "",
    goVersion: "",
    pyrometer: version,
  };
}

/** The Prometheus whose API and PromQL we speak. */
const PROMETHEUS_VERSION = "3.5.0";

function runtimeInfo({ status, clock }: ApiDeps) {
  const { startedMs, lastReload } = status.report();
  return {
    startTime: formatRfc3339(startedMs),
    CWD: process.cwd(),
    hostname: hostname(),
    serverTime: formatRfc3339(clock.nowMs()),
    reloadConfigSuccess: lastReload.ok,
    lastConfigTime: formatRfc3339(lastReload.atMs),
    corruptionCount: 0,
    // Go's own, which clients that know Prometheus expect to be there.
    goroutineCount: 0,
    GOMAXPROCS: 1,
    GOMEMLIMIT: 0,
    GOGC: "",
    GODEBUG: "",
    storageRetention: "",
  };
}

async function tsdbStatus({ reader, store }: ApiDeps, params: Params) {
  const rowsMax = readRowsMax(params.text("limit"));
  const { seriesCount, minMs, maxMs } = store.stats();
  const counts = await withView(reader, { minMs: TIME_MS_MIN, maxMs: TIME_MS_MAX }, countLabels);
  const { byMetric, valuesByName, bytesByName, byPair } = counts ?? emptyCounts();
  return {
    headStats: {
      numSeries: seriesCount,
      numLabelPairs: byPair.size,
      chunkCount: 0,
      minTime: minMs ?? 0,
      maxTime: maxMs ?? 0,
    },
    seriesCountByMetricName: topOf(byMetric, rowsMax),
    labelValueCountByLabelName: topOf(valuesByName, rowsMax),
    memoryInBytesByLabelName: topOf(bytesByName, rowsMax),
    seriesCountByLabelValuePair: topOf(byPair, rowsMax),
  };
}

function readRowsMax(text: string): number {
  if (text === "") return 10;
  const rowsMax = /^\+?\d+$/.test(text) ? Number(text) : 0;
  if (rowsMax < 1) throw new ApiError("bad_data", "limit must be a positive number");
  if (rowsMax <= TSDB_STATUS_ROWS_MAX) return rowsMax;
  throw new ApiError("bad_data", `limit must not exceed ${TSDB_STATUS_ROWS_MAX}`);
}

interface LabelCounts {
  readonly byMetric: Map<string, number>;
  readonly valuesByName: Map<string, number>;
  readonly bytesByName: Map<string, number>;
  readonly byPair: Map<string, number>;
}

function emptyCounts(): LabelCounts {
  return {
    byMetric: new Map(),
    valuesByName: new Map(),
    bytesByName: new Map(),
    byPair: new Map(),
  };
}

function countLabels(view: View): LabelCounts {
  const counts = emptyCounts();
  for (const { labels } of view.select([ANY_SERIES])) {
    for (const [name, value] of labels) {
      if (name === METRIC_NAME) add(counts.byMetric, value, 1);
      const pair = `${name}=${value}`;
      if (!counts.byPair.has(pair)) {
        add(counts.valuesByName, name, 1);
        add(counts.bytesByName, name, Buffer.byteLength(value));
      }
      add(counts.byPair, pair, 1);
    }
  }
  return counts;
}

/** Passes every series, named or not. */
const ANY_SERIES = createMatcher(METRIC_NAME, "=~", ".*");

function add(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}

function topOf(counts: ReadonlyMap<string, number>, rowsMax: number) {
  return [...counts]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value)
    .slice(0, rowsMax);
}
