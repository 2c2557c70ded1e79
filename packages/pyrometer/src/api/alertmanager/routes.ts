/**
 * /api/v2/*: Alertmanager's API, which amtool, Grafana and other Prometheis speak.
 *
 * Its errors differ from Prometheus': a plain JSON text, or `{code, message}` for a body that does
 * not fit the schema. Source: alertmanager api/v2/openapi.yaml
 */
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { SilenceState } from "../../alertmanager/index.ts";
import { SilenceError } from "../../alertmanager/index.ts";
import { JSON_TYPE } from "../answer.ts";
import type { AlertmanagerView, ApiDeps } from "../deps.ts";
import { paramsOf } from "../params.ts";
import { formatRfc3339 } from "../time.ts";
import { readAlerts, readSilence } from "./bodies.ts";
import { readAlertFilter, readFlag, readMatchers } from "./filter.ts";
import { printAlert, printGroup, printSilence } from "./print.ts";
import { RequestError } from "./request-error.ts";

const BASE = "/api/v2";

export function registerAlertmanagerRoutes(
  app: FastifyInstance,
  alertmanager: AlertmanagerView,
  deps: ApiDeps,
): void {
  // A plugin of its own, for its own form of errors.
  app.register(async (scope) => {
    scope.setErrorHandler((error, _, reply) => answerError(reply, error));
    registerGeneralRoutes(scope, alertmanager, deps);
    registerAlertRoutes(scope, alertmanager);
    registerSilenceRoutes(scope, alertmanager.silences);
  });
}

function registerGeneralRoutes(
  scope: FastifyInstance,
  alertmanager: AlertmanagerView,
  { status }: ApiDeps,
): void {
  scope.get(`${BASE}/status`, async (_, reply) => {
    const { startedMs, configOriginal, clusterStatus } = alertmanager.status();
    const { version, revision } = status.buildInfo();
    return sendJson(reply, {
      cluster: { status: clusterStatus, peers: [] },
      config: { original: configOriginal },
      uptime: formatRfc3339(startedMs),
      versionInfo: { version, revision, branch: "", buildUser: "", buildDate: "", goVersion: "" },
    });
  });

  scope.get(`${BASE}/receivers`, async (_, reply) =>
    sendJson(
      reply,
      alertmanager.receivers().map((name) => ({ name })),
    ),
  );
}

function registerAlertRoutes(scope: FastifyInstance, alertmanager: AlertmanagerView): void {
  scope.get(`${BASE}/alerts`, async (request, reply) => {
    const filter = readAlertFilter(paramsOf(request));
    return sendJson(reply, alertmanager.alerts(filter).map(printAlert));
  });

  scope.post(`${BASE}/alerts`, async (request, reply) => {
    const problems = alertmanager.receive(readAlerts(request.body));
    // The good ones were taken: what is wrong with one is no reason to lose another.
    if (problems.length > 0) throw new RequestError(400, problems.join("\n"));
    return reply.code(200).send();
  });

  scope.get(`${BASE}/alerts/groups`, async (request, reply) => {
    const filter = readAlertFilter(paramsOf(request));
    return sendJson(reply, alertmanager.groups(filter).map(printGroup));
  });
}

function registerSilenceRoutes(
  scope: FastifyInstance,
  silences: AlertmanagerView["silences"],
): void {
  scope.get(`${BASE}/silences`, async (request, reply) => {
    const params = paramsOf(request);
    const isAsked = (state: SilenceState) => readFlag(params, state);
    const found = silences.list({ matchers: readMatchers(params.all("filter")) });
    return sendJson(reply, found.filter(({ state }) => isAsked(state)).map(printSilence));
  });

  scope.post(`${BASE}/silences`, async (request, reply) =>
    sendJson(reply, { silenceID: silences.set(readSilence(request.body)) }),
  );

  scope.get(`${BASE}/silence/:id`, async (request, reply) => {
    const { id } = request.params as { readonly id: string };
    const silence = silences.get(id);
    return silence ? sendJson(reply, printSilence(silence)) : reply.code(404).send();
  });

  scope.delete(`${BASE}/silence/:id`, async (request, reply) => {
    const { id } = request.params as { readonly id: string };
    silences.expire(id);
    return reply.code(200).send();
  });
}

function sendJson(reply: FastifyReply, data: unknown): FastifyReply {
  return reply.type(JSON_TYPE).send(JSON.stringify(data));
}

function answerError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof RequestError) {
    const { statusCode, schemaCode, message } = error;
    const body = schemaCode === undefined ? message : { code: schemaCode, message };
    return sendJson(reply.code(statusCode), body);
  }
  if (error instanceof SilenceError) {
    return sendJson(reply.code(error.code === "not-found" ? 404 : 400), error.message);
  }
  const { statusCode = 500, message } = error as Partial<FastifyError>;
  // A defect of ours goes to the general handler, which logs it.
  if (statusCode >= 500) throw error;
  return sendJson(reply.code(statusCode), { code: statusCode, message });
}
