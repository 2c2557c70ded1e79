/** /api/pyrometer/v1/*: what only we have. */
import type { FastifyInstance } from "fastify";
import { sendData } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import type { ApiDeps } from "../deps.ts";
import { readJson } from "../json-body.ts";
import { notificationSchema, scenarioSwitchSchema, toInboxEntry } from "./bodies.ts";

const BASE = "/api/pyrometer/v1";

export function registerOwnRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { status, dashboards, inbox, clock } = deps;

  app.get(`${BASE}/status`, async (_, reply) => sendData(reply, status.report()));

  app.get(`${BASE}/dashboards`, async (_, reply) => sendData(reply, dashboards.list()));

  app.get(`${BASE}/dashboards/:uid`, async (request, reply) => {
    const { uid } = request.params as { readonly uid: string };
    const found = dashboards.get(uid);
    if (found) return sendData(reply, found);
    throw new ApiError("not_found", `Cannot show dashboard "${uid}": there is none with this uid`);
  });

  app.get(`${BASE}/inbox`, async (_, reply) => sendData(reply, inbox.list()));

  app.post(`${BASE}/inbox`, async (request, reply) => {
    const notification = readJson(request, notificationSchema);
    const { id } = inbox.add(toInboxEntry(notification, clock.nowMs()));
    return sendData(reply, { id });
  });

  registerDemoRoutes(app, deps);
}

function registerDemoRoutes(app: FastifyInstance, { demo, clock }: ApiDeps): void {
  if (!demo) return;

  app.get(`${BASE}/demo`, async (_, reply) => sendData(reply, { scenarios: demo.scenarios() }));

  app.post(`${BASE}/demo/scenarios/:name`, async (request, reply) => {
    const { name } = request.params as { readonly name: string };
    const { active } = readJson(request, scenarioSwitchSchema);
    if (demo.setActive(name, active)) {
      return sendData(reply, { scenarios: demo.scenarios(), atMs: clock.nowMs() });
    }
    const names = demo.scenarios().map((scenario) => scenario.name);
    const wanted = `expected one of ${names.join(", ")}`;
    throw new ApiError("not_found", `Cannot switch scenario "${name}": unknown, ${wanted}`);
  });
}
