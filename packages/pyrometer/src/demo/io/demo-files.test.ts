import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { SCENARIO_NAMES, SCENARIO_TEXTS } from "../scenarios.ts";
import { demoFiles, writeDemoFiles } from "./demo-files.ts";

const OPTIONS = {
  metricsTargets: [
    { job: "ml-inference", url: "http://127.0.0.1:9090/metrics" },
    { job: "dcgm-exporter", url: "http://127.0.0.1:41001/metrics" },
  ],
  serverUrl: "http://127.0.0.1:41002",
  isGpuSimulated: true,
};

async function textOf(path: string, options = OPTIONS): Promise<string> {
  return (await demoFiles(options)).find((file) => file.path === path)!.text;
}

test("the files have this run's addresses, also when a port is another's usual one", async () => {
  const { scrape_configs } = parse(await textOf("prometheus.yml"));
  const targets = scrape_configs.map((job: { static_configs: { targets: string[] }[] }) => {
    return job.static_configs[0]!.targets[0];
  });
  expect(targets).toEqual(["127.0.0.1:9090", "127.0.0.1:41001", "127.0.0.1:41002"]);
  const { receivers } = parse(await textOf("alertmanager.yml"));
  for (const { webhook_configs } of receivers) {
    expect(webhook_configs[0].url).toBe("http://127.0.0.1:41002/api/pyrometer/v1/inbox");
  }
});

test("panels say that GPUs are simulated exactly when they are", async () => {
  const path = join("dashboards", "model-and-gpus.json");
  expect(
    JSON.parse(await textOf(path)).panels.map(({ title }: { title: string }) => title),
  ).toContain("GPU power (simulated)");
  expect(await textOf(path, { ...OPTIONS, isGpuSimulated: false })).not.toContain("simulated)");
});

test("every fault's alert is in the rules", async () => {
  const { groups } = parse(await textOf("alert_rules.yml"));
  const alerts = groups.flatMap(({ rules }: { rules: { alert: string }[] }) =>
    rules.map((r) => r.alert),
  );
  for (const name of SCENARIO_NAMES) expect(alerts).toContain(SCENARIO_TEXTS[name].expects);
});

test("panels do not overlap and stay within the 24 columns", async () => {
  interface Place {
    x: number;
    y: number;
    w: number;
    h: number;
  }
  const { panels } = JSON.parse(await textOf(join("dashboards", "model-and-gpus.json")));
  const taken = new Set<string>();
  for (const { title, gridPos } of panels as { title: string; gridPos: Place }[]) {
    const { x, y, w, h } = gridPos;
    expect(x + w, title).toBeLessThanOrEqual(24);
    for (let i = 0; i < w * h; i++) {
      const cell = `${x + (i % w)},${y + Math.floor(i / w)}`;
      expect(taken.has(cell), `${title} at ${cell}`).toBe(false);
      taken.add(cell);
    }
  }
});

test("files are written over those of the last run", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pyrometer-demo-"));
  try {
    await writeDemoFiles(directory, OPTIONS);
    await writeDemoFiles(directory, { ...OPTIONS, serverUrl: "http://127.0.0.1:41003" });
    expect(await readFile(join(directory, "alertmanager.yml"), "utf8")).toContain(
      "127.0.0.1:41003/",
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});
