/** A whole API on a virtual clock: real store, real engine, real Alertmanager, the rest made up. */
import { Registry } from "@pyrometer/client";
import type { FastifyInstance, InjectOptions } from "fastify";
import { createAlertmanager, loadAlertmanagerConfig } from "../../alertmanager/index.ts";
import { Labels } from "../../model/index.ts";
import { createEngine } from "../../promql/index.ts";
import { assert, silentLogger, VirtualClock } from "../../std/index.ts";
import { BatchBuilder, MemoryStore } from "../../storage/index.ts";
import { createApi } from "../api.ts";
import type { ApiDeps } from "../deps.ts";
import { Inbox } from "../inbox.ts";
import { DASHBOARDS, DEMO, METADATA, RULE_GROUPS, STATUS_REPORT, TARGETS } from "./fixtures.ts";

/** 2026-01-02T03:04:05Z. Every test is at this moment. */
export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
export const NOW_SECONDS = NOW_MS / 1000;

export interface TestApi {
  readonly app: FastifyInstance;
  readonly clock: VirtualClock;
  readonly inbox: Inbox;
  readonly store: MemoryStore;
  /** Sends one request and gives status and body; a JSON body is parsed. */
  ask(request: InjectOptions | string): Promise<{ status: number; body: unknown }>;
}

export async function createTestApi(changes: Partial<ApiDeps> = {}): Promise<TestApi> {
  const clock = new VirtualClock(NOW_MS);
  const store = await filledStore();
  const inbox = new Inbox();
  const registry = new Registry();
  const app = await createApi({
    clock,
    logger: silentLogger,
    registry,
    reader: store,
    store,
    backend: createEngine({ reader: store }),
    scrape: { targets: () => TARGETS, metadata: () => METADATA },
    rules: { groups: () => RULE_GROUPS },
    alertmanager: testAlertmanager(clock),
    status: {
      isReady: () => true,
      report: () => STATUS_REPORT,
      configYaml: () => "global: {}\n",
      flags: () => ({ "web.listen-address": "127.0.0.1:9090" }),
      buildInfo: () => ({ version: "0.1.0", revision: "abc" }),
      alertmanagerUrls: () => ["http://127.0.0.1:9090/api/v2/alerts"],
      externalLabels: () => Labels.from({ cluster: "lab" }),
    },
    lifecycle: { reload: async () => ({ ok: true }) },
    dashboards: DASHBOARDS,
    inbox,
    demo: DEMO,
    ...changes,
  });
  return { app, clock, inbox, store, ask: (request) => ask(app, request) };
}

async function ask(app: FastifyInstance, request: InjectOptions | string) {
  const response = await app.inject(request);
  const isJson = String(response.headers["content-type"]).startsWith("application/json");
  return { status: response.statusCode, body: isJson ? response.json() : response.body };
}

/** Ten samples, one each 15 s up to now, of three series; one of them has a name in UTF-8. */
async function filledStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  const batch = new BatchBuilder();
  for (const [labels, value] of [
    [{ __name__: "up", job: "api", instance: "a:1" }, 1],
    [{ __name__: "up", job: "db", instance: "b:2" }, 0],
    [{ __name__: "my.metric", job: "api", "gpu.name": "H100 + NVLink" }, 1e-7],
  ] as const) {
    const ref = store.series(Labels.from(labels));
    for (let i = 9; i >= 0; i--) batch.add(ref, NOW_MS - i * 15_000, value);
  }
  await store.append(batch);
  return store;
}

const ALERTMANAGER_YML = `
route:
  receiver: team
receivers:
  - name: team
  - name: nobody
`;

function testAlertmanager(clock: VirtualClock) {
  const source = { name: "alertmanager.yml", text: ALERTMANAGER_YML };
  const { value, errors } = loadAlertmanagerConfig(source, { environment: {} });
  assert(value !== undefined, `BUG: ${errors.join("\n")}`);
  let idCount = 0;
  const alertmanager = createAlertmanager({
    clock,
    logger: silentLogger,
    sender: {
      send: async () => ({ status: 200, contentType: "", retryAfter: "", body: "" }),
      close: async () => {},
    },
    registry: new Registry(),
    externalUrl: "http://127.0.0.1:9090",
    random: () => 0.5,
    newId: () => `00000000-0000-4000-8000-${String(++idCount).padStart(12, "0")}`,
  });
  alertmanager.apply(value, []);
  return alertmanager;
}
