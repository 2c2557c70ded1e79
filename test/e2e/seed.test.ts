/** The user's files, unchanged: rules record, alerts reach their receivers, panels draw. */
import { execFileSync, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../packages/pyrometer/src/server/index.ts";
import { silentLogger } from "../../packages/pyrometer/src/std/index.ts";
import { queryVector } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import type { HttpSink } from "../support/http-sink.ts";
import { startHttpSink } from "../support/http-sink.ts";
import type { PyrometerProcess } from "../support/pyrometer-process.ts";
import { runPyrometer, waitFor } from "../support/pyrometer-process.ts";
import { scaledClock } from "../support/scaled-clock.ts";
import type { GpuStandIn } from "../support/seed.ts";
import { seedDir, startGpus, startModel } from "../support/seed.ts";

const dir = seedDir();

const RECORDED = [
  "ml:inference_latency_p50:5m",
  "ml:inference_latency_p95:5m",
  "ml:inference_latency_p99:5m",
  "gpu:utilization:avg_by_node:5m",
  "gpu:memory_used_percent:5m",
  "ml:inference_throughput:5m",
];

const environmentFor = (sink: HttpSink) => ({
  SLACK_WEBHOOK_DEFAULT: `${sink.url}/slack-default`,
  SLACK_WEBHOOK_ML: `${sink.url}/slack-ml`,
  PAGERDUTY_KEY_INFRA: "0123456789abcdef0123456789abcdef",
});

describe.runIf(dir !== undefined)("pyrometer up on the seed's folder", () => {
  let sink: HttpSink;
  let gpus: GpuStandIn;
  let pyrometer: PyrometerProcess;
  let model: { close(): Promise<void> };
  let url: string;

  beforeAll(async () => {
    sink = await startHttpSink();
    gpus = await startGpus();
    model = (await startPythonModel(dir!)) ?? (await startModel());
    pyrometer = runPyrometer(
      [
        ...["up", dir!, "--web.listen-address", "127.0.0.1:0"],
        ...["--scrape-interval", "1s", "--evaluation-interval", "1s"],
        ...["--scrape-target", `dcgm-stand-in=${gpus.url}`],
      ],
      environmentFor(sink),
    );
    url = await pyrometer.ready();
  });

  afterAll(async () => {
    await pyrometer.stop();
    await Promise.all([sink.close(), gpus.close(), model.close()]);
  });

  test.each(RECORDED)("%s has series", async (name) => {
    const series = await waitFor(`series of ${name}`, 20_000, async () => {
      const found = (await queryVector(url, name)).filter(({ value }) => value[1] !== "NaN");
      return found.length > 0 && found;
    });
    expect(series[0]?.metric.__name__).toBe(name);
  });

  test("what is not honoured yet is a warning with its place, and nothing is refused", () => {
    expect(pyrometer.output()).toMatch(
      /warning: \S*prometheus\.yml:\d+:\d+: .*kubernetes_sd_configs/,
    );
    expect(pyrometer.output()).not.toContain("error:");
  });

  test("its dashboard draws all six panels in a browser", async () => {
    const browser = await launchBrowser();
    if (!browser) return;
    const page = await browser.newPage({ viewport: { width: 1440, height: 1200 } });
    await page.goto(url);
    await page.getByText("GPU Memory Used %").waitFor();
    await expectPanelsWithData(page, 6);
    await page.screenshot({ path: screenshotPath("seed-dashboard.png"), fullPage: true });
    await browser.close();
  });
});

describe.runIf(dir !== undefined)("the seed's alerts, at 120 times the speed of the world", () => {
  test("each fires and reaches the receiver that alertmanager.yml names, grouped as it says", async () => {
    const sink = await startHttpSink();
    const gpus = await startGpus();
    const model = await startModel();
    const clock = scaledClock(120);
    const server = await startServer({
      dir,
      clock,
      logger: silentLogger,
      listen: { host: "127.0.0.1", port: 0 },
      environment: environmentFor(sink),
      baseUrls: {
        pagerdutyV1: `${sink.url}/pagerduty`,
        pagerdutyV2: `${sink.url}/not-for-a-service-key`,
      },
      extraTargets: [{ job: "dcgm-stand-in", url: new URL(gpus.url) }],
      retentionMs: 6 * 3_600_000,
      isWatching: false,
      version: "test",
    });
    try {
      gpus.setMemoryUsed(0.97);
      const sentTo = (path: string) =>
        sink.received
          .filter((message) => message.path.startsWith(path))
          .map(({ body }) => JSON.stringify(body));
      await waitFor("GPUMemoryHigh at PagerDuty", 30_000, async () =>
        sentTo("/pagerduty").some(
          (body) => body.includes("GPU 0 memory critical") || body.includes("GPUMemoryHigh"),
        ),
      );
      expect(sentTo("/pagerduty")[0]).toContain("0123456789abcdef0123456789abcdef");
      await waitFor("InferenceLatencyHigh at the ML team's Slack", 30_000, async () =>
        sentTo("/slack-ml").some((body) => body.includes("InferenceLatencyHigh")),
      );
      expect(sentTo("/slack-ml")[0]).toContain("#ml-alerts");
      // `offset 1h` needs an hour before the drop: 30 s of this test.
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      model.setAccuracy(0.85);
      const both = await waitFor(
        "ModelAccuracyDegraded beside it, in one message",
        45_000,
        async () => sentTo("/slack-ml").find((body) => body.includes("[FIRING:2]")),
      );
      // The route has no group_by: whatever fires for the team comes in one message.
      expect(both).toContain("p99 latency spike for fraud_detector");
      expect(both).toContain("Model fraud_detector accuracy dropped");
      expect(sentTo("/slack-default")).toEqual([]);
      expect(sentTo("/not-for-a-service-key")).toEqual([]);
    } finally {
      await server.stop();
      await Promise.all([sink.close(), gpus.close(), model.close()]);
    }
  });
});

/** The article's own program, under a Python that has prometheus_client. */
async function startPythonModel(seed: string): Promise<{ close(): Promise<void> } | undefined> {
  const python = ["/usr/bin/python3", "python3"].find((name) => {
    try {
      execFileSync(name, ["-c", "import prometheus_client"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  if (python === undefined) {
    process.stderr.write(
      "NOT RUN: no Python with prometheus_client; a stand-in serves the model\n",
    );
    return undefined;
  }
  const child = spawn(python, [`${seed}/inference_app.py`, "8000"], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  return {
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function expectPanelsWithData(page: Page, panelCount: number): Promise<void> {
  const states = () =>
    page.$$eval("[data-panel-id]", (panels) =>
      panels.map((panel) => panel.getAttribute("data-panel-state")),
    );
  await waitFor(`${panelCount} panels with data`, 30_000, async () => {
    const now = await states();
    return now.length === panelCount && now.every((state) => state === "data");
  }).catch(async (error) => {
    throw new Error(`${error.message}; panels are ${(await states()).join(", ")}`);
  });
}

function screenshotPath(name: string): string {
  return fileURLToPath(new URL(`../../test-results/${name}`, import.meta.url));
}
