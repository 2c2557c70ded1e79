/** Counts and times requests, by route pattern and never by path: paths have no end. */
import type { FastifyInstance } from "fastify";
import { MS_PER_SECOND } from "../std/index.ts";
import type { ApiDeps } from "./deps.ts";

export function countRequests(app: FastifyInstance, { registry }: ApiDeps): void {
  const requests = registry.counter({
    name: "pyrometer_api_requests_total",
    help: "HTTP requests answered, by route and status code.",
    labelNames: ["handler", "code"] as const,
  });
  const duration = registry.histogram({
    name: "pyrometer_api_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer.",
    labelNames: ["handler"] as const,
    // 1 ms, a page's file, to 100 s, near the longest query allowed.
    buckets: [0.001, 0.01, 0.1, 0.4, 1, 3, 10, 30, 100],
  });
  app.addHook("onResponse", async (request, reply) => {
    const handler = request.routeOptions.url ?? "unknown";
    requests.labels({ handler, code: String(reply.statusCode) }).inc();
    duration.labels({ handler }).observe(reply.elapsedTime / MS_PER_SECOND);
  });
}
