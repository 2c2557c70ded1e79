/**
 * Alertmanager's acceptance timelines on a virtual clock, where they are there to be read. Those
 * over HTTP and through amtool belong to the ranks that have HTTP.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conformanceDir } from "../std/testkit/conformance.ts";
import type { AlertJson } from "./templates/data.ts";
import type { Arrival, Stand } from "./testkit/stand.ts";
import { createStand, START_MS } from "./testkit/stand.ts";

interface TimelineAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly active?: readonly number[];
}

interface Step {
  readonly at: number;
  readonly post?: readonly TimelineAlert[];
  readonly do?: "reload";
  readonly silence?: {
    readonly active: readonly [number, number];
    readonly matchers: readonly { name: string; value: string; isRegex: boolean }[];
  };
}

interface Wanted {
  readonly between: readonly [number, number];
  readonly alerts: readonly TimelineAlert[];
}

interface Timeline {
  readonly id: string;
  readonly tolerance: number;
  readonly config: string;
  readonly steps?: readonly Step[];
  readonly want?: Readonly<Record<string, readonly Wanted[]>>;
}

const dir = conformanceDir();
const timelines: Timeline[] = dir
  ? JSON.parse(readFileSync(join(dir, "alertmanager/acceptance.json"), "utf8"))
  : [];

const MS = 1000;

describe.runIf(dir)("acceptance timelines", () => {
  for (const timeline of timelines.filter(({ steps }) => steps !== undefined)) {
    test(timeline.id, () => replay(timeline));
  }
});

async function replay({ id, tolerance, config: text, steps = [], want = {} }: Timeline) {
  const config = text.replace(/\$(WH\d)/g, "$1.example");
  const stand = createStand({ config });
  for (const step of steps) {
    await stand.at(step.at * MS);
    take(step, { stand, config });
  }
  const ends = Object.values(want).flatMap((list) => list.map(({ between }) => between[1]));
  // send/cold-start and kin want something at 0; a timeline that wants nothing runs a while too.
  await stand.at(Math.max(3, ...ends) * MS);
  for (const [sink, wanted] of Object.entries(want)) {
    const arrived = stand.arrivals.filter(({ url }) => url.includes(sink));
    for (const batch of wanted) expectBatch(arrived, batch, { id, toleranceMs: tolerance * MS });
    const count = (list: readonly { readonly alerts: readonly unknown[] }[]) =>
      list.reduce((sum, { alerts }) => sum + alerts.length, 0);
    const shown = arrived.map((arrival) => ({ alerts: alertsOf(arrival) }));
    expect(count(shown), `${id}: alerts at ${sink}`).toBe(count(wanted));
  }
  await stand.alertmanager.stop();
}

function take(step: Step, { stand, config }: { readonly stand: Stand; readonly config: string }) {
  for (const { labels, annotations = {}, active: [starts, ends] = [] } of step.post ?? []) {
    stand.fire(labels, {
      annotations,
      ...(starts === undefined ? {} : { startsAtMs: starts * MS }),
      ...(ends === undefined ? {} : { endsAtMs: ends * MS }),
    });
  }
  if (step.do === "reload") stand.apply(config);
  if (step.silence) {
    const [starts, ends] = step.silence.active;
    stand.alertmanager.silences.set({
      matchers: step.silence.matchers,
      startsAtMs: START_MS + starts * MS,
      endsAtMs: START_MS + ends * MS,
      createdBy: "test",
      comment: "test",
    });
  }
}

const alertsOf = ({ body }: Arrival) => body.alerts as readonly AlertJson[];

function expectBatch(
  arrived: readonly Arrival[],
  { between: [from, to], alerts }: Wanted,
  { id, toleranceMs }: { readonly id: string; readonly toleranceMs: number },
) {
  const inTime = arrived.filter(({ atMs }) => from * MS <= atMs && atMs <= to * MS);
  const what = `${id}: between ${from} and ${to}: ${JSON.stringify(inTime.map(alertsOf))}`;
  if (alerts.length === 0) return expect(inTime, what).toEqual([]);
  const isMet = inTime.some((arrival) => {
    const got = alertsOf(arrival);
    return (
      got.length === alerts.length &&
      alerts.every((wanted) => got.some((alert) => isSame(alert, wanted, toleranceMs)))
    );
  });
  expect(isMet, what).toBe(true);
}

function isSame(alert: AlertJson, wanted: TimelineAlert, toleranceMs: number): boolean {
  const sorted = (record: Readonly<Record<string, string>> = {}) =>
    JSON.stringify(Object.entries(record).sort());
  const [starts, ends] = wanted.active ?? [];
  const isNear = (text: string, timeS: number | undefined) =>
    timeS === undefined || Math.abs(Date.parse(text) - START_MS - timeS * MS) <= toleranceMs;
  const isEndRight =
    ends === undefined ? alert.endsAt === "0001-01-01T00:00:00Z" : isNear(alert.endsAt, ends);
  return (
    sorted(alert.labels) === sorted(wanted.labels) &&
    sorted(alert.annotations) === sorted(wanted.annotations) &&
    isNear(alert.startsAt, starts) &&
    isEndRight
  );
}
