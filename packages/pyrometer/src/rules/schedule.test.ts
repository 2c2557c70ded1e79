import fc from "fast-check";
import { expect, test } from "vitest";
import { alignedMs, nextEvaluation } from "./schedule.ts";

const nowMs = fc.integer({ min: 1e12, max: 2e12 });
const intervalMs = fc.integer({ min: 1, max: 86_400_000 });
const groupKey = fc.string();

test("alignedMs is the one slot of a group in the last interval, whenever it is asked", () => {
  fc.assert(
    fc.property(nowMs, intervalMs, groupKey, (now, interval, key) => {
      const slotMs = alignedMs(now, interval, key);
      expect(slotMs).toBeLessThanOrEqual(now);
      expect(slotMs).toBeGreaterThan(now - interval);
      expect(alignedMs(slotMs + interval, interval, key)).toBe(slotMs + interval);
    }),
  );
});

test("groups are spread over the interval", () => {
  const slots = Array.from({ length: 100 }, (_, i) => alignedMs(1e12, 60_000, `f.yml;group ${i}`));
  const quarters = new Set(slots.map((slotMs) => Math.floor((1e12 - slotMs) / 15_000)));
  expect(quarters.size).toBe(4);
});

const group = { intervalMs: 10_000, groupKey: "f;g" };

test.each([
  ["in time", 1_000, { evalMs: 10_000, delayMs: 9_000, missedCount: 0 }],
  ["as the next is due", 10_000, { evalMs: 10_000, delayMs: 0, missedCount: 0 }],
  ["late, but not by a whole interval", 19_999, { evalMs: 10_000, delayMs: 0, missedCount: 0 }],
  ["two intervals late", 25_000, { evalMs: 20_000, delayMs: 0, missedCount: 1 }],
])("nextEvaluation: %s", (_name, endMs, wanted) => {
  expect(nextEvaluation(0, endMs, group)).toEqual(wanted);
});

test("nextEvaluation: a clock set back by a day does not stop the group for a day", () => {
  const evalMs = alignedMs(1e12, group.intervalMs, group.groupKey);
  const next = nextEvaluation(evalMs, evalMs - 86_400_000 + 5, group);
  expect(next.delayMs).toBeLessThanOrEqual(group.intervalMs);
  expect(next.evalMs).toBe(evalMs - 86_400_000 + group.intervalMs);
});
