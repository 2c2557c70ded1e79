/**
 * Our side of the query benchmark: the built engine and HTTP API over a store filled from an
 * OpenMetrics file, and nothing else of the server. Prints its URL when it is ready.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Registry } from "@pyrometer/client";
import { createApi, Inbox } from "../packages/pyrometer/dist/api/index.js";
import { Labels } from "../packages/pyrometer/dist/model/index.js";
import { createEngine, parseSelector } from "../packages/pyrometer/dist/promql/index.js";
import { silentLogger } from "../packages/pyrometer/dist/std/index.js";
import { BatchBuilder, MemoryStore } from "../packages/pyrometer/dist/storage/index.js";

const ROWS_PER_BATCH = 50_000;

async function fill(store, path) {
  const refs = new Map();
  const batch = new BatchBuilder();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line.startsWith("#")) continue;
    const valueAt = line.indexOf("} ") + 2;
    const timeAt = line.indexOf(" ", valueAt) + 1;
    const series = line.slice(0, valueAt - 1);
    let ref = refs.get(series);
    if (ref === undefined) {
      ref = store.series(labelsOf(series));
      refs.set(series, ref);
    }
    batch.add(ref, Number(line.slice(timeAt)) * 1000, Number(line.slice(valueAt, timeAt - 1)));
    if (batch.count < ROWS_PER_BATCH) continue;
    await store.append(batch);
    batch.reset();
  }
  await store.append(batch);
}

/** The series text is a selector of equalities: our own parser reads it. */
function labelsOf(text) {
  const { matchers, errors } = parseSelector({ name: "series", text });
  if (matchers === undefined) throw errors[0];
  return Labels.from(matchers.map(({ name, value }) => [name, value]));
}

const store = new MemoryStore();
await fill(store, process.argv[2]);
const clock = { nowMs: () => Date.now(), setTimer: () => () => {} };
const api = await createApi({
  clock,
  logger: silentLogger,
  registry: new Registry(),
  backend: createEngine({ reader: store, nowMonotonicMs: () => performance.now() }),
  reader: store,
  store,
  scrape: { targets: () => ({ active: [], dropped: [] }), metadata: () => [] },
  rules: { groups: () => [] },
  status: {
    isReady: () => true,
    report: () => ({}),
    configYaml: () => "",
    flags: () => ({}),
    buildInfo: () => ({ version: "bench", revision: "" }),
    alertmanagerUrls: () => [],
  },
  lifecycle: { reload: async () => ({ ok: true }) },
  dashboards: { list: () => [], get: () => undefined },
  inbox: new Inbox(),
});
console.log(await api.listen({ host: "127.0.0.1", port: 0 }));
process.on("SIGTERM", () => process.exit(0));
