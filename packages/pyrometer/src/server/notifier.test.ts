import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Registry } from "@pyrometer/client";
import { afterEach, expect, test, vi } from "vitest";
import { Labels } from "../model/index.ts";
import type { OutgoingAlert } from "../rules/index.ts";
import { silentLogger } from "../std/index.ts";
import { loadPrometheusConfig } from "./config-file/index.ts";
import type { Notifier } from "./notifier.ts";
import { createNotifier } from "./notifier.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function setUp(yaml: string): {
  notifier: Notifier;
  received: OutgoingAlert[];
  registry: Registry;
} {
  const received: OutgoingAlert[] = [];
  const registry = new Registry();
  const notifier = createNotifier({
    logger: silentLogger,
    registry,
    receive: (alerts) => received.push(...alerts),
  });
  const source = { name: "prometheus.yml", text: yaml };
  const { value, errors } = loadPrometheusConfig(source, {
    dir: "/",
    glob: () => [],
    readFile: () => "",
  });
  expect(errors).toEqual([]);
  notifier.apply(value!);
  closers.push(() => notifier.stop());
  return { notifier, received, registry };
}

function alert(labels: Record<string, string>): OutgoingAlert {
  return {
    labels: Labels.from(labels),
    annotations: { summary: "s" },
    startsAtMs: 1_000,
    endsAtMs: undefined,
    generatorUrl: "http://g",
  };
}

test("external labels are added where the rule set none, then alert_relabel_configs", () => {
  const { notifier, received } = setUp(`
global: {external_labels: {cluster: main, zone: eu}}
alerting:
  alert_relabel_configs:
    - {action: labeldrop, regex: zone}
    - {action: drop, source_labels: [alertname], regex: Noise}
`);
  notifier.send([
    alert({ alertname: "A", cluster: "mine" }),
    alert({ alertname: "B" }),
    alert({ alertname: "Noise" }),
  ]);
  expect(received.map(({ labels }) => labels.toRecord())).toEqual([
    { alertname: "A", cluster: "mine" },
    { alertname: "B", cluster: "main" },
  ]);
});

test("alerts reach an outside Alertmanager too; a dead one costs it nothing", async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      bodies.push(`${request.url} ${text}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => void server.close());
  const { port } = server.address() as AddressInfo;
  const { notifier, registry } = setUp(`
alerting:
  alertmanagers:
    - {path_prefix: /am, static_configs: [{targets: ["127.0.0.1:${port}"]}]}
    - {static_configs: [{targets: ["127.0.0.1:1"]}]}
`);
  notifier.send([alert({ alertname: "A" })]);
  await vi.waitFor(() => expect(bodies).toHaveLength(1));
  expect(bodies[0]).toContain("/am/api/v2/alerts ");
  expect(bodies[0]).toContain('"startsAt":"1970-01-01T00:00:01.000Z"');
  await vi.waitFor(() => {
    expect(registry.expose()).toContain(
      'prometheus_notifications_errors_total{alertmanager="http://127.0.0.1:1/api/v2/alerts"} 1',
    );
  });
});
