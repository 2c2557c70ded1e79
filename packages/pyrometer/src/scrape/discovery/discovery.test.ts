import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MS_PER_MINUTE } from "../../std/index.ts";
import { conformanceDir } from "../../std/testkit/conformance.ts";
import type { Discovery } from "../config/types.ts";
import { FetchError } from "../fetcher.ts";
import { FILE_POLL_MS } from "../limits.ts";
import { Harness, jobOf } from "../testkit/harness.ts";
import { readTargetGroups } from "./target-groups.ts";

const PATH = "/sd/targets.json";
const fromFiles: Discovery = { kind: "file", files: [PATH], refreshIntervalMs: 5 * MS_PER_MINUTE };

const SD_URL = "http://sd/targets";
const REFRESH_MS = 60_000;
const fromHttp: Discovery = {
  kind: "http",
  url: SD_URL,
  refreshIntervalMs: REFRESH_MS,
  http: { followRedirects: true },
};

const groups = (...addresses: string[]) => JSON.stringify([{ targets: addresses }]);

const instances = (harness: Harness) =>
  harness.manager.targets().active.map(({ labels }) => labels.get("instance"));

const problems = (harness: Harness) => harness.manager.problems().map(({ message }) => message);

test("a changed file changes the targets, a broken one keeps them and is reported", async () => {
  const harness = new Harness();
  harness.apply(jobOf({ discoveries: [fromFiles] }));
  await harness.clock.advance(0);
  expect(problems(harness)).toEqual([
    `Cannot find targets in "${PATH}": no such file, expected at least one`,
  ]);
  harness.files.set(PATH, groups("a:1", "b:1"));
  await harness.clock.advance(FILE_POLL_MS);
  expect([instances(harness), problems(harness)]).toEqual([["a:1", "b:1"], []]);

  harness.files.set(PATH, '[{"targets": ["a:1"], "labls": {}}]');
  await harness.clock.advance(FILE_POLL_MS);
  expect(instances(harness)).toEqual(["a:1", "b:1"]);
  expect(problems(harness)).toEqual([
    `${PATH}:1:23: Cannot read key "labls": field labls not found in type targetgroup.Group`,
  ]);
  expect(harness.counter('pyrometer_scrape_discovery_failures_total{kind="file"}')).toBe(1);

  harness.files.set(PATH, groups("b:1"));
  await harness.clock.advance(FILE_POLL_MS);
  expect([instances(harness), problems(harness)]).toEqual([["b:1"], []]);
  const [target] = harness.manager.targets().active;
  expect(target?.discoveredLabels.get("__meta_filepath")).toBe(PATH);

  harness.files.delete(PATH);
  await harness.clock.advance(FILE_POLL_MS);
  expect(instances(harness)).toEqual([]);
  await harness.manager.stop();
});

test("HTTP discovery asks at its interval and keeps the last good answer", async () => {
  const harness = new Harness();
  const json = { contentType: "application/json", body: Buffer.from(groups("a:1")) };
  harness.answers.set(SD_URL, json);
  harness.apply(jobOf({ discoveries: [fromHttp] }));
  await harness.clock.advance(0);
  expect(instances(harness)).toEqual(["a:1"]);
  const { headers } = harness.requests[0]!.request;
  expect(headers["x-prometheus-refresh-interval-seconds"]).toBe("60");

  for (const [answer, problem] of [
    [{ ...json, status: 503, statusText: "Service Unavailable" }, "503 Service Unavailable"],
    [{ ...json, contentType: "text/html" }, 'unsupported content type "text/html"'],
    [{ ...json, body: Buffer.from("[") }, "Cannot parse YAML"],
    [new FetchError("connection", "connection refused"), "connection refused"],
    ["hang" as const, "context deadline exceeded"],
  ] as const) {
    harness.answers.set(SD_URL, answer);
    await harness.clock.advance(2 * REFRESH_MS);
    expect(problems(harness)).toEqual([expect.stringContaining(problem)]);
    expect(instances(harness)).toEqual(["a:1"]);
  }

  harness.answers.set(SD_URL, { ...json, body: Buffer.from(groups("b:1")) });
  await harness.clock.advance(2 * REFRESH_MS);
  expect([instances(harness), problems(harness)]).toEqual([["b:1"], []]);
  await harness.manager.stop();
});

const dir = conformanceDir();
if (dir !== undefined) {
  test.each([
    ["file__fixtures__valid.json", ["localhost:9090", "example.org:443", "my.domain"]],
    ["file__fixtures__valid.yml", ["localhost:9090", "example.org:443", "my.domain"]],
    ["file__fixtures__valid2.yml", ["my.domain", "localhost:9090", "example.org:443"]],
    ["file__fixtures__valid3.yml", ["localhost:9090", "example.org:443", "my.domain"]],
    ["http__fixtures__http_sd.good.json", ["127.0.0.1:9090"]],
    ["file__fixtures__invalid_nil.json", undefined],
    ["file__fixtures__invalid_nil.yml", undefined],
  ])("Prometheus' fixture %s gives %j", (name, addresses) => {
    const text = readFileSync(join(dir, "scrapecfg/sd-fixtures", name), "utf8");
    const { groups, errors } = readTargetGroups({ name, text }, {});
    const found = groups?.flatMap(({ targets }) => targets.map(({ __address__ }) => __address__));
    expect([found, errors.length > 0]).toEqual([addresses, addresses === undefined]);
  });
}
