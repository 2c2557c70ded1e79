import fc from "fast-check";
import { expect, test } from "vitest";
import { createHistogram, Labels } from "../model/index.ts";
import type { QueryValue } from "../storage/index.ts";
import { encodeLabels, encodeQueryAnswer, encodeSeconds, encodeValue } from "./encode.ts";
import { ANSWER_CHUNK_LENGTH } from "./limits.ts";

// Wanted: what Prometheus 2.42 answers to vector(…).
test.each([
  [0, "0"],
  [-0, "-0"],
  [0.1, "0.1"],
  [1e-6, "0.000001"],
  [1e-7, "1e-07"],
  [-2.5e-10, "-2.5e-10"],
  [123456789012345680000, "123456789012345680000"],
  [1e21, "1e+21"],
  [5e-324, "5e-324"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [NaN, "NaN"],
])("encodeValue(%d) is %s", (value, wanted) => {
  expect(encodeValue(value)).toBe(wanted);
});

test.each([
  [0, "0"],
  [1_435_781_451_781, "1435781451.781"],
  [1_435_781_451_000, "1435781451"],
  [1_100, "1.100"],
  [7, "0.007"],
  [-1_500, "-1.500"],
])("encodeSeconds(%d) is %s", (timeMs, wanted) => {
  expect(encodeSeconds(timeMs)).toBe(wanted);
});

test("labels keep their order and their quotes", () => {
  const labels = Labels.from({ __name__: "a", "0": 'say "hi"\n', b: "é" });
  expect(encodeLabels(labels)).toBe('{"0":"say \\"hi\\"\\n","__name__":"a","b":"é"}');
  expect(encodeLabels(Labels.EMPTY)).toBe("{}");
});

const NOTHING = { stats: undefined, remarks: {} };

const HISTOGRAM = createHistogram({
  count: 12,
  sum: -1.5,
  zeroThreshold: 0.001,
  zeroCount: 2,
  positiveSpans: [{ offset: 1, length: 2 }],
  positiveBuckets: Float64Array.of(3, 0),
  negativeSpans: [{ offset: 0, length: 1 }],
  negativeBuckets: Float64Array.of(7),
});

// Wanted: the shapes of Prometheus 3.14, web/api/v1/json_codec_test.go.
test("native histograms stand beside numbers, by populated buckets from the lowest up", () => {
  const printed = {
    count: "12",
    sum: "-1.5",
    buckets: [
      [1, "-1", "-0.5", "7"],
      [3, "-0.001", "0.001", "2"],
      [0, "1", "2", "3"],
    ],
  };
  const histograms = [undefined, HISTOGRAM];
  const values = Float64Array.of(1, NaN);
  const labels = [Labels.from({ job: "a" }), Labels.EMPTY];
  expect(answer({ kind: "vector", timeMs: 1500, labels, values, histograms }).result).toEqual([
    { metric: { job: "a" }, value: [1.5, "1"] },
    { metric: {}, histogram: [1.5, printed] },
  ]);
  const timesMs = Float64Array.of(0, 1500);
  const mixed = { labels: Labels.EMPTY, timesMs, values, histograms };
  const only = {
    ...mixed,
    timesMs: timesMs.slice(1),
    values: values.slice(1),
    histograms: [HISTOGRAM],
  };
  expect(answer({ kind: "matrix", series: [mixed, only] }).result).toEqual([
    { metric: {}, values: [[0, "1"]], histograms: [[1.5, printed]] },
    { metric: {}, histograms: [[1.5, printed]] },
  ]);
  const empty = { ...only, histograms: [createHistogram()] };
  expect(answer({ kind: "matrix", series: [empty] }).result).toEqual([
    { metric: {}, histograms: [[1.5, { count: "0", sum: "0" }]] },
  ]);
});

test("each kind of result has Prometheus' shape", () => {
  const labels = [Labels.from({ job: "a" }), Labels.EMPTY];
  const values = new Float64Array([1, 2]);
  expect(answer({ kind: "vector", timeMs: 1500, labels, values })).toEqual({
    resultType: "vector",
    result: [
      { metric: { job: "a" }, value: [1.5, "1"] },
      { metric: {}, value: [1.5, "2"] },
    ],
  });
  expect(answer({ kind: "scalar", timeMs: 2000, value: NaN }).result).toEqual([2, "NaN"]);
  expect(answer({ kind: "scalar", timeMs: 1100, value: 1e-7 }).result).toEqual([1.1, "0.0000001"]);
  expect(answer({ kind: "string", timeMs: 2000, text: '"' }).result).toEqual([2, '"']);
  expect(answer({ kind: "matrix", series: [] }).result).toEqual([]);
});

test("warnings, infos and stats are there only when there are some", () => {
  const value: QueryValue = { kind: "scalar", timeMs: 0, value: 1 };
  const remarks = { warnings: ["w"], infos: ["i"] };
  const text = [...encodeQueryAnswer(value, { stats: { a: 1 }, remarks })].join("");
  expect(text).toBe(
    '{"status":"success","data":{"resultType":"scalar","result":[0,"1"],"stats":{"a":1}},' +
      '"warnings":["w"],"infos":["i"]}',
  );
});

test("any matrix comes back as it went in", () => {
  const sample = fc.tuple(fc.integer({ min: 0, max: 2 ** 41 }), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(fc.array(sample)), (rows) => {
      const series = rows.map((samples) => ({
        labels: Labels.EMPTY,
        timesMs: new Float64Array(samples.map(([timeMs]) => timeMs)),
        values: new Float64Array(samples.map(([, value]) => value)),
      }));
      const { result } = answer({ kind: "matrix", series });
      const read = (result as { values: [number, string][] }[]).map(({ values }) =>
        values.map(([seconds, text]) => [Math.round(seconds * 1000), fromText(text)]),
      );
      expect(read).toEqual(rows);
    }),
  );
});

test("a large answer comes in pieces of bounded length", () => {
  const length = 100_000;
  const timesMs = Float64Array.from({ length }, (_, i) => i * 1000);
  const series = [{ labels: Labels.EMPTY, timesMs, values: new Float64Array(length) }];
  const pieces = [...encodeQueryAnswer({ kind: "matrix", series }, NOTHING)];
  expect(pieces.length).toBeGreaterThan(3);
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(2 * ANSWER_CHUNK_LENGTH);
  expect(JSON.parse(pieces.join("")).data.result[0].values).toHaveLength(length);
});

function answer(value: QueryValue): { resultType: string; result: unknown } {
  return JSON.parse([...encodeQueryAnswer(value, NOTHING)].join("")).data;
}

function fromText(text: string): number {
  return text.endsWith("Inf") ? Number(text.replace("Inf", "Infinity")) : Number(text);
}
