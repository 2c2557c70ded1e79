/** /-/healthy, /-/ready, /-/reload, /-/quit and /metrics: what operators and probes call. */
import type { FastifyInstance } from "fastify";
import { sendText } from "../answer.ts";
import type { ApiDeps } from "../deps.ts";

const POST_OR_PUT = ["POST", "PUT"];

/** Prometheus' text format, which our registry prints. */
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function registerLifecycleRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { status, lifecycle, registry } = deps;

  app.get("/-/healthy", async (_, reply) => sendText(reply, 200, "Pyrometer is Healthy.\n"));

  app.get("/-/ready", async (_, reply) =>
    status.isReady()
      ? sendText(reply, 200, "Pyrometer is Ready.\n")
      : sendText(reply, 503, "Service Unavailable\n"),
  );

  app.get("/metrics", async (_, reply) => reply.type(METRICS_TYPE).send(registry.expose()));

  for (const url of ["/-/reload", "/-/quit"]) {
    // By GET a link in somebody's page would do it.
    app.get(url, async (_, reply) => sendText(reply, 405, "Only POST or PUT requests allowed\n"));
  }

  app.route({
    method: POST_OR_PUT,
    url: "/-/reload",
    async handler(_, reply) {
      const outcome = await lifecycle.reload();
      if (outcome.ok) return sendText(reply, 200, "");
      const text = outcome.errors.map(renderError).join("\n");
      return sendText(reply, 500, `failed to reload config: ${text}\n`);
    },
  });

  app.route({
    method: POST_OR_PUT,
    url: "/-/quit",
    async handler(_, reply) {
      if (!lifecycle.quit) return sendText(reply, 403, "Lifecycle API is not enabled.\n");
      // The answer first: quitting closes the connection it goes out on.
      reply.raw.once("close", () => lifecycle.quit?.());
      return sendText(reply, 200, "Requesting termination... Goodbye!\n");
    },
  });
}

/** A SourceError with its line and carets; any other error by its message. */
function renderError(error: Error & { render?: () => string }): string {
  return error.render ? error.render() : error.message;
}
