/** Native histograms, from a target's body in protobuf to the store. */
import { expect, test } from "vitest";
import type { MetricSpec } from "../exposition/testkit/protobuf.ts";
import { encodeFamilies, PROTOBUF_CONTENT_TYPE } from "../exposition/testkit/protobuf.ts";
import { createMatcher } from "../model/index.ts";
import { createSampleBuffer } from "../storage/index.ts";
import type { ScrapeConfig } from "./config/types.ts";
import { Harness, INTERVAL_MS, jobOf } from "./testkit/harness.ts";

const URL_A = "http://a:80/metrics";
const HISTOGRAM_TYPE = 4;

const LATENCY: MetricSpec = {
  labels: { path: "/" },
  startMs: 4000,
  histogram: {
    count: 3,
    sum: 4.5,
    schema: 0,
    zeroThreshold: 0.1,
    zeroCount: 1,
    positive: { spans: [{ offset: 1, length: 1 }], deltas: [2] },
    buckets: [{ upper: 2, count: 3 }],
  },
};
const PRINTED = "{count:3, sum:4.5, [-0.1,0.1]:1, (1,2]:2}";

const body = (...metrics: MetricSpec[]) =>
  encodeFamilies([
    { name: "up_for", type: 1, metrics: [{ value: 1 }] },
    { name: "latency", type: HISTOGRAM_TYPE, help: "How long.", metrics },
  ]);

/** A job of one target, scraped `bodies.length` times, with one body each. */
async function scrapeEach(bodies: readonly Uint8Array[], changes: Partial<ScrapeConfig> = {}) {
  const harness = new Harness();
  harness.apply(jobOf({ protocols: ["PrometheusProto"], nativeHistograms: true, ...changes }));
  for (const one of bodies) {
    harness.answers.set(URL_A, { body: one, contentType: PROTOBUF_CONTENT_TYPE });
    await harness.clock.advance(INTERVAL_MS);
  }
  return harness;
}

const lastError = ({ manager }: Harness) => manager.targets().active[0]?.lastError;

test("a native histogram is asked for, read and stored, with its labels and its start", async () => {
  const harness = await scrapeEach([body(LATENCY), body(LATENCY)]);
  expect(lastError(harness)).toBe("");
  expect(harness.requests[0]?.request.headers.accept).toBe(
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,*/*;q=0.5",
  );
  expect(await harness.series("latency.*|up_for")).toEqual([
    `latency{instance="a:80", job="job", path="/"}: ${PRINTED} ${PRINTED}`,
    'up_for{instance="a:80", job="job"}: 1 1',
  ]);
  const metadata = harness.manager.metadata().map(({ metric, type, help }) => [metric, type, help]);
  expect(metadata).toContainEqual(["latency", "histogram", "How long."]);
  const view = await harness.store.open(0, Number.MAX_SAFE_INTEGER);
  const [cursor] = view.select([createMatcher("__name__", "=", "latency")]);
  const buffer = createSampleBuffer(2, { histograms: true, startTimes: true });
  expect(cursor?.read(-1, Number.MAX_SAFE_INTEGER, buffer)).toBe(2);
  expect([...buffer.startTimesMs!]).toEqual([4000, 4000]);
  view.close();
});

test("a histogram that vanishes ends with the marker of histograms", async () => {
  const harness = await scrapeEach([body(LATENCY), body(), body(LATENCY)]);
  expect(await harness.series("latency")).toEqual([
    `latency{instance="a:80", job="job", path="/"}: ${PRINTED} stale histogram ${PRINTED}`,
  ]);
  await harness.manager.stop();
  expect((await harness.series("latency"))[0]).toMatch(/ stale histogram$/);
  expect((await harness.series("up_for"))[0]).toMatch(/ stale$/);
});

test("the classic buckets are stored beside it, when the job wants them always", async () => {
  const harness = await scrapeEach([body(LATENCY)], { alwaysClassicHistograms: true });
  expect(await harness.series("latency.*")).toEqual([
    `latency{instance="a:80", job="job", path="/"}: ${PRINTED}`,
    'latency_bucket{instance="a:80", job="job", le="+Inf", path="/"}: 3',
    'latency_bucket{instance="a:80", job="job", le="2.0", path="/"}: 3',
    'latency_count{instance="a:80", job="job", path="/"}: 3',
    'latency_sum{instance="a:80", job="job", path="/"}: 4.5',
  ]);
});

test("a job that wants none gets the classic buckets from protobuf, too", async () => {
  const harness = await scrapeEach([body(LATENCY)], { nativeHistograms: false });
  expect(await harness.series("latency")).toEqual([]);
  expect(await harness.series("latency_count")).toHaveLength(1);
});

test("a histogram counts as one sample for the limit", async () => {
  const other = { ...LATENCY, labels: { path: "/other" } };
  const within = await scrapeEach([body(LATENCY)], { sampleLimit: 2 });
  expect(lastError(within)).toBe("");
  const over = await scrapeEach([body(LATENCY, other)], { sampleLimit: 2 });
  expect(lastError(over)).toBe("sample limit exceeded");
  expect(await over.series("latency")).toEqual([]);
});

test("a histogram that contradicts itself fails the scrape, and nothing of it is stored", async () => {
  const wrong = { ...LATENCY, histogram: { ...LATENCY.histogram, count: 4 } };
  const harness = await scrapeEach([body(wrong)]);
  expect(lastError(harness)).toContain('Cannot read metric family 1 "latency" at byte ');
  expect(await harness.series("latency|up_for")).toEqual([]);
  expect(harness.counter('pyrometer_scrape_failures_total{reason="parse"}')).toBe(1);
});

test("a histogram of too many buckets is made coarser, or fails the scrape when it cannot be", async () => {
  const positive = { spans: [{ offset: 1, length: 2 }], deltas: [1, 0] };
  const large = { ...LATENCY, histogram: { ...LATENCY.histogram, positive } };
  const coarser = await scrapeEach([body(large)], { bucketLimit: 1 });
  expect((await coarser.series("latency"))[0]).toContain("[-0.1,0.1]:1, (1,4]:2}");
  const negative = { spans: [{ offset: 1, length: 1 }], deltas: [1] };
  const both = { ...LATENCY.histogram, count: 4, negative };
  const failed = await scrapeEach([body({ histogram: both })], { bucketLimit: 1 });
  expect(lastError(failed)).toBe("histogram bucket limit exceeded");
  expect(await failed.series("latency|up_for")).toEqual([]);
});
