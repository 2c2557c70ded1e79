/** Every hint names what is in the way, and the query it offers works. */
import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import type { QueryBackend } from "../../storage/index.ts";
import { BatchBuilder, MemoryStore, QueryError } from "../../storage/index.ts";
import { createEngine } from "./engine.ts";

const SERIES = [
  { __name__: "errors", job: "api", code: "500", pod: "a" },
  { __name__: "errors", job: "api", code: "500", pod: "b" },
  { __name__: "errors", job: "api", code: "404", pod: "a" },
  { __name__: "requests", job: "api", pod: "a" },
  { __name__: "requests", job: "api", pod: "b" },
  { __name__: "job_info", job: "api", version: "1" },
  { __name__: "job_info", job: "api", version: "2" },
  { __name__: "cpu_user", pod: "a" },
  { __name__: "cpu_system", pod: "a" },
];

async function createBackend(): Promise<QueryBackend> {
  const store = new MemoryStore();
  const batch = new BatchBuilder();
  for (const labels of SERIES) {
    const ref = store.series(Labels.from(labels));
    for (const timeMs of [0, 30_000, 60_000]) batch.add(ref, timeMs, timeMs);
  }
  await store.append(batch);
  return createEngine({ reader: store });
}

async function hintOf(backend: QueryBackend, expr: string): Promise<string> {
  try {
    await backend.instant({ expr, timeMs: 60_000 });
  } catch (error) {
    if (error instanceof QueryError) return error.hint ?? "no hint";
    throw error;
  }
  return "no error";
}

test.each([
  [
    "errors / on (job) requests",
    'differ only in pod ("a", "b")',
    "errors / on (job) group_left () max by (job) (requests)",
  ],
  [
    "errors / ignoring (code) requests",
    'differ only in code ("404", "500")',
    "errors / ignoring (code) group_left () requests",
  ],
  [
    "errors / ignoring (code, pod) requests",
    'differ only in pod ("a", "b")',
    "errors / ignoring (code, pod) group_left () max without (code, pod) (requests)",
  ],
  [
    "requests * on (job) group_left (version) job_info",
    'differ only in version ("1", "2")',
    "requests * on (job) group_left () max by (job) (job_info)",
  ],
  [
    "job_info * on (job) group_right (version) requests",
    'differ only in version ("1", "2")',
    "max by (job) (job_info) * on (job) group_right () requests",
  ],
  [
    '{__name__=~"cpu_.*"} * on (pod) group_left () requests',
    'differ only in __name__ ("cpu_system", "cpu_user")',
    'max without () ({__name__=~"cpu_.*"}) * on (pod) group_left () requests',
  ],
  [
    'rate({__name__=~"cpu_.*"}[5m])',
    'differ only in __name__ ("cpu_system", "cpu_user"), which rate() takes away',
    'rate({__name__="cpu_system",__name__=~"cpu_.*"}[5m])',
  ],
  [
    'abs({__name__=~"cpu_.*"}) > 1',
    'differ only in __name__ ("cpu_system", "cpu_user"), which abs() takes away',
    'abs(label_replace({__name__=~"cpu_.*"}, "metric", "$1", "__name__", "(.+)"))',
  ],
  [
    '2 * -{__name__=~"cpu_.*"}',
    "which this takes away",
    '-label_replace({__name__=~"cpu_.*"}, "metric", "$1", "__name__", "(.+)")',
  ],
  [
    'label_replace(requests, "pod", "x", "", "")',
    'differ only in pod ("a", "b"), which label_replace() takes away',
    'label_replace(requests, "pod_new", "x", "", "")',
  ],
])("%s", async (expr, problem, offered) => {
  const backend = await createBackend();
  const hint = await hintOf(backend, expr);
  expect(hint).toContain(problem);
  expect(hint.split(". Try: ")[1]).toBe(offered);
  expect(await hintOf(backend, offered)).toBe("no error");
});
