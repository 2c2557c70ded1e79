/** Bad input of each kind, as it comes: the server goes on, and says what is wrong and where. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getData, queryVector } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import type { HttpSink } from "../support/http-sink.ts";
import { startHttpSink } from "../support/http-sink.ts";
import type { PyrometerProcess } from "../support/pyrometer-process.ts";
import { runPyrometer, waitFor } from "../support/pyrometer-process.ts";

const BIN = fileURLToPath(new URL("../../packages/pyrometer/bin/pyrometer.js", import.meta.url));

let dir: string;

beforeEach(() => {
  dir ??= mkdtempSync(join(tmpdir(), "pyrometer-bad-"));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

describe("files with faults: exit 1, file:line:col and a caret", () => {
  const rule = (expr: string) =>
    `groups:\n  - name: g\n    rules:\n      - record: a\n        expr: ${expr}\n`;

  test.each([
    ["broken YAML", "config", "global: [\n", /:\d+:\d+: Cannot parse YAML: /],
    [
      "an unknown key",
      "config",
      "global:\n  scrape_intervall: 5s\n",
      /:2:3: .*field scrape_intervall not found/,
    ],
    [
      "a bad duration",
      "config",
      "global:\n  scrape_interval: 5mm\n",
      /:2:20: Cannot parse duration "5mm": unknown unit "mm"/,
    ],
    [
      "a bad regex",
      "config",
      "scrape_configs:\n  - job_name: a\n    relabel_configs:\n      - regex: 'a('\n",
      /:4:16: .*missing closing \)/,
    ],
    ["a PromQL syntax error", "rules", rule("sum(rate(x[5m])"), /:5:\d+: .*/],
    ["a PromQL type error", "rules", rule("rate(x)"), /:5:\d+: .*expected type range vector/],
    [
      "a wrong receiver",
      "alertmanager",
      "route:\n  receiver: nobody\nreceivers: []\n",
      /:2:13: .*nobody/,
    ],
    ["no JSON", "dashboard", '{"panels": [}', /:1:\d+: /],
  ])("%s", (_, kind, text, wanted) => {
    const path = write(`${kind}.bad`, text);
    const { status, stderr } = spawnSync(process.execPath, [BIN, "check", kind, path], {
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(wanted);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(/^ *\d* ?\|? *\^+/m);
  });

  test("up refuses to start on them, with every fault at once", () => {
    const config = write("prometheus.yml", "global:\n  scrape_interval: 5mm\nscrape_config: []\n");
    const args = [BIN, "up", "--config.file", config, "--web.listen-address", "127.0.0.1:0"];
    const { status, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect(status).toBe(1);
    expect(stderr).toContain("prometheus.yml:2:20:");
    expect(stderr).toContain("prometheus.yml:3:1:");
    rmSync(config);
  });

  test("a wrong flag is a usage error that says what is wanted", () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [BIN, "up", "--scrape-interval", "fast"],
      { encoding: "utf8" },
    );
    expect(status).toBe(2);
    expect(stderr).toContain('Cannot parse duration "fast"');
  });
});

describe("a server among bad targets and receivers", () => {
  let pyrometer: PyrometerProcess;
  let url: string;
  let receiver: HttpSink;
  const servers: Server[] = [];

  beforeAll(async () => {
    dir ??= mkdtempSync(join(tmpdir(), "pyrometer-bad-"));
    receiver = await startHttpSink();
    receiver.behave(500);
    const garbage = await serve((response) => response.end("good 1\n<html>not metrics</html>\n"));
    const hang = await serve(() => {});
    const huge = await serve((response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      const chunk = Buffer.from(`${"a_metric_that_never_ends 1\n".repeat(40_000)}`);
      let sentBytes = 0;
      const push = () => {
        while (sentBytes < 1e9 && !response.destroyed) {
          sentBytes += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", push);
        }
        response.end();
      };
      push();
    });
    const good = await serve((response) => response.end("good_metric 1\n"));
    write(
      "prometheus.yml",
      `global: {scrape_interval: 1s, scrape_timeout: 800ms, evaluation_interval: 1s}
scrape_configs:
  - {job_name: garbage, static_configs: [{targets: ["${garbage}"]}]}
  - {job_name: hang, static_configs: [{targets: ["${hang}"]}]}
  - {job_name: huge, body_size_limit: 10MB, static_configs: [{targets: ["${huge}"]}]}
  - {job_name: nobody, static_configs: [{targets: ["127.0.0.1:1"]}]}
  - {job_name: good, static_configs: [{targets: ["${good}", "${good}"]}]}
`,
    );
    write(
      "my_rules.yml",
      "groups:\n  - name: g\n    rules:\n      - alert: GoodIsThere\n        expr: good_metric == 1\n        labels: {severity: page}\n",
    );
    write(
      "alertmanager.yml",
      `route: {receiver: bad, group_wait: 1s, group_interval: 1s, routes: [{receiver: good, matchers: ['severity="page"']}]}
receivers:
  - name: bad
    webhook_configs: [{url: "${receiver.url}/bad"}]
  - name: good
    webhook_configs: [{url: "${receiver.url}/good"}]
`,
    );
    pyrometer = runPyrometer(["up", dir, "--web.listen-address", "127.0.0.1:0"]);
    url = await pyrometer.ready();
  });

  afterEach(() => expect(pyrometer.child.exitCode).toBeNull());

  afterAll(async () => {
    await pyrometer.stop();
    await receiver.close();
    for (const server of servers) {
      if ("closeAllConnections" in server)
        (server as { closeAllConnections(): void }).closeAllConnections();
      server.close();
    }
  });

  async function serve(
    answer: (response: import("node:http").ServerResponse) => void,
  ): Promise<string> {
    const server = createServer((_, response) => answer(response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each([
    ["garbage", /2:\d+/],
    ["hang", /deadline exceeded/],
    ["huge", /body size limit/i],
    ["nobody", /connection refused|ECONNREFUSED/],
  ])("%s is down, and its error says why", async (job, why) => {
    const error = await waitFor(`${job} to be down`, 10_000, async () => {
      const { activeTargets } = await getData<{
        activeTargets: { scrapePool: string; health: string; lastError: string }[];
      }>(`${url}/api/v1/targets`);
      const target = activeTargets.find(({ scrapePool }) => scrapePool === job);
      return target?.health === "down" && target.lastError;
    });
    expect(error).toMatch(why);
  });

  test("the good target is scraped all the while, once though named twice", async () => {
    await waitFor(
      "the good metric",
      10_000,
      async () => (await queryVector(url, "good_metric")).length === 1,
    );
    expect(await queryVector(url, 'up{job="good"} == 1')).toHaveLength(1);
    const { problems } = await getData<{ problems: { code: string; message: string }[] }>(
      `${url}/api/pyrometer/v1/status`,
    );
    expect(problems).toContainEqual(expect.objectContaining({ code: "scrape/duplicate-target" }));
    const memory = readFileSync(`/proc/${pyrometer.child.pid}/status`, "utf8");
    const residentKib = Number(/VmRSS:\s+(\d+)/.exec(memory)?.[1]);
    expect(residentKib).toBeLessThan(600 * 1024);
  });

  test("a receiver that answers 500, then nothing, gets its message once it is well", async () => {
    const tried = async () => receiver.received.some(({ path }) => path === "/good");
    await waitFor("a first try, answered with 500", 15_000, tried);
    receiver.behave("hang");
    receiver.received.length = 0;
    await waitFor("a second try, not answered", 30_000, tried);
    receiver.behave(200);
    receiver.received.length = 0;
    await waitFor("the message, once it is well", 60_000, tried);
  });

  test("POST /-/reload with a bad file keeps the old configuration and says why", async () => {
    const path = join(dir, "my_rules.yml");
    const before = readFileSync(path, "utf8");
    writeFileSync(path, "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(\n");
    const response = await fetch(`${url}/-/reload`, { method: "POST" });
    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/my_rules\.yml:5:\d+: /);
    expect((await queryVector(url, "good_metric")).length).toBe(1);
    const { groups } = await getData<{ groups: { rules: { name: string }[] }[] }>(
      `${url}/api/v1/rules`,
    );
    expect(groups[0]?.rules[0]?.name).toBe("GoodIsThere");
    const browser = await launchBrowser();
    if (browser) {
      const page = await browser.newPage();
      await page.goto(`${url}/status`);
      await page
        .getByText(/my_rules\.yml:5:/)
        .first()
        .waitFor();
      await browser.close();
    }
    writeFileSync(path, before);
    expect((await fetch(`${url}/-/reload`, { method: "POST" })).status).toBe(200);
  });

  test("a wrong query is refused with its place; the server answers the next one", async () => {
    await expect(queryVector(url, "sum(rate(x[5m])")).rejects.toThrow(/1:\d+: parse error/);
    await expect(queryVector(url, "rate(x)")).rejects.toThrow(/expected type range vector/);
    expect(await queryVector(url, "vector(1)")).toHaveLength(1);
  });
});

test("a port in use: exit 1, saying which and what to do", async () => {
  const taken = createTcpServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const args = [BIN, "up", "--web.listen-address", `127.0.0.1:${port}`];
  const child = runPyrometer(args.slice(1));
  expect(await child.exit).toBe(1);
  expect(child.output()).toContain(
    `Cannot listen on 127.0.0.1:${port}: another program listens there`,
  );
  expect(child.output()).toContain("--web.listen-address");
  taken.close();
});
