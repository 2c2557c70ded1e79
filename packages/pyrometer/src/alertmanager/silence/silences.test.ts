import { expect, test } from "vitest";
import { Labels } from "../../model/index.ts";
import { VirtualClock } from "../../std/index.ts";
import { SILENCE_RETENTION_MS } from "../limits.ts";
import { parseMatchers } from "../matchers/parse.ts";
import type { PostableSilence } from "./silences.ts";
import { SilenceStore } from "./silences.ts";

const HOUR_MS = 3_600_000;

function stand() {
  const clock = new VirtualClock(HOUR_MS);
  let count = 0;
  const silences = new SilenceStore({ clock, newId: () => `id-${++count}` });
  return { clock, silences };
}

const about = (value: string) => [{ name: "alertname", value, isRegex: false }];

const silence = (changes: Partial<PostableSilence> = {}): PostableSilence => ({
  matchers: about("a"),
  endsAtMs: 2 * HOUR_MS,
  createdBy: "me",
  comment: "why",
  ...changes,
});

test("a silence holds its alerts from its start until its end", async () => {
  const { clock, silences } = stand();
  const id = silences.set(silence({ startsAtMs: HOUR_MS + 1000 }));
  const labels = Labels.from({ alertname: "a" });
  const held = () => silences.silencedBy(labels, clock.nowMs());
  expect([silences.get(id)?.state, held()]).toEqual(["pending", []]);
  await clock.advance(1000);
  expect([silences.get(id)?.state, held()]).toEqual(["active", [id]]);
  expect(silences.silencedBy(Labels.from({ alertname: "b" }), clock.nowMs())).toEqual([]);
  await clock.advance(HOUR_MS);
  expect([silences.get(id)?.state, held()]).toEqual(["expired", []]);
});

test("an active silence's end may move; its matchers may not: that ends it and makes another", () => {
  const { silences } = stand();
  const id = silences.set(silence());
  const startsAtMs = silences.get(id)!.startsAtMs;
  expect(silences.set(silence({ id, startsAtMs, endsAtMs: 3 * HOUR_MS }))).toBe(id);
  const other = silences.set(silence({ id, startsAtMs, matchers: about("b") }));
  expect(other).not.toBe(id);
  expect(silences.get(id)?.state).toBe("expired");
  expect(silences.get(other)?.state).toBe("active");
});

test("an expired silence is not brought back: a new one is made", () => {
  const { silences } = stand();
  const id = silences.set(silence());
  silences.expire(id);
  silences.expire(id);
  expect(silences.get(id)?.state).toBe("expired");
  expect(silences.set(silence({ id }))).not.toBe(id);
});

test("a start in the past becomes now", () => {
  const { silences } = stand();
  const id = silences.set(silence({ startsAtMs: 5 }));
  expect(silences.get(id)?.startsAtMs).toBe(HOUR_MS);
});

test.each<[string, Partial<PostableSilence>, string]>([
  ["no matchers", { matchers: [] }, "at least one matcher must not match the empty string"],
  ["only empty matches", { matchers: about("") }, "must not match the empty string"],
  ["a bad regex", { matchers: [{ name: "a", value: "(", isRegex: true }] }, "invalid regular"],
  ["an empty name", { matchers: [{ name: "", value: "x", isRegex: false }] }, "invalid label name"],
  ["no end", { endsAtMs: undefined }, "invalid zero end timestamp"],
  ["an end before its start", { startsAtMs: 3 * HOUR_MS }, "start time must be before end time"],
  ["an end in the past", { startsAtMs: 1, endsAtMs: 2 }, "end time can't be in the past"],
  ["no author", { createdBy: "" }, "createdBy is missing"],
  ["no comment", { comment: "" }, "comment is missing"],
  ["an unknown id", { id: "nope" }, "silence not found"],
])("a silence with %s is refused", (_, changes, problem) => {
  const { silences } = stand();
  expect(() => silences.set(silence(changes))).toThrow(problem);
  expect(silences.list()).toEqual([]);
});

test("lists the active first, then the pending, then the expired; and by matcher", () => {
  const { silences } = stand();
  const expired = silences.set(silence());
  silences.expire(expired);
  const pending = silences.set(silence({ startsAtMs: HOUR_MS + 9, matchers: about("b") }));
  const active = silences.set(silence());
  expect(silences.list().map(({ id }) => id)).toEqual([active, pending, expired]);
  const matchers = parseMatchers("alertname=b");
  expect(silences.list({ matchers }).map(({ id }) => id)).toEqual([pending]);
});

test("what ended long ago is forgotten", () => {
  const { silences } = stand();
  const id = silences.set(silence());
  silences.collect(2 * HOUR_MS + SILENCE_RETENTION_MS);
  expect(silences.get(id)).toBeDefined();
  silences.collect(2 * HOUR_MS + SILENCE_RETENTION_MS + 1);
  expect(silences.get(id)).toBeUndefined();
});
