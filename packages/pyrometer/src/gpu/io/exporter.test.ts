import { afterEach, expect, test } from "vitest";
import { VirtualClock } from "../../std/index.ts";
import { createGpuSimulator } from "../simulator/simulator.ts";
import type { GpuSnapshot, GpuSource } from "../snapshot.ts";
import { GpuSourceError } from "../snapshot.ts";
import type { GpuExporter } from "./exporter.ts";
import { startGpuExporter } from "./exporter.ts";

const running: GpuExporter[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((exporter) => exporter.close()));
});

async function start(source: GpuSource, clock: VirtualClock) {
  const exporter = await startGpuExporter({ source, clock, port: 0 });
  running.push(exporter);
  return {
    exporter,
    get: async (path: string, method = "GET") => {
      const response = await fetch(exporter.url + path, { method });
      const type = response.headers.get("content-type");
      return { status: response.status, type, text: await response.text() };
    },
  };
}

const SNAPSHOT: GpuSnapshot = {
  takenMs: 0,
  nodeName: "n",
  gpus: [{ index: 0, uuid: "GPU-0", name: "X", temperatureCelsius: 50 }],
};

function fakeSource(clock: VirtualClock) {
  const state = { isBroken: false, readCount: 0 };
  const source: GpuSource = {
    name: "fake",
    simulated: false,
    async read() {
      state.readCount += 1;
      if (state.isBroken) throw new GpuSourceError("gpu/failed", "Cannot query: GPU is lost");
      return { ...SNAPSHOT, takenMs: clock.nowMs() };
    },
  };
  return { state, source };
}

const TEMPERATURE = 'DCGM_FI_DEV_GPU_TEMP{gpu="0"';

test("a simulated GPU is served, in both sets of names, and says that it is simulated", async () => {
  const clock = new VirtualClock();
  const simulator = createGpuSimulator({ seed: 1, nodeName: "n", gpuCount: 2, clock });
  const { get } = await start(simulator, clock);
  await clock.advance(1000);
  const { status, type, text } = await get("/metrics");
  expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(text).toContain('dcgm_sm_utilization{gpu="1",node="n",simulated="true"} 0');
  expect(text).toContain('pyrometer_gpu_source_up{source="simulator",simulated="true"} 1');
  expect((await get("/health")).status).toBe(200);
  expect((await get("/nothing")).status).toBe(404);
  expect((await get("/metrics", "POST")).status).toBe(405);
});

test("when reading fails, the last snapshot is served with its age, and not for ever", async () => {
  const clock = new VirtualClock(1_000_000);
  const { state, source } = fakeSource(clock);
  const { get } = await start(source, clock);
  await clock.advance(2500);
  state.isBroken = true;
  await clock.advance(10_000);
  const failing = (await get("/metrics")).text;
  expect(failing).toContain(TEMPERATURE);
  expect(failing).toContain('pyrometer_gpu_source_up{source="fake",simulated="false"} 0');
  expect(failing).toMatch(/pyrometer_gpu_snapshot_age_seconds\{source="fake"\} 10\.5\n/);
  expect(await get("/health")).toMatchObject({ status: 503, text: "Cannot query: GPU is lost\n" });
  await clock.advance(10_000);
  expect((await get("/metrics")).text).not.toContain(TEMPERATURE);
  state.isBroken = false;
  await clock.advance(1000);
  expect((await get("/metrics")).text).toContain(TEMPERATURE);
  expect((await get("/metrics")).text).toMatch(/collections_total\{outcome="failed"\} 20\n/);
});

test("a scrape never waits for a reading, and readings never overlap", async () => {
  const clock = new VirtualClock();
  let readCount = 0;
  const stuck: GpuSource = {
    name: "stuck",
    simulated: false,
    read(signal) {
      readCount += 1;
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      });
    },
  };
  const { get, exporter } = await start(stuck, clock);
  await clock.advance(60_000);
  expect((await get("/metrics")).text).toContain('source_up{source="stuck",simulated="false"} 0');
  expect((await get("/health")).status).toBe(503);
  expect(readCount).toBe(1);
  await exporter.close();
});

test("a port that is taken is the caller's to hear of", async () => {
  const clock = new VirtualClock();
  const { source } = fakeSource(clock);
  const { exporter } = await start(source, clock);
  await expect(startGpuExporter({ source, clock, port: exporter.port })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});
