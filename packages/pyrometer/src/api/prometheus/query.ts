/** /api/v1/query, query_range and their kin: a text, times, and an answer from the backend. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Expr } from "../../promql/index.ts";
import { POINTS_PER_SERIES_MAX, parseQuery, printExpr } from "../../promql/index.ts";
import type {
  InstantQuery,
  QueryOptions,
  QueryResult,
  QueryValue,
  RangeQuery,
} from "../../storage/index.ts";
import { abortSignalOf, sendData, sendPieces } from "../answer.ts";
import { ApiError, invalidParameter, parseErrorText } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { encodeQueryAnswer } from "../encode.ts";
import { QUERIES_AT_ONCE_MAX } from "../limits.ts";
import { explainResult } from "../own/explain.ts";
import type { Params } from "../params.ts";
import { paramsOf } from "../params.ts";
import { readDurationMs, TIME_MS_MAX, TIME_MS_MIN } from "../time.ts";
import { QueryGate } from "./query-gate.ts";
import { printStats } from "./query-stats.ts";
import { remarksOf } from "./remarks.ts";
import { translateAst } from "./translate-ast.ts";

const GET_OR_POST = ["GET", "POST"];

export function registerQueryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  registerEvaluation(app, deps);

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/format_query",
    async handler(request, reply) {
      return sendData(reply, printExpr(readQuery(paramsOf(request), deps)));
    },
  });

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/parse_query",
    async handler(request, reply) {
      return sendData(reply, translateAst(readQuery(paramsOf(request), deps)));
    },
  });

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/query_exemplars",
    async handler(request, reply) {
      const params = paramsOf(request);
      const startMs = params.timeMs("start", TIME_MS_MIN);
      if (params.timeMs("end", TIME_MS_MAX) < startMs) {
        throw new ApiError("bad_data", "end timestamp must not be before start timestamp");
      }
      readQuery(params, deps);
      // We keep no exemplars: no data, which Grafana draws as none.
      return sendData(reply, []);
    },
  });
}

function registerEvaluation(app: FastifyInstance, deps: ApiDeps): void {
  const { backend, clock, registry } = deps;
  const gate = new QueryGate(QUERIES_AT_ONCE_MAX);
  const waiting = registry.gauge({
    name: "pyrometer_api_queries_waiting",
    help: "Queries that wait for others to end, as too many run at once.",
  });
  registry.collect(() => waiting.set(gate.waitingCount));

  function evaluate(asked: Asked, reply: FastifyReply): Promise<QueryResult> {
    const signal = abortSignalOf(reply);
    return gate.run(signal, () =>
      asked.kind === "range"
        ? backend.range({ ...asked, signal })
        : backend.instant({ ...asked, signal }),
    );
  }

  async function answer(reply: FastifyReply, params: Params, asked: Asked): Promise<FastifyReply> {
    const limit = params.limit();
    const stats = params.text("stats");
    const startedMs = clock.nowMs();
    const result = await evaluate(stats === "" ? asked : { ...asked, detail: "stats" }, reply);
    const tookMs = clock.nowMs() - startedMs;
    const isPerStep = stats === "all" && (deps.features?.perStepStats ?? true);
    const printed = printStats(result.stats, { ...gridOf(asked), isPerStep, tookMs });
    return sendResult(reply, result, { limit, stats: stats === "" ? undefined : printed });
  }

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/query",
    async handler(request, reply) {
      const params = paramsOf(request);
      return answer(reply, params, readInstant(params, clock.nowMs()));
    },
  });

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/query_range",
    async handler(request, reply) {
      const params = paramsOf(request);
      return answer(reply, params, readRange(params));
    },
  });

  app.route({
    method: GET_OR_POST,
    url: "/api/pyrometer/v1/explain",
    async handler(request, reply) {
      const params = paramsOf(request);
      const isRange = params.text("start") !== "";
      const asked = isRange ? readRange(params) : readInstant(params, clock.nowMs());
      return sendData(reply, explainResult(await evaluate({ ...asked, detail: "trace" }, reply)));
    },
  });
}

type Asked =
  | ({ readonly kind: "instant" } & InstantQuery)
  | ({ readonly kind: "range" } & RangeQuery);

function gridOf(asked: Asked) {
  return asked.kind === "range" ? asked : { startMs: asked.timeMs, stepMs: 0 };
}

function readInstant(params: Params, nowMs: number): Asked {
  const timeMs = params.timeMs("time", nowMs);
  return { kind: "instant", expr: params.text("query"), timeMs, ...readOptions(params) };
}

function readRange(params: Params): Asked {
  const startMs = params.requiredTimeMs("start");
  const endMs = params.requiredTimeMs("end");
  if (endMs < startMs) {
    throw invalidParameter("end", "end timestamp must not be before start time");
  }
  const stepMs = params.requiredDurationMs("step");
  if (stepMs <= 0) {
    const why = "zero or negative query resolution step widths are not accepted.";
    throw invalidParameter("step", `${why} Try a positive integer`);
  }
  if (Math.floor((endMs - startMs) / stepMs) > POINTS_PER_SERIES_MAX) {
    const why = "exceeded maximum resolution of 11,000 points per timeseries.";
    throw new ApiError("bad_data", `${why} Try decreasing the query resolution (?step=XX)`);
  }
  const expr = params.text("query");
  return { kind: "range", expr, startMs, endMs, stepMs, ...readOptions(params) };
}

function readOptions(params: Params): QueryOptions {
  const timeoutMs = params.durationMs("timeout");
  const lookback = params.text("lookback_delta");
  const parsed = lookback === "" ? { ms: 0 } : readDurationMs(lookback);
  if ("problem" in parsed) {
    throw new ApiError("bad_data", `error parsing lookback delta duration: ${parsed.problem}`);
  }
  return {
    // Less than the server's own is granted; the engine sees to it that more is not.
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    // 0 means the server's own, as in Prometheus.
    ...(parsed.ms > 0 ? { lookbackMs: parsed.ms } : {}),
  };
}

function readQuery(params: Params, { features }: ApiDeps): Expr {
  const source = { name: "query", text: params.text("query") };
  const { expr, errors } = parseQuery(source, features?.language);
  if (expr === undefined || errors.length > 0) {
    throw invalidParameter("query", parseErrorText(errors));
  }
  return expr;
}

function sendResult(
  reply: FastifyReply,
  result: QueryResult,
  { limit, stats }: { readonly limit: number; readonly stats: object | undefined },
): FastifyReply {
  const { value, isTruncated } = truncate(result.value, limit);
  const remarks = remarksOf(result.annotations, isTruncated);
  return sendPieces(reply, encodeQueryAnswer(value, { stats, remarks }));
}

function truncate(value: QueryValue, limit: number) {
  if (limit === 0) return { value, isTruncated: false };
  if (value.kind === "matrix" && value.series.length > limit) {
    return { value: { ...value, series: value.series.slice(0, limit) }, isTruncated: true };
  }
  if (value.kind === "vector" && value.labels.length > limit) {
    const { labels, values, histograms } = value;
    const kept = {
      labels: labels.slice(0, limit),
      values: values.subarray(0, limit),
      histograms: histograms?.slice(0, limit),
    };
    return { value: { ...value, ...kept }, isTruncated: true };
  }
  return { value, isTruncated: false };
}
