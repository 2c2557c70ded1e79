/** Rules over the real engine and store: the seed's kinds of rules, from samples to sent alerts. */
import { expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import { createEngine } from "../promql/index.ts";
import { BatchBuilder, MemoryStore } from "../storage/index.ts";
import { loadRuleFile } from "./load-rule-file.ts";
import { RuleWorld } from "./testkit/rule-world.ts";

const RULES = `
groups:
- name: g
  interval: 10s
  rules:
  - record: gpu:memory_used_percent
    expr: |
      (used_bytes / (used_bytes + free_bytes)) * 100
  - record: gpu:busy:avg_by_node
    expr: avg(busy) by (node)
  - alert: GPUMemoryHigh
    expr: gpu:memory_used_percent > 95
    for: 20s
    labels:
      severity: critical
    annotations:
      summary: "GPU {{ $labels.gpu }} on {{ $labels.node }} at {{ $value }}%"
      others: '{{ range query "busy" | sortByLabel "gpu" }}{{ .Labels.gpu }}:{{ .Value }} {{ end }}'
  - alert: AlertsFiring
    expr: count(ALERTS{alertstate="firing", alertname="GPUMemoryHigh"}) > 0
`;

function newWorld(): RuleWorld {
  const store = new MemoryStore();
  const world = new RuleWorld({ store, backend: createEngine({ reader: store }) });
  const { value, errors } = loadRuleFile({ name: "rules.yml", text: RULES });
  expect(errors).toEqual([]);
  world.apply(value ?? []);
  return world;
}

/** Stores one sample per series, `at` seconds after the first evaluation. */
async function scrape(
  world: RuleWorld,
  at: number,
  series: readonly (readonly [Record<string, string>, number])[],
): Promise<void> {
  const batch = new BatchBuilder();
  for (const [labels, value] of series) {
    batch.add(world.store.series(Labels.from(labels)), world.startMs + at * 1000, value);
  }
  await world.store.append(batch);
}

const gpu = (name: string, index: string) => ({ __name__: name, gpu: index, node: "n1" });

test("recorded, alerted on, annotated, and alerted on again", async () => {
  const world = newWorld();
  for (let at = -1; at < 60; at += 10) {
    const used = at < 35 ? 97 : 50;
    await world.at(at);
    await scrape(world, at, [
      [gpu("used_bytes", "0"), used],
      [gpu("free_bytes", "0"), 100 - used],
      [gpu("used_bytes", "1"), 10],
      [gpu("free_bytes", "1"), 90],
      [gpu("busy", "1"), 30],
      [gpu("busy", "0"), 50],
    ]);
  }
  await world.at(60);
  expect(world.manager.groups()[0]?.rules.map(({ lastError }) => lastError)).toEqual([
    "",
    "",
    "",
    "",
  ]);
  expect(await world.samples("gpu:memory_used_percent", { gpu: "0" })).toEqual([
    [0, 97],
    [10, 97],
    [20, 97],
    [30, 97],
    [40, 50],
    [50, 50],
    [60, 50],
  ]);
  expect((await world.samples("gpu:busy:avg_by_node", { node: "n1" })).at(-1)).toEqual([60, 40]);
  // Pending at 0 s, firing at 20 s, over at 40 s; the rule below sees it in the same evaluation.
  const sent = world.sent.map(({ atMs, alerts: [alert] }) => [
    (atMs - world.startMs) / 1000,
    alert?.labels.get("alertname"),
    alert?.endsAtMs === atMs ? "resolved" : "firing",
  ]);
  expect(sent).toEqual([
    [20, "GPUMemoryHigh", "firing"],
    [20, "AlertsFiring", "firing"],
    [40, "GPUMemoryHigh", "resolved"],
    [40, "AlertsFiring", "resolved"],
  ]);
  expect(world.sent[0]?.alerts[0]?.annotations).toEqual({
    summary: "GPU 0 on n1 at 97%",
    others: "0:50 1:30 ",
  });
});

test("data that is gone ends the alert: no series, no result", async () => {
  const world = newWorld();
  await scrape(world, -1, [
    [gpu("used_bytes", "0"), 97],
    [gpu("free_bytes", "0"), 3],
  ]);
  await world.at(30);
  expect(world.manager.alerts().length).toBe(2);
  // Past the lookback of five minutes there is nothing to divide any more.
  await world.at(320);
  expect(world.manager.alerts()).toEqual([]);
  const samples = await world.samples("gpu:memory_used_percent", { gpu: "0" });
  expect(samples.at(-1)?.[1]).toBe("stale");
});
