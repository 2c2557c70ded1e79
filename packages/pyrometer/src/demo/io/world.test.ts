/** The real thing, on real time and real HTTP, for about two seconds. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { silentLogger } from "../../std/index.ts";
import { MODEL_NAME } from "../service-metrics.ts";
import { demoFiles } from "./demo-files.ts";
import { workerClock } from "./worker-clock.ts";
import type { World } from "./world.ts";
import { startWorld } from "./world.ts";

const DEADLINE_MS = 10_000;

let world: World;

beforeAll(async () => {
  const options = { clock: workerClock, logger: silentLogger, seed: 1, gpuCount: 4 };
  world = await startWorld({ ...options, gpus: "simulate" });
});

afterAll(() => world.stop());

async function scrape(): Promise<string> {
  const pages = world.facts.metricsTargets.map(async ({ url }) => (await fetch(url)).text());
  return (await Promise.all(pages)).join("");
}

/** The value of the first series that starts with `series`; undefined when there is none. */
function sampleOf(page: string, series: string): number | undefined {
  const line = page.split("\n").find((text) => text.startsWith(series));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
}

/** Scrapes until the series is above `floor`. */
async function waitAbove(series: string, floor: number): Promise<string> {
  const startedMs = Date.now();
  for (;;) {
    const page = await scrape();
    const value = sampleOf(page, series);
    if (value !== undefined && value > floor) return page;
    if (Date.now() - startedMs > DEADLINE_MS) throw new Error(`${series} stayed at ${value}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("customers are served, and the model's accuracy is measured through the service", async () => {
  const page = await waitAbove("ml_model_accuracy{", 0);
  expect(sampleOf(page, "ml_model_accuracy{")).toBeGreaterThan(0.85);
  expect(sampleOf(page, "ml_inferences_total{")).toBeGreaterThan(60);
  expect(
    sampleOf(page, `ml_inference_latency_seconds_count{model_name="${MODEL_NAME}"}`),
  ).toBeGreaterThan(60);
  expect(sampleOf(page, "dcgm_xid_errors_total{")).toBe(0);
  expect(page).toContain('simulated="true"');
});

test("every metric that the demo's rules and panels query is there", async () => {
  const page = await waitAbove("ml_model_accuracy{", 0);
  const known = new Set(page.match(/^[a-zA-Z_]\w*/gm));
  const files = await demoFiles({ ...world.facts, serverUrl: "http://127.0.0.1:9090" });
  const queries = files.flatMap(({ text }) => queriesIn(parse(text)));
  const named = queries.flatMap((query) => query.match(/\b(?:ml|dcgm|DCGM|demo)_\w+/g) ?? []);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

/** Every `expr` in a file, however deep. */
function queriesIn(node: unknown): string[] {
  if (node === null || typeof node !== "object") return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "expr" && typeof value === "string" ? [value] : queriesIn(value),
  );
}

test("broken uploads are refused and counted", async () => {
  const series = `ml_prediction_errors_total{model_name="${MODEL_NAME}",error_type="bad_input"}`;
  const before = sampleOf(await scrape(), series)!;
  world.setScenario("errors", true);
  await waitAbove(series, before + 10);
  world.setScenario("errors", false);
});

test("an XID on the simulated card is counted", async () => {
  world.setScenario("xid", true);
  await waitAbove("dcgm_xid_errors_total{", 0);
  world.setScenario("xid", false);
});

test("a slow batch makes requests slow", async () => {
  const slowCount = async () => {
    const page = await scrape();
    const label = `{model_name="${MODEL_NAME}"`;
    const all = sampleOf(page, `ml_inference_latency_seconds_count${label}`)!;
    return all - sampleOf(page, `ml_inference_latency_seconds_bucket${label},le="0.25"`)!;
  };
  const before = await slowCount();
  world.setScenario("slow", true);
  const startedMs = Date.now();
  while ((await slowCount()) < before + 20) {
    expect(Date.now() - startedMs).toBeLessThan(DEADLINE_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  world.setScenario("slow", false);
});
