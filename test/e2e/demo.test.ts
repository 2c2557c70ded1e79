/** `npm start`, as a newcomer meets it: panels with live data, and every fault to its message. */
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getData, queryVector } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import type { PyrometerProcess } from "../support/pyrometer-process.ts";
import { childrenOf, runPyrometer, waitFor } from "../support/pyrometer-process.ts";

interface Scenario {
  readonly name: string;
  readonly expects: string;
  readonly active: boolean;
}

interface InboxEntry {
  readonly id: number;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: { readonly alertname?: string };
  }[];
}

describe("pyrometer demo", () => {
  let pyrometer: PyrometerProcess;
  let url: string;
  let browser: Browser | undefined;
  let page: Page | undefined;

  beforeAll(async () => {
    pyrometer = runPyrometer(["demo", "--web.listen-address", "127.0.0.1:0"]);
    url = await pyrometer.ready();
    browser = await launchBrowser();
    page = await browser?.newPage({ viewport: { width: 1440, height: 1400 } });
  });

  afterAll(async () => {
    await browser?.close();
    await pyrometer.stop();
  });

  test("prints its URL and one line per component", () => {
    const lines = pyrometer.output().split("\n");
    for (const component of ["scrape", "store", "rules", "alertmanager", "dashboards"]) {
      expect(lines.filter((line) => line.trim().startsWith(component))).toHaveLength(1);
    }
    expect(pyrometer.output()).toContain(`is ready: ${url}`);
  });

  test("every panel of its dashboard shows data, and the lines move", async () => {
    if (!page) return;
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(url);
    await waitFor("data in all panels", 30_000, () => allPanelsHaveData(page!));
    const before = await legends(page);
    // Not all: a steady clock and errors that stay at zero are rightly flat.
    await waitFor("new values in the legends of most charts", 20_000, async () => {
      const now = await legends(page!);
      return now.filter((text, index) => text !== before[index]).length > before.length / 2;
    });
    await page.screenshot({ path: resultPath("demo-dashboard.png"), fullPage: true });
    expect(errors).toEqual([]);
  });

  test("simulated GPUs are labelled on the page and on every GPU metric", async () => {
    const { simulatedGpu } = await getData<{ simulatedGpu: boolean }>(
      `${url}/api/pyrometer/v1/status`,
    );
    const expr = encodeURIComponent('{__name__=~"DCGM_.*|dcgm_.*"}');
    const series = await getData<Record<string, string>[]>(`${url}/api/v1/series?match[]=${expr}`);
    expect(series.length).toBeGreaterThan(0);
    expect(series.every(({ simulated }) => (simulated === "true") === simulatedGpu)).toBe(true);
    if (page && simulatedGpu)
      await page
        .getByText(/simulated/i)
        .first()
        .waitFor();
  });

  test.each(["drift", "slow", "errors", "gpu-thermal", "gpu-memory", "xid"])(
    "%s: its alert fires, reaches the inbox, and resolves",
    async (name) => {
      const { scenarios } = await getData<{ scenarios: Scenario[] }>(
        `${url}/api/pyrometer/v1/demo`,
      );
      const scenario = scenarios.find((one) => one.name === name);
      expect(scenario).toBeDefined();
      const alertname = scenario!.expects;
      await waitFor(
        `${alertname} to be quiet before`,
        60_000,
        async () => !(await isFiring(alertname)),
      );
      const before = (await getData<InboxEntry[]>(`${url}/api/pyrometer/v1/inbox`))[0]?.id ?? 0;
      await switchScenario(name, true);
      await waitFor(`${alertname} firing in the inbox`, 90_000, () =>
        inboxHas(alertname, "firing", before),
      );
      await switchScenario(name, false);
      await waitFor(`${alertname} resolved in the inbox`, 90_000, () =>
        inboxHas(alertname, "resolved", before),
      );
      if (page) {
        await page.goto(`${url}/inbox`);
        await page
          .locator(`[data-alertname="${alertname}"][data-status="resolved"]`)
          .first()
          .waitFor();
        await page.screenshot({ path: resultPath(`demo-inbox-${name}.png`) });
      }
    },
    200_000,
  );

  test("SIGINT ends everything in under two seconds and leaves no process behind", async () => {
    const children = childrenOf(pyrometer.child.pid!);
    const tookMs = await pyrometer.stop();
    expect(tookMs).toBeLessThan(2_000);
    expect(await pyrometer.exit).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
  });

  /** By hand on the page where there is one; through the API otherwise. */
  async function switchScenario(name: string, active: boolean): Promise<void> {
    if (page) {
      await page.goto(url);
      await page.getByRole("switch", { name: new RegExp(`^${name}\\b`) }).click();
    } else {
      await fetch(`${url}/api/pyrometer/v1/demo/scenarios/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ active }),
      });
    }
    await waitFor(`${name} to be ${active ? "on" : "off"}`, 5_000, async () => {
      const { scenarios } = await getData<{ scenarios: Scenario[] }>(
        `${url}/api/pyrometer/v1/demo`,
      );
      return scenarios.find((one) => one.name === name)?.active === active;
    });
  }

  async function inboxHas(alertname: string, status: string, afterId: number): Promise<boolean> {
    const entries = await getData<InboxEntry[]>(`${url}/api/pyrometer/v1/inbox`);
    return entries.some(
      ({ id, alerts }) =>
        id > afterId &&
        alerts.some((alert) => alert.labels.alertname === alertname && alert.status === status),
    );
  }

  async function isFiring(alertname: string): Promise<boolean> {
    return (await queryVector(url, `ALERTS{alertname="${alertname}"}`)).length > 0;
  }
});

async function allPanelsHaveData(page: Page): Promise<boolean> {
  const states = await page.$$eval("[data-panel-id]", (panels) =>
    panels.map((panel) => panel.getAttribute("data-panel-state")),
  );
  return states.length > 0 && states.every((state) => state === "data");
}

/** The text of each chart over time: its title and each line's last value. Axes are drawn, not text. */
function legends(page: Page): Promise<string[]> {
  return page.$$eval('[data-panel-kind="timeseries"]', (panels) =>
    panels.map((panel) => panel.textContent ?? ""),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function resultPath(name: string): string {
  return fileURLToPath(new URL(`../../test-results/${name}`, import.meta.url));
}
