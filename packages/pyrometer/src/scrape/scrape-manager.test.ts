import fc from "fast-check";
import { expect, test } from "vitest";
import { Labels } from "../model/index.ts";
import type { RelabelRule } from "./config/types.ts";
import { FetchError } from "./fetcher.ts";
import type { FakeAnswer } from "./testkit/harness.ts";
import { Harness, INTERVAL_MS, jobOf, staticTargets } from "./testkit/harness.ts";

const URL_A = "http://a:80/metrics";

const rule = (changes: Partial<RelabelRule>): RelabelRule => ({
  action: "replace",
  sourceLabels: [],
  separator: ";",
  regex: "(.*)",
  targetLabel: "",
  replacement: "$1",
  modulus: 0,
  ...changes,
});

/** A job of one target, scraped `answers.length` times, with one answer each. */
async function scrapeEach(answers: readonly FakeAnswer[], changes = {}): Promise<Harness> {
  const harness = new Harness();
  harness.apply(jobOf(changes));
  for (const answer of answers) {
    harness.answers.set(URL_A, answer);
    await harness.clock.advance(INTERVAL_MS);
  }
  return harness;
}

const active = (harness: Harness) => harness.manager.targets().active[0]!;

test("a scrape stores its samples, and up and scrape_* beside them", async () => {
  const harness = await scrapeEach(['a 1\nb{x="y"} 2.5\n', 'a 2\nb{x="y"} +Inf\n']);
  expect(await harness.series("a|b")).toEqual([
    'a{instance="a:80", job="job"}: 1 2',
    'b{instance="a:80", job="job", x="y"}: 2.5 Infinity',
  ]);
  expect(await harness.series("up|scrape_.*")).toEqual([
    'scrape_duration_seconds{instance="a:80", job="job"}: 0 0',
    'scrape_samples_post_metric_relabeling{instance="a:80", job="job"}: 2 2',
    'scrape_samples_scraped{instance="a:80", job="job"}: 2 2',
    'scrape_series_added{instance="a:80", job="job"}: 2 0',
    'up{instance="a:80", job="job"}: 1 1',
  ]);
  expect(active(harness)).toMatchObject({ health: "up", lastError: "", scrapeUrl: URL_A });
});

test("a series that is gone from the next scrape ends with a staleness marker", async () => {
  const harness = await scrapeEach(["a 1\nb 1\n", "a 2\n", "a 3\nb 3\n"]);
  expect(await harness.series("a|b")).toEqual([
    'a{instance="a:80", job="job"}: 1 2 3',
    'b{instance="a:80", job="job"}: 1 stale 3',
  ]);
});

test("a series that stays under another text does not end", async () => {
  const harness = await scrapeEach(['a{x="1",y="2"} 1\n', 'a{y="2",x="1"} 2\n']);
  expect(await harness.series("a")).toEqual(['a{instance="a:80", job="job", x="1", y="2"}: 1 2']);
});

test.each<[string, FakeAnswer, string]>([
  [
    "refused",
    new FetchError("connection", "dial tcp a:80: connect: connection refused"),
    'Get "http://a:80/metrics": dial tcp a:80: connect: connection refused',
  ],
  ["hangs", "hang", 'Get "http://a:80/metrics": context deadline exceeded'],
  [
    "answers 500",
    { status: 500, statusText: "Internal Server Error" },
    "server returned HTTP status 500 Internal Server Error",
  ],
  [
    "sends garbage",
    "a 1\n<html>\n",
    'http://a:80/metrics:2:1: Cannot read "<html>": expected a metric name or {',
  ],
  [
    "sends bytes that are no UTF-8",
    { body: new Uint8Array([97, 32, 49, 10, 0xff]) },
    "http://a:80/metrics:2:1: Cannot read the body: it is not UTF-8, expected metrics as text",
  ],
  [
    "sends a label twice",
    'a{x="1",x="2"} 1\n',
    'http://a:80/metrics:1:9: Cannot read "a{x=\\"1\\",x=\\"2\\"} 1": the label "x" is given twice',
  ],
])("a target that %s is down, says why, and its series end", async (_, answer, lastError) => {
  const harness = await scrapeEach(["a 1\n", answer]);
  expect(active(harness)).toMatchObject({ health: "down", lastError });
  expect(await harness.series("a|up")).toEqual([
    'a{instance="a:80", job="job"}: 1 stale',
    'up{instance="a:80", job="job"}: 1 0',
  ]);
});

test("a failing target does not disturb its neighbours, and comes back", async () => {
  const harness = new Harness();
  harness.apply(jobOf({ discoveries: [staticTargets(["a:80", "b:80"])] }));
  harness.answers.set(URL_A, "hang");
  harness.answers.set("http://b:80/metrics", "x 1\n");
  await harness.clock.advance(3 * INTERVAL_MS);
  harness.answers.set(URL_A, "x 1\n");
  await harness.clock.advance(INTERVAL_MS);
  expect(await harness.series("up")).toEqual([
    'up{instance="a:80", job="job"}: 0 0 0 1',
    'up{instance="b:80", job="job"}: 1 1 1 1',
  ]);
});

test("targets spread over the interval, each keeps its place, and none overlaps itself", async () => {
  const harness = new Harness();
  const addresses = [...Array(40).keys()].map((i) => `t${i}:80`);
  harness.apply(jobOf({ discoveries: [staticTargets(addresses)] }));
  await harness.clock.advance(2 * INTERVAL_MS);
  expect(harness.requests.length).toBe(80);
  for (const address of addresses) {
    const own = harness.requests.filter(({ url }) => url === `http://${address}/metrics`);
    expect(own.map(({ atMs }) => atMs - own[0]!.atMs)).toEqual([0, INTERVAL_MS]);
  }
  const phases = new Set(
    harness.requests.map(({ atMs }) => Math.floor((atMs % INTERVAL_MS) / 1000)),
  );
  expect(phases.size).toBeGreaterThan(7);
});

test("honor_labels decides whose label stays; an empty one keeps the target's away", async () => {
  const body = 'a{job="own",instance="",exported_job="older"} 1\n';
  const overruled = await scrapeEach([body]);
  expect(await overruled.series("a")).toEqual([
    'a{exported_exported_job="own", exported_job="older", instance="a:80", job="job"}: 1',
  ]);
  const honoured = await scrapeEach([body], { honorLabels: true });
  expect(await honoured.series("a")).toEqual(['a{exported_job="older", job="own"}: 1']);
});

test("own timestamps are kept and not marked stale, unless told otherwise", async () => {
  const own = 1_000_000_000_001;
  const answers = [`a 1 ${own}\n`, ""];
  const kept = await scrapeEach(answers);
  expect(await kept.series("a")).toEqual(['a{instance="a:80", job="job"}: 1']);
  const tracked = await scrapeEach(answers, { trackTimestampsStaleness: true });
  expect(await tracked.series("a")).toEqual(['a{instance="a:80", job="job"}: 1 stale']);
  const ignored = await scrapeEach(answers, { honorTimestamps: false });
  expect(await ignored.series("a")).toEqual(['a{instance="a:80", job="job"}: 1 stale']);
});

test("a sample from far ahead is left out and counted", async () => {
  const harness = await scrapeEach(["a 1 2000000000000\nb 1\n"]);
  expect(await harness.series("a|b")).toEqual(['b{instance="a:80", job="job"}: 1']);
  const name = 'pyrometer_scrape_rejected_samples_total{reason="too-far-ahead"}';
  expect(harness.counter(name)).toBe(1);
});

test("samples that the store rejects are counted, their neighbours stay", async () => {
  const harness = await scrapeEach(["a 1\na 2\nb 1\n"]);
  expect(await harness.series("a|b|up")).toEqual([
    'a{instance="a:80", job="job"}: 1',
    'b{instance="a:80", job="job"}: 1',
    'up{instance="a:80", job="job"}: 1',
  ]);
  expect(harness.counter('pyrometer_scrape_rejected_samples_total{reason="duplicate"}')).toBe(1);
});

test("metric_relabel_configs drop and rename; dropped series count as scraped only", async () => {
  const metricRelabel = [
    rule({ action: "drop", sourceLabels: ["__name__"], regex: "b" }),
    rule({ sourceLabels: ["__name__"], regex: "c", targetLabel: "__name__", replacement: "d" }),
  ];
  const harness = await scrapeEach(["a 1\nb 1\nc 1\n", "a 1\nb 1\nc 1\n"], { metricRelabel });
  expect(await harness.series("a|b|c|d|scrape_samples_.*")).toEqual([
    'a{instance="a:80", job="job"}: 1 1',
    'd{instance="a:80", job="job"}: 1 1',
    'scrape_samples_post_metric_relabeling{instance="a:80", job="job"}: 2 2',
    'scrape_samples_scraped{instance="a:80", job="job"}: 3 3',
  ]);
});

test.each([
  [{ sampleLimit: 1 }, "sample limit exceeded"],
  [{ labelLimit: 3 }, 'label_limit exceeded (metric: "b", number of labels: 4, limit: 3)'],
  [
    { labelNameLengthLimit: 8 },
    'label_name_length_limit exceeded (metric: "b", label name: "long_name", length: 9, limit: 8)',
  ],
  [
    { labelValueLengthLimit: 4 },
    'label_value_length_limit exceeded (metric: "b", label name: "long_name", length: 5, limit: 4)',
  ],
  [
    { targetLimit: 1, discoveries: [staticTargets(["a:80", "b:80"])] },
    "target_limit exceeded (number of targets: 2, limit: 1)",
  ],
])("a job over %j stores nothing of the scrape and says so", async (limits, lastError) => {
  const harness = await scrapeEach(['a 1\nb{long_name="12345"} 1\n'], limits);
  expect(active(harness)).toMatchObject({ health: "down", lastError });
  expect(await harness.series("a|b")).toEqual([]);
  const up = await harness.series("up");
  expect(up[0]).toBe('up{instance="a:80", job="job"}: 0');
});

test("a scrape sends what Prometheus sends", async () => {
  const harness = await scrapeEach(["a 1\n"], {
    protocols: ["OpenMetricsText1.0.0", "PrometheusText0.0.4"],
    params: { module: ["http", "x"] },
    discoveries: [staticTargets(["a:80"], { __param_target: "t/1" })],
  });
  const { url, request } = harness.requests[0]!;
  expect(url).toBe("http://a:80/metrics?module=http&module=x&target=t%2F1");
  expect(request.headers).toMatchObject({
    accept:
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.4",
    "accept-encoding": "gzip",
    "x-prometheus-scrape-timeout-seconds": "4",
    "user-agent": expect.stringContaining("Pyrometer/"),
  });
});

test("metadata tells type and help, and forgets what is gone", async () => {
  const body = "# HELP a How\\nmany.\n# TYPE a counter\na 1\n";
  const harness = await scrapeEach([body]);
  const target = active(harness).labels;
  expect(harness.manager.metadata()).toEqual([
    { metric: "a", type: "counter", help: "How\nmany.", unit: "", target },
  ]);
  harness.answers.set(URL_A, "b 1\n");
  await harness.clock.advance(4 * INTERVAL_MS);
  expect(harness.manager.metadata()).toEqual([]);
});

test("an unchanged job keeps its loops and caches over a reload; a gone one ends", async () => {
  const harness = await scrapeEach(["a 1\n"]);
  harness.apply(jobOf({ discoveries: [staticTargets(["a:80", "b:80"])] }));
  harness.answers.set("http://b:80/metrics", "a 1\n");
  await harness.clock.advance(INTERVAL_MS);
  harness.apply(jobOf({ discoveries: [staticTargets(["b:80"])] }));
  await harness.clock.advance(INTERVAL_MS);
  expect(await harness.series("a|up|scrape_series_added")).toEqual([
    'a{instance="a:80", job="job"}: 1 1 stale',
    'a{instance="b:80", job="job"}: 1 1',
    'scrape_series_added{instance="a:80", job="job"}: 1 0 stale',
    'scrape_series_added{instance="b:80", job="job"}: 1 0',
    'up{instance="a:80", job="job"}: 1 1 stale',
    'up{instance="b:80", job="job"}: 1 1',
  ]);
});

test("a changed job starts anew", async () => {
  const harness = await scrapeEach(["a 1\n"]);
  harness.apply(jobOf({ metricsPath: "/other" }));
  harness.answers.set("http://a:80/other", "a 1\n");
  await harness.clock.advance(INTERVAL_MS);
  expect(await harness.series("a")).toEqual(['a{instance="a:80", job="job"}: 1 stale 1']);
});

test("stop ends all series, also while a scrape hangs, and nothing happens after", async () => {
  const harness = await scrapeEach(["a 1\n", "a 2\n"]);
  harness.answers.set(URL_A, "hang");
  while (harness.requests.length < 3) await harness.clock.advance(100);
  await harness.manager.stop();
  const requestCount = harness.requests.length;
  await harness.clock.advance(10 * INTERVAL_MS);
  expect(harness.requests.length).toBe(requestCount);
  expect(await harness.series("a|up")).toEqual([
    'a{instance="a:80", job="job"}: 1 2 stale',
    'up{instance="a:80", job="job"}: 1 1 stale',
  ]);
  await harness.manager.stop();
});

test("the same target twice is scraped once and reported", async () => {
  const discoveries = [staticTargets(["a:80"]), staticTargets(["a:80"]), staticTargets(["a:80"])];
  const harness = await scrapeEach(["a 1\n"], { discoveries });
  expect(harness.requests.length).toBe(1);
  expect(harness.manager.problems().map(({ code, message }) => [code, message])).toEqual([
    [
      "scrape/duplicate-target",
      'Cannot scrape http://a:80/metrics twice as {instance="a:80", job="job"} in job "job": another target has the same labels and URL, it is scraped once',
    ],
    ["scrape/duplicate-target", expect.any(String)],
  ]);
});

test("targets of two jobs with the same labels are reported", async () => {
  const harness = new Harness();
  const relabel = [rule({ targetLabel: "job", replacement: "same" })];
  harness.apply(jobOf({ relabel }), jobOf({ jobName: "other", relabel, metricsPath: "/m" }));
  expect(harness.manager.problems()).toMatchObject([
    { code: "scrape/duplicate-target", severity: "warning", job: "other" },
  ]);
});

test("dropped targets are kept with what discovery said, up to the limit", async () => {
  const harness = new Harness();
  harness.apply(
    jobOf({
      keepDroppedTargets: 1,
      relabel: [rule({ action: "drop", sourceLabels: ["__meta_env"], regex: "dev" })],
      discoveries: [
        staticTargets(["a:80", "b:80"], { __meta_env: "dev" }),
        staticTargets(["c:80"]),
      ],
    }),
  );
  const { active, dropped } = harness.manager.targets();
  expect(active.map(({ labels }) => labels.toRecord())).toEqual([{ instance: "c:80", job: "job" }]);
  expect(dropped.map(({ discoveredLabels }) => discoveredLabels.get("__address__"))).toEqual([
    "a:80",
  ]);
});

test("labels of a target may set its path, scheme, interval and timeout; wrong ones are reported", () => {
  const harness = new Harness();
  const odd = { __scheme__: "https", __metrics_path__: "/p", __scrape_interval__: "1m", a: "b" };
  harness.apply(
    jobOf({
      discoveries: [
        staticTargets(["a:1"], { ...odd, __scrape_timeout__: "30s" }),
        staticTargets(["b:1"], { __scrape_interval__: "soon" }),
        staticTargets(["c:1"], { __scrape_timeout__: "11s" }),
        staticTargets(["d:1/metrics"]),
        staticTargets([""]),
      ],
    }),
  );
  expect(harness.manager.targets().active).toMatchObject([
    { scrapeUrl: "https://a:1/p", intervalMs: 60_000, timeoutMs: 30_000 },
  ]);
  const problems = harness.manager.problems().map(({ message }) => message.split('job "job": ')[1]);
  expect(problems).toEqual([
    expect.stringContaining("error parsing scrape interval"),
    'scrape timeout cannot be greater than scrape interval ("11s" > "10s")',
    '"d:1/metrics" is not a valid hostname',
    "no address",
  ]);
});

test("globalUrl names this machine as others reach it", () => {
  const harness = new Harness();
  const discoveries = [staticTargets(["127.0.0.1:80", "localhost:90", "other:80"])];
  harness.manager.apply([jobOf({ discoveries })], {
    externalLabels: Labels.EMPTY,
    externalUrl: "https://pyro.example/x",
  });
  expect(harness.manager.targets().active.map(({ globalUrl }) => globalUrl)).toEqual([
    "http://pyro.example:80/metrics",
    "http://pyro.example:90/metrics",
    "http://other:80/metrics",
  ]);
});

test("whatever comes and goes, a series has its samples, and one marker at each end", async () => {
  const NAMES = ["a", "b", "c"];
  // A scrape is the series it shows, each written in one of two ways; or it fails.
  const shown = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom("x{}", "x"));
  const scrape = fc.option(shown, { freq: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(scrape, { maxLength: 12 }), async (scrapes) => {
      const bodies = scrapes.map((series) =>
        series === null
          ? new FetchError("connection", "refused")
          : Object.entries(series)
              .map(([name, form]) => `${form.replace("x", name)} 1\n`)
              .join(""),
      );
      const harness = await scrapeEach(bodies);
      const wanted = NAMES.map((name) => {
        const isThere = scrapes.map((series) => series !== null && name in series);
        const told = isThere.map((is, i) => (is ? "1" : isThere[i - 1] ? "stale" : ""));
        return `${name}: ${told.filter((one) => one !== "").join(" ")}`;
      }).filter((line) => !line.endsWith(": "));
      const stored = await harness.series("[abc]");
      expect(stored.map((line) => line.replace(/{.*}/, ""))).toEqual(wanted);
    }),
    { numRuns: 60 },
  );
});
