/** /api/v1/query, query_range and their kin: a text, times, and an answer from the backend. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Expr } from "../../promql/index.ts";
import {
  POINTS_PER_SERIES_MAX,
  parseQuery,
  printExpr,
  QUERY_TIMEOUT_MS,
} from "../../promql/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type { QueryOptions, QueryResult, QueryValue } from "../../storage/index.ts";
import { abortSignalOf, sendData, sendPieces } from "../answer.ts";
import { ApiError, invalidParameter, parseErrorText } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { encodeQueryAnswer } from "../encode.ts";
import { QUERIES_AT_ONCE_MAX } from "../limits.ts";
import type { Params } from "../params.ts";
import { paramsOf } from "../params.ts";
import { readDurationMs, TIME_MS_MAX, TIME_MS_MIN } from "../time.ts";
import { QueryGate } from "./query-gate.ts";
import { remarksOf } from "./remarks.ts";

const GET_OR_POST = ["GET", "POST"];

export function registerQueryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  registerEvaluation(app, deps);

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/format_query",
    async handler(request, reply) {
      return sendData(reply, printExpr(readQuery(paramsOf(request))));
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
      readQuery(params);
      // We keep no exemplars: no data, which Grafana draws as none.
      return sendData(reply, []);
    },
  });
}

function registerEvaluation(app: FastifyInstance, { backend, clock, registry }: ApiDeps): void {
  const gate = new QueryGate(QUERIES_AT_ONCE_MAX);
  const waiting = registry.gauge({
    name: "pyrometer_api_queries_waiting",
    help: "Queries that wait for others to end, as too many run at once.",
  });
  registry.collect(() => waiting.set(gate.waitingCount));

  async function answer(
    reply: FastifyReply,
    params: Params,
    evaluate: (options: QueryOptions) => Promise<QueryResult>,
  ): Promise<FastifyReply> {
    const limit = params.limit();
    const signal = abortSignalOf(reply);
    const options = { ...readOptions(params), signal };
    const startedMs = clock.nowMs();
    const result = await gate.run(signal, () => evaluate(options));
    return sendResult(reply, result, { params, limit, tookMs: clock.nowMs() - startedMs });
  }

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/query",
    async handler(request, reply) {
      const params = paramsOf(request);
      const asked = { expr: params.text("query"), timeMs: params.timeMs("time", clock.nowMs()) };
      return answer(reply, params, (options) => backend.instant({ ...asked, ...options }));
    },
  });

  app.route({
    method: GET_OR_POST,
    url: "/api/v1/query_range",
    async handler(request, reply) {
      const params = paramsOf(request);
      const asked = { expr: params.text("query"), ...readRange(params) };
      return answer(reply, params, (options) => backend.range({ ...asked, ...options }));
    },
  });
}

function readRange(params: Params) {
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
  return { startMs, endMs, stepMs };
}

function readOptions(params: Params): QueryOptions {
  const timeoutMs = params.durationMs("timeout") ?? QUERY_TIMEOUT_MS;
  const lookback = params.text("lookback_delta");
  const parsed = lookback === "" ? { ms: 0 } : readDurationMs(lookback);
  if ("problem" in parsed) {
    throw new ApiError("bad_data", `error parsing lookback delta duration: ${parsed.problem}`);
  }
  return {
    // Less than the server's own is granted, more is not.
    timeoutMs: Math.min(timeoutMs, QUERY_TIMEOUT_MS),
    // 0 means the server's own, as in Prometheus.
    ...(parsed.ms > 0 ? { lookbackMs: parsed.ms } : {}),
  };
}

function readQuery(params: Params): Expr {
  const { expr, errors } = parseQuery({ name: "query", text: params.text("query") });
  if (expr === undefined || errors.length > 0) {
    throw invalidParameter("query", parseErrorText(errors));
  }
  return expr;
}

interface Asked {
  readonly params: Params;
  readonly limit: number;
  readonly tookMs: number;
}

function sendResult(reply: FastifyReply, result: QueryResult, asked: Asked): FastifyReply {
  const { value, isTruncated } = truncate(result.value, asked.limit);
  const remarks = remarksOf(result.annotations, isTruncated);
  const stats = asked.params.text("stats") === "" ? undefined : statsOf(asked.tookMs);
  return sendPieces(reply, encodeQueryAnswer(value, { stats, remarks }));
}

/** Prometheus' shape. We time the whole only: its parts, and samples read, are not known here. */
function statsOf(tookMs: number) {
  const seconds = tookMs / MS_PER_SECOND;
  return {
    timings: {
      evalTotalTime: seconds,
      resultSortTime: 0,
      queryPreparationTime: 0,
      innerEvalTime: seconds,
      execQueueTime: 0,
      execTotalTime: seconds,
    },
  };
}

function truncate(value: QueryValue, limit: number) {
  if (limit === 0) return { value, isTruncated: false };
  if (value.kind === "matrix" && value.series.length > limit) {
    return { value: { ...value, series: value.series.slice(0, limit) }, isTruncated: true };
  }
  if (value.kind === "vector" && value.labels.length > limit) {
    const { labels, values } = value;
    const kept = { labels: labels.slice(0, limit), values: values.subarray(0, limit) };
    return { value: { ...value, ...kept }, isTruncated: true };
  }
  return { value, isTruncated: false };
}
