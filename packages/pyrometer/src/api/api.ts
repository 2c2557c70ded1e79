/**
 * All HTTP routes on one Fastify instance: Prometheus' API, Alertmanager's, our own, the web app.
 *
 * Routes only read what `deps` gives and print it; they decide nothing. Listening and closing are
 * the server's.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fastify } from "fastify";
import { registerAlertmanagerRoutes } from "./alertmanager/routes.ts";
import { sendError, sendText } from "./answer.ts";
import { ApiError, toApiError } from "./api-error.ts";
import type { ApiDeps } from "./deps.ts";
import { refuseCrossOrigin, refuseUnknownHost } from "./guard.ts";
import { BODY_BYTES_MAX, PATH_PARAMETER_LENGTH_MAX } from "./limits.ts";
import { registerOwnRoutes } from "./own/routes.ts";
import { parseForm, pathOf } from "./params.ts";
import { registerFederateRoute } from "./prometheus/federate.ts";
import { registerLifecycleRoutes } from "./prometheus/lifecycle.ts";
import { registerQueryRoutes } from "./prometheus/query.ts";
import { registerRuleRoutes } from "./prometheus/rules.ts";
import { registerSeriesRoutes } from "./prometheus/series.ts";
import { registerStatusRoutes } from "./prometheus/status.ts";
import { registerTargetRoutes } from "./prometheus/targets.ts";
import { countRequests } from "./request-metrics.ts";
import { isPage, registerWeb, SECURITY_HEADERS, sendPage } from "./web.ts";

/** Routes only: the caller listens, and closes. Connections end with close(), idle or not. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    routerOptions: {
      maxParamLength: PATH_PARAMETER_LENGTH_MAX,
      // Params reads the query string itself: what throws here would reach no error handler.
      querystringParser: () => ({}),
    },
  });
  // Before any route: awaiting a plugin below settles which handler the routes so far have.
  app.setErrorHandler((error, request, reply) => {
    const known = toApiError(error) ?? fromFastify(error, deps);
    if (pathOf(request).startsWith("/api/")) return sendError(reply, known);
    return sendText(reply, known.statusCode, `${known.message}\n`);
  });
  app.setNotFoundHandler((request, reply) => answerNotFound(request, reply, deps));
  acceptBodies(app);
  guard(app, deps);
  countRequests(app, deps);
  registerQueryRoutes(app, deps);
  registerSeriesRoutes(app, deps);
  registerTargetRoutes(app, deps);
  registerRuleRoutes(app, deps);
  registerStatusRoutes(app, deps);
  registerFederateRoute(app, deps);
  registerLifecycleRoutes(app, deps);
  if (deps.alertmanager) registerAlertmanagerRoutes(app, deps.alertmanager, deps);
  registerOwnRoutes(app, deps);
  await registerWeb(app, deps.webDir);
  return app;
}

/** Forms, as Grafana posts queries; JSON is Fastify's own. Anything else is refused with 415. */
function acceptBodies(app: FastifyInstance): void {
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    async (_: FastifyRequest, body: string | Buffer) => parseForm(String(body)),
  );
}

function guard(app: FastifyInstance, { allowedHosts, status }: ApiDeps): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const path = pathOf(request);
    refuseUnknownHost(request, allowedHosts ?? "any");
    refuseCrossOrigin(request, path);
    const needsReady = /^\/(api\/v[12]\/|federate$)/.test(path);
    if (needsReady && !status.isReady()) throw new ApiError("unavailable", "Service Unavailable");
  });
}

/** A request that Fastify refused keeps its status and reason; the rest is a defect of ours. */
function fromFastify(error: unknown, { logger }: ApiDeps): ApiError {
  const { statusCode, message } = error as Partial<FastifyError>;
  if (statusCode !== undefined && statusCode < 500) {
    return new ApiError("bad_data", message ?? "bad request", { statusCode });
  }
  logger.error("a request failed", { error });
  return new ApiError("internal", "Cannot answer: internal error, the server's log has it");
}

function answerNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  { webDir }: ApiDeps,
): FastifyReply | Promise<FastifyReply> {
  const path = pathOf(request);
  if (path.startsWith("/api/")) {
    return sendError(reply, new ApiError("not_found", `Cannot find "${path}": no such endpoint`));
  }
  if (isPage(request, path)) return sendPage(reply, webDir);
  return sendText(reply, 404, "404 page not found\n");
}
