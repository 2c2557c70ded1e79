/** Timelines of the rule manager: groups evaluated every 10 s on a virtual clock. */
import { expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import { BatchBuilder, QueryError, StorageError } from "../storage/index.ts";
import type { Answer } from "./testkit/rule-world.ts";
import { alerting, group, INTERVAL_MS, RuleWorld, recording } from "./testkit/rule-world.ts";

const MINUTE_MS = 60_000;

/** A result while `isOn` says so, by seconds after the first evaluation. */
function during(
  world: RuleWorld,
  isOn: (seconds: number) => boolean,
  labels: Record<string, string> = { job: "api" },
): Answer {
  return (timeMs) => (isOn((timeMs - world.startMs) / 1000) ? [[labels, 7]] : []);
}

test("a recording rule writes its name and labels, and marks what vanished as ended", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "sum(x)",
    during(world, (t) => t < 20, { __name__: "x", job: "api", gone: "1" }),
  );
  world.apply([group([recording("job:x:sum", "sum(x)", { team: "ml", gone: "" })])]);
  await world.at(40);
  expect(await world.samples("job:x:sum", { job: "api", team: "ml" })).toEqual([
    [0, 7],
    [10, 7],
    [20, "stale"],
  ]);
});

test("a rule sees what the one above it wrote", async () => {
  const world = new RuleWorld();
  const order: string[] = [];
  const seen: number[] = [];
  world.answers.set("first", () => {
    order.push("first");
    return [[{}, 1]];
  });
  world.answers.set("second", () => {
    order.push("second");
    seen.push(world.store.stats().sampleCount);
    return [];
  });
  world.apply([group([recording("a", "first"), recording("b", "second")])]);
  await world.at(0);
  expect(order).toEqual(["first", "second"]);
  expect(seen).toEqual([1]);
});

test("a failing rule keeps its series alive, says why, and does not stop the next", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  world.answers.set("y", () => [[{}, 2]]);
  world.apply([group([recording("a", "x"), recording("b", "y")])]);
  await world.at(0);
  world.answers.delete("x");
  await world.at(10);
  expect(await world.samples("a")).toEqual([[0, 1]]);
  expect((await world.samples("b")).length).toBe(2);
  const [status] = world.manager.groups();
  expect(status?.rules.map(({ health, lastError }) => [health, lastError])).toEqual([
    ["err", "no answer to x"],
    ["ok", ""],
  ]);
  expect(world.registry.expose()).toContain(
    'prometheus_rule_evaluation_failures_total{rule_group="f.yml;g"} 1',
  );
});

test("results that become the same series are refused", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [
    [{ a: "1" }, 1],
    [{ a: "2" }, 2],
  ]);
  world.apply([
    group([
      recording("r", "x", { a: "" }),
      alerting("A", "x", { labels: { a: "same" } }),
      recording("ok", "x"),
    ]),
  ]);
  await world.at(0);
  expect(world.manager.groups()[0]?.rules.map(({ lastError }) => lastError)).toEqual([
    "vector contains metrics with the same labelset after applying rule labels",
    "vector contains metrics with the same labelset after applying alert labels",
    "",
  ]);
});

test("an alert is pending for `for`, then fires, then is resolved", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "x > 5",
    during(world, (t) => t < 50),
  );
  world.apply([group([alerting("Hot", "x > 5", { forMs: 20_000, labels: { severity: "page" } })])]);
  const stateAt = async (seconds: number) => {
    await world.at(seconds);
    return world.manager.groups()[0]?.rules.map((rule) => "state" in rule && rule.state);
  };
  expect(world.manager.groups()[0]?.rules).toMatchObject([{ state: "unknown" }]);
  expect(await stateAt(0)).toEqual(["pending"]);
  expect(await stateAt(10)).toEqual(["pending"]);
  expect(world.sent).toEqual([]);
  expect(await stateAt(20)).toEqual(["firing"]);
  expect(world.manager.alerts()).toMatchObject([{ state: "firing", activeAtMs: world.startMs }]);
  expect(await stateAt(50)).toEqual(["inactive"]);

  expect(await world.samples("ALERTS", { alertstate: "pending" })).toEqual([
    [0, 1],
    [10, 1],
    [20, "stale"],
  ]);
  expect(await world.samples("ALERTS", { alertstate: "firing", job: "api" })).toEqual([
    [20, 1],
    [30, 1],
    [40, 1],
    [50, "stale"],
  ]);
  const activeAt = world.startMs / 1000;
  expect((await world.samples("ALERTS_FOR_STATE", { alertname: "Hot" })).slice(0, 2)).toEqual([
    [0, Math.floor(activeAt)],
    [10, Math.floor(activeAt)],
  ]);

  const labels = Labels.from({ alertname: "Hot", job: "api", severity: "page" });
  const firingMs = world.startMs + 20_000;
  expect(world.sent).toEqual([
    {
      atMs: firingMs,
      alerts: [
        {
          labels,
          annotations: {},
          startsAtMs: firingMs,
          endsAtMs: firingMs + 4 * MINUTE_MS,
          generatorUrl: "http://pyrometer.example/p/graph?g0.expr=x+%3E+5&g0.tab=1",
        },
      ],
    },
    {
      atMs: world.startMs + 50_000,
      alerts: [expect.objectContaining({ labels, endsAtMs: world.startMs + 50_000 })],
    },
  ]);
});

test("a firing alert is sent again after the resend delay, a resolved one for 15 minutes", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "x",
    during(world, (t) => t < 100),
  );
  world.apply([group([alerting("A", "x")])]);
  await world.at(100);
  const seconds = () => world.sent.map(({ atMs }) => (atMs - world.startMs) / 1000);
  expect(seconds()).toEqual([0, 70, 100]);
  await world.at(2000);
  // Every 70 s, the first tick past a minute, until 15 minutes after it was resolved.
  expect(seconds().slice(3)).toEqual([170, 240, 310, 380, 450, 520, 590, 660, 730, 800, 870, 940]);
  expect(new Set(world.sent.slice(2).map(({ alerts }) => alerts[0]?.endsAtMs))).toEqual(
    new Set([world.startMs + 100_000]),
  );
});

test("keep_firing_for bridges a gap, and an alert that comes back starts a new life", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "x",
    during(world, (t) => t < 20 || t === 40 || t === 100),
  );
  world.apply([group([alerting("A", "x", { keepFiringForMs: 30_000 })])]);
  await world.at(30);
  expect(world.manager.alerts()).toMatchObject([
    { state: "firing", keepFiringSinceMs: world.startMs + 20_000 },
  ]);
  await world.at(60);
  expect(world.manager.alerts()).toMatchObject([{ keepFiringSinceMs: world.startMs + 50_000 }]);
  await world.at(80);
  expect(world.manager.alerts()).toEqual([]);
  await world.at(100);
  expect(world.manager.alerts()).toMatchObject([{ activeAtMs: world.startMs + 100_000 }]);
});

test("a pending alert that ends before it is due is forgotten and never sent", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "x",
    during(world, (t) => t < 20),
  );
  world.apply([group([alerting("A", "x", { forMs: 60_000 })])]);
  await world.at(200);
  expect(world.sent).toEqual([]);
  expect(await world.samples("ALERTS")).toEqual([
    [0, 1],
    [10, 1],
    [20, "stale"],
  ]);
});

test("templates see labels, value, external labels and queries", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{ __name__: "x", gpu: "3" }, 0.25]]);
  world.answers.set("y", () => [[{ node: "n1" }, 42]]);
  const annotations = {
    a: "GPU {{ $labels.gpu }} of {{ $externalLabels.cluster }}: {{ $value | humanizePercentage }}",
    b: '{{ with query "y" }}{{ (. | first).Labels.node }}={{ . | first | value }}{{ end }}',
    c: "{{ .Labels.nope }}|{{ .Value }}|{{ externalURL }}|{{ pathPrefix }}",
    d: '{{ query "broken" }}',
  };
  world.apply([group([alerting("A", "x", { labels: { on: "{{ $labels.gpu }}" }, annotations })])]);
  await world.at(0);
  const [alert] = world.manager.alerts();
  expect(alert?.labels.toRecord()).toEqual({ alertname: "A", gpu: "3", on: "3" });
  expect(alert?.annotations).toEqual({
    a: "GPU 3 of c1: 25%",
    b: "n1=42",
    c: "|0.25|http://pyrometer.example/p/|/p",
    d:
      "<error expanding template: error executing template __alert_A: template: __alert_A:1:3: " +
      'executing "__alert_A" at <query "broken">: error calling query: no answer to broken>',
  });
  expect(world.registry.expose()).toContain(
    'pyrometer_rules_template_failures_total{rule_group="f.yml;g"} 1',
  );
});

test("limits: over its group's limit a rule fails and its alerts start over", async () => {
  const world = new RuleWorld();
  let count = 1;
  world.answers.set("x", () =>
    Array.from({ length: count }, (_, i) => [{ i: String(i) }, 1] as const),
  );
  world.apply([group([recording("r", "x"), alerting("A", "x")], { limit: 2 })]);
  await world.at(0);
  count = 3;
  await world.at(10);
  expect(world.manager.groups()[0]?.rules.map(({ lastError }) => lastError)).toEqual([
    "exceeded limit of 2 with 3 series",
    "exceeded limit of 2 with 3 alerts",
  ]);
  expect(world.manager.alerts()).toEqual([]);
});

test("a store that fails does not hold back an alert, nor forget which series to end", async () => {
  const world = new RuleWorld();
  world.answers.set(
    "x",
    during(world, (t) => t < 20),
  );
  world.apply([group([alerting("A", "x"), recording("r", "x")])]);
  await world.at(0);
  const { append } = world.store;
  world.store.append = () => Promise.reject(new StorageError("full", "Cannot append: disk full"));
  await world.at(20);
  expect(world.manager.groups()[0]?.rules.map(({ lastError }) => lastError)).toEqual([
    "Cannot append: disk full",
    "Cannot append: disk full",
  ]);
  expect(world.sent.at(-1)?.alerts[0]?.endsAtMs).toBe(world.startMs + 20_000);
  world.store.append = append;
  await world.at(30);
  expect((await world.samples("r")).at(-1)).toEqual([30, "stale"]);
});

test("query_offset: rules look back, and write there", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  world.apply([group([recording("r", "x")], { queryOffsetMs: 5_000 })]);
  await world.at(0);
  expect(world.queries).toEqual([{ expr: "x", timeMs: world.startMs - 5_000 }]);
  expect(await world.samples("r")).toEqual([[-5, 1]]);
});

test("a slow evaluation leaves out the times it ran over, and counts them", async () => {
  let answer = () => {};
  const asked: number[] = [];
  const world: RuleWorld = new RuleWorld({
    backend: {
      instant: ({ timeMs }) => {
        asked.push((timeMs - world.startMs) / 1000);
        const value = { kind: "scalar", timeMs, value: 1 } as const;
        return new Promise((resolve) => {
          answer = () => resolve({ value, annotations: [] });
        });
      },
      range: () => Promise.reject(new Error("not asked")),
    },
  });
  world.apply([group([recording("r", "x")])]);
  await world.at(35);
  answer();
  await world.at(36);
  expect(asked).toEqual([0, 30]);
  expect(world.registry.expose()).toContain(
    'prometheus_rule_group_iterations_missed_total{rule_group="f.yml;g"} 2',
  );
  answer();
  await world.at(45);
  expect(asked).toEqual([0, 30, 40]);
});

test("reload: an unchanged group runs on, a changed one keeps its alerts", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  const alert = alerting("A", "x", { forMs: 30_000 });
  world.apply([group([alert])]);
  await world.at(10);
  world.apply([group([alert])]);
  await world.at(20);
  expect(world.queries.length).toBe(3);
  world.apply([group([recording("r", "x"), { ...alert, annotations: { new: "{{ $value }}" } }])]);
  await world.at(30);
  expect(world.manager.alerts()).toMatchObject([
    { state: "firing", activeAtMs: world.startMs, annotations: { new: "1" } },
  ]);
});

test("reload: two in a row hand the state on", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  world.apply([group([alerting("A", "x")])]);
  await world.at(0);
  world.apply([group([alerting("A", "x", { annotations: { a: "1" } })])]);
  world.apply([group([alerting("A", "x", { annotations: { a: "2" } })])]);
  await world.at(10);
  expect(world.manager.alerts()).toMatchObject([
    { activeAtMs: world.startMs, annotations: { a: "2" } },
  ]);
});

test("reload: series of a removed rule and of a removed group are ended", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  world.apply([group([recording("a", "x"), recording("b", "x")])]);
  await world.at(0);
  world.apply([group([recording("b", "x")])]);
  await world.at(10);
  expect(await world.samples("a")).toEqual([
    [0, 1],
    [10, "stale"],
  ]);
  world.apply([]);
  await world.at(60);
  expect(await world.samples("b")).toEqual([
    [0, 1],
    [10, 1],
  ]); // the marker is dated back to the removal, at 10 s, where a sample stands already
  expect(world.registry.expose()).not.toContain('rule_group="f.yml;g"');
});

test("reload: a group's series end where it was removed", async () => {
  const world = new RuleWorld();
  world.answers.set("x", () => [[{}, 1]]);
  world.apply([group([recording("a", "x")])]);
  await world.at(3);
  world.apply([]);
  await world.at(3 + (2 * INTERVAL_MS) / 1000);
  expect(await world.samples("a")).toEqual([
    [0, 1],
    [3, "stale"],
  ]);
});

test("a restart restores since when a pending alert is active", async () => {
  const before = new RuleWorld();
  const ref = before.store.series(
    Labels.from({ __name__: "ALERTS_FOR_STATE", alertname: "A", job: "api" }),
  );
  const batch = new BatchBuilder();
  // Active for 20 of 30 minutes when we went down, 5 minutes ago.
  const downMs = before.startMs - 5 * MINUTE_MS;
  batch.add(ref, downMs, (downMs - 20 * MINUTE_MS) / 1000);
  await before.store.append(batch);
  const world = new RuleWorld({ store: before.store });
  world.answers.set(
    "x",
    during(world, () => true),
  );
  world.apply([group([alerting("A", "x", { forMs: 30 * MINUTE_MS })])]);
  await world.at(0);
  expect(await world.samples("ALERTS")).toEqual([]);
  await world.at(20);
  // 10 minutes were left: as long as the grace, so the time away is added.
  const restored = { activeAtMs: downMs - 20 * MINUTE_MS + 5 * MINUTE_MS + 10_000 };
  expect(world.manager.alerts()).toMatchObject([{ state: "pending", ...restored }]);
  expect(await world.samples("ALERTS")).toEqual([[20, 1]]);
});

test("stop() aborts the query under way, writes nothing more, and may be called twice", async () => {
  let aborted = false;
  const world = new RuleWorld({
    backend: {
      instant: ({ signal }) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => {
            aborted = true;
            reject(new QueryError("canceled", "the query was canceled"));
          });
        }),
      range: () => Promise.reject(new Error("not asked")),
    },
  });
  world.apply([group([recording("a", "x")])]);
  await world.at(0);
  await world.manager.stop();
  await world.manager.stop();
  expect(aborted).toBe(true);
  await world.at(100);
  expect(world.store.stats().sampleCount).toBe(0);
});
