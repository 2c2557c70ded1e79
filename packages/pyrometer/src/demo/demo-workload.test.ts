/** The handle, against a worker that only listens. The worker itself runs in the browser tests. */
import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { VirtualClock } from "../std/index.ts";
import type { WorkerControl } from "./demo-workload.ts";
import { createHandle } from "./demo-workload.ts";
import type { WorldFacts } from "./io/world.ts";
import type { ToWorker } from "./messages.ts";

const FACTS: WorldFacts = {
  metricsTargets: [],
  isGpuSimulated: false,
  description: ["model  small"],
  scenarios: ["drift", "slow"],
};

function rig() {
  const clock = new VirtualClock(1000);
  const told: ToWorker[] = [];
  const events = new EventEmitter();
  const state = { isTerminated: false };
  const worker = {
    postMessage: (message: ToWorker) => told.push(message),
    ref() {},
    once: events.once.bind(events),
    async terminate() {
      state.isTerminated = true;
      return 0;
    },
  } as unknown as WorkerControl;
  return { clock, told, events, state, handle: createHandle(worker, FACTS, clock) };
}

test("a scenario that is started says since when, also when it is started again", async () => {
  const { clock, told, handle } = rig();
  expect(handle.setScenario("slow", true)).toBe(true);
  await clock.advance(500);
  handle.setScenario("slow", true);
  const [drift, slow] = handle.scenarios();
  expect(drift).toMatchObject({ name: "drift", active: false, expects: "ModelAccuracyDegraded" });
  expect(drift).not.toHaveProperty("startedMs");
  expect(slow).toMatchObject({ name: "slow", active: true, startedMs: 1000 });
  handle.setScenario("slow", false);
  expect(handle.scenarios()[1]).toMatchObject({ active: false });
  expect(told.at(-1)).toEqual({ kind: "scenario", name: "slow", isActive: false });
});

test("a scenario that this machine cannot play is refused, and nobody is told", () => {
  const { told, handle } = rig();
  expect(handle.setScenario("xid", true)).toBe(false);
  expect(handle.setScenario("nonsense", true)).toBe(false);
  expect(told).toEqual([]);
});

test("stopping asks first, and ends a worker that does not listen", async () => {
  const { clock, told, state, handle } = rig();
  const stopped = handle.stop();
  expect(told).toEqual([{ kind: "stop" }]);
  await clock.advance(499);
  expect(state.isTerminated).toBe(false);
  await clock.advance(1);
  await stopped;
  expect(state.isTerminated).toBe(true);
});

test("stopping does not wait for a worker that has ended", async () => {
  const { events, state, handle } = rig();
  const stopped = handle.stop();
  events.emit("exit", 0);
  await stopped;
  expect(state.isTerminated).toBe(true);
});
