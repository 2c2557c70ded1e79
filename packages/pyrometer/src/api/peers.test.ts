/** The real promtool and amtool, where this machine has them, against a listening API. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestApi } from "./testkit/test-api.ts";
import { createTestApi, NOW_SECONDS } from "./testkit/test-api.ts";

const run = promisify(execFile);
const TIMEOUT_MS = 15_000;

let api: TestApi;
let url = "";

beforeAll(async () => {
  api = await createTestApi();
  url = await api.app.listen({ host: "127.0.0.1", port: 0 });
});

afterAll(() => api.app.close());

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(program, args, { timeout: TIMEOUT_MS });
  return stdout;
}

/** Other people's machines need not have the peers; ours do, and see it said when they lose them. */
function describeWith(program: string, cases: () => void): void {
  if (existsSync(program)) return void describe(program, cases);
  process.stderr.write(`NOT RUN: no ${program} on this machine to try the API with\n`);
}

describeWith("/usr/bin/promtool", () => {
  const promtool = (...args: readonly string[]) => outputOf("/usr/bin/promtool", args);
  const span = [`--start=${NOW_SECONDS - 15}`, `--end=${NOW_SECONDS}`];

  test("query instant", async () => {
    const output = await promtool("query", "instant", `--time=${NOW_SECONDS}`, url, "up");
    expect(output).toBe(
      [
        `up{instance="a:1", job="api"} => 1 @[${NOW_SECONDS}]`,
        `up{instance="b:2", job="db"} => 0 @[${NOW_SECONDS}]`,
        "",
      ].join("\n"),
    );
  });

  test("query range", async () => {
    const output = await promtool("query", "range", ...span, "--step=15s", url, 'up{job="api"}');
    expect(output).toContain(`1 @[${NOW_SECONDS - 15}]\n1 @[${NOW_SECONDS}]`);
  });

  test("query series and labels", async () => {
    const series = await promtool("query", "series", "--match=up", ...span, url);
    expect(series).toContain('{__name__="up", instance="a:1", job="api"}');
    expect(await promtool("query", "labels", ...span, url, "job")).toBe("api\ndb\n");
  });

  test("a query that does not parse is told as bad_data", async () => {
    const failed = promtool("query", "instant", url, "sum(");
    await expect(failed).rejects.toThrow(/bad_data: invalid parameter "query": .*parse error/);
  });

  test("check metrics finds nothing to say about our own", async () => {
    const { body } = await api.app.inject("/metrics");
    const checked = run("/usr/bin/promtool", ["check", "metrics"], { timeout: TIMEOUT_MS });
    checked.child.stdin?.end(body);
    expect(await checked).toEqual({ stdout: "", stderr: "" });
  });
});

describeWith("/usr/bin/amtool", () => {
  const amtool = (...args: readonly string[]) =>
    outputOf("/usr/bin/amtool", [`--alertmanager.url=${url}`, ...args]);

  test("alert add, alert query, config show", async () => {
    await amtool("alert", "add", "alertname=Down", "job=db", "--annotation=summary=It is down");
    expect(await amtool("alert", "-o", "extended")).toMatch(
      /alertname="Down".*summary="It is down"/,
    );
    expect(await amtool("alert", "query", "job=~d.")).toContain("Down");
    expect(await amtool("alert", "query", "job=api")).not.toContain("Down");
    expect(await amtool("config", "show")).toContain("receiver: team");
  });

  test("silence add, query, expire", async () => {
    // amtool reckons by the real clock, which is ahead of ours: the silence is a pending one.
    const added = ["silence", "add", "alertname=Hush", "-c", "quiet", "-a", "me", "-d", "24h"];
    const id = (await amtool(...added)).trim();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await amtool("silence", "query", "-q")).toContain(id);
    await amtool("silence", "expire", id);
    expect(await amtool("silence", "query", "-q")).not.toContain(id);
  });
});
