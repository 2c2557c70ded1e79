/** What bodies in protobuf mean. To add behaviour, add rows; messages are written by ../testkit. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { FloatHistogram } from "../../model/index.ts";
import {
  compactHistogram,
  createHistogram,
  equalHistograms,
  printHistogram,
} from "../../model/index.ts";
import type { FamilySpec, HistogramSpec, MetricSpec } from "../testkit/protobuf.ts";
import { encodeFamilies, PROTOBUF_CONTENT_TYPE } from "../testkit/protobuf.ts";
import type { ExpositionHandler, LabelPairs } from "../types.ts";
import { isProtobufContentType, parseProtobuf } from "./parse-protobuf.ts";

interface Options {
  readonly native?: boolean;
  readonly classicToo?: boolean;
}

/** What a handler is told, as lines; the second scrape of the same must be the same. */
function told(body: Uint8Array, { native = true, classicToo = false }: Options = {}) {
  const histograms: FloatHistogram[] = [];
  const known = new Map<string, string>();
  let lines: string[] = [];
  const printed = (pairs: LabelPairs) =>
    pairs.map(([name, value]) => (name === "__name__" ? value : `${name}=${value}`)).join(" ");
  const at = (timeMs: number | undefined) => (timeMs === undefined ? "" : ` @${timeMs}`);
  const handler: ExpositionHandler<string> = {
    lookup: (text) => known.get(text),
    add: (text, pairs) => {
      known.set(text, printed(pairs));
      return printed(pairs);
    },
    sample: (series, value, timeMs) => lines.push(`${series}: ${value}${at(timeMs)}`),
    metadata: ({ kind, metric, ...rest }) =>
      lines.push(`# ${kind} ${metric} ${"type" in rest ? rest.type : rest.text}`),
    exemplar: ({ labels, value, timeMs }) =>
      lines.push(`exemplar ${printed(labels)}: ${value}${at(timeMs)}`),
    start: (startMs) => lines.push(`since ${startMs}`),
    histogram: (series, histogram, { timeMs, startMs }) => {
      histograms.push(histogram);
      const since = startMs === undefined ? "" : ` since ${startMs}`;
      lines.push(`${series}: ${printHistogram(histogram)}${at(timeMs)}${since}`);
    },
  };
  const problem = parseProtobuf(body, { handler, native, classicToo });
  const first = lines;
  lines = [];
  const seriesCount = known.size;
  parseProtobuf(body, { handler, native, classicToo });
  expect(lines).toEqual(first);
  expect(known.size).toBe(seriesCount);
  return { lines: first, histograms, problem };
}

const family = (type: number, ...metrics: MetricSpec[]): FamilySpec => ({
  name: "m",
  type,
  metrics,
});

const CLASSIC: HistogramSpec = {
  count: 7,
  sum: 3.5,
  buckets: [
    { upper: 0.5, count: 2 },
    { upper: 1, count: 5, exemplar: { labels: { id: "a" }, value: 0.7, timeMs: 1500 } },
  ],
};
const NATIVE: HistogramSpec = {
  count: 6,
  sum: 9,
  schema: 3,
  zeroThreshold: 0.001,
  zeroCount: 1,
  positive: { spans: [{ offset: 0, length: 2 }], deltas: [2, 1] },
};
const CLASSIC_LINES = [
  "m_count: 7",
  "m_sum: 3.5",
  "m_bucket le=0.5: 2",
  "exemplar id=a: 0.7 @1500",
  "m_bucket le=1.0: 5",
  "m_bucket le=+Inf: 7",
];
const NATIVE_LINE =
  "m: {count:6, sum:9, [-0.001,0.001]:1, (0.9170040432046711,1]:2, (1,1.0905077326652577]:3}";

const BODIES: readonly (readonly [string, FamilySpec, readonly string[], Options?])[] = [
  [
    "a counter with labels, times, start and exemplar",
    family(0, {
      labels: { b: "1", a: "" },
      value: 12,
      timeMs: 5000,
      startMs: 1234,
      exemplar: { labels: { id: "x" }, value: 1 },
    }),
    ["exemplar id=x: 1", "since 1234", "m b=1 a=: 12 @5000"],
  ],
  [
    "a gauge",
    family(1, { value: -1.5 }, { labels: { a: "é→" }, value: 0 }),
    ["m: -1.5", "m a=é→: 0"],
  ],
  ["an untyped metric", family(3, { value: NaN }), ["m: NaN"]],
  [
    "a summary",
    family(2, {
      startMs: 10,
      summary: {
        count: 3,
        sum: 6,
        quantiles: [
          [0.5, 2],
          [1, 3],
        ],
      },
    }),
    ["since 10", "m_count: 3", "since 10", "m_sum: 6", "m quantile=0.5: 2", "m quantile=1.0: 3"],
  ],
  ["a classic histogram without the last bucket", family(4, { histogram: CLASSIC }), CLASSIC_LINES],
  [
    "a classic histogram of fractions, with the last bucket",
    family(4, {
      histogram: { countFloat: 2.5, sum: 1, buckets: [{ upper: Infinity, countFloat: 2.5 }] },
    }),
    ["m_count: 2.5", "m_sum: 1", "m_bucket le=+Inf: 2.5"],
  ],
  [
    "a bound as Go prints it",
    family(4, { histogram: { buckets: [{ upper: 1e6 }] } }),
    ["m_count: 0", "m_sum: 0", "m_bucket le=1e+06: 0", "m_bucket le=+Inf: 0"],
  ],
  [
    "a native histogram",
    family(4, { timeMs: 9, startMs: 8, histogram: NATIVE }),
    [`${NATIVE_LINE} @9 since 8`],
  ],
  [
    "a native histogram with the classic one beside it",
    family(4, { histogram: { ...CLASSIC, ...NATIVE } }),
    ["exemplar id=a: 0.7 @1500", NATIVE_LINE],
  ],
  [
    "both, when both are wanted",
    family(4, { histogram: { ...NATIVE, buckets: [{ upper: 1, count: 3 }] } }),
    [NATIVE_LINE, "m_count: 6", "m_sum: 9", "m_bucket le=1.0: 3", "m_bucket le=+Inf: 6"],
    { classicToo: true },
  ],
  [
    "the classic part alone, when native ones are not wanted",
    family(4, { histogram: { ...NATIVE, ...CLASSIC } }),
    CLASSIC_LINES,
    { native: false },
  ],
  [
    "exemplars of its own; those without a time are left out",
    family(4, {
      histogram: {
        ...NATIVE,
        buckets: CLASSIC.buckets!,
        exemplars: [
          { labels: { id: "b" }, value: 1, timeMs: 2000 },
          { labels: { id: "c" }, value: 2 },
        ],
      },
    }),
    ["exemplar id=b: 1 @2000", NATIVE_LINE],
  ],
  [
    "a histogram of fractions, with both sides and gaps, one number per field",
    family(4, {
      histogram: {
        countFloat: 7.5,
        sum: 2,
        schema: 0,
        zeroThreshold: 0.5,
        zeroCountFloat: 0.5,
        positive: {
          spans: [
            { offset: 1, length: 1 },
            { offset: 2, length: 1 },
          ],
          counts: [1.5, 2.5],
          packed: false,
        },
        negative: { spans: [{ offset: 2, length: 1 }], counts: [3] },
      },
    }),
    ["m: {count:7.5, sum:2, [-4,-2):3, [-0.5,0.5]:0.5, (1,2]:1.5, (8,16]:2.5}"],
  ],
  [
    "one without observations, known by its empty span",
    family(4, { histogram: { positive: { spans: [{ offset: 0, length: 0 }] } } }),
    ["m: {count:0, sum:0}"],
  ],
  [
    "buckets finer than schema 8, in those of schema 8",
    family(4, {
      histogram: {
        count: 3,
        sum: 3,
        schema: 10,
        positive: { spans: [{ offset: 1, length: 5 }], deltas: [1, -1, 0, 0, 2] },
      },
    }),
    ["m: {count:3, sum:3, (1,1.0027112750502025]:1, (1.0027112750502025,1.0054299011128027]:2}"],
  ],
  [
    "the finest buckets there are",
    family(4, {
      histogram: {
        count: 1,
        sum: 1,
        schema: 52,
        positive: { spans: [{ offset: 5, length: 1 }], deltas: [1] },
      },
    }),
    ["m: {count:1, sum:1, (1,1.0027112750502025]:1}"],
  ],
];

for (const [name, spec, expected, options] of BODIES) {
  test(name, () => {
    const { lines, problem } = told(encodeFamilies([spec]), options);
    expect(problem).toBeUndefined();
    expect(lines.filter((line) => !line.startsWith("#"))).toEqual(expected);
  });
}

test("a gauge histogram is known as a gauge, also when it is reduced", () => {
  const positive = { spans: [{ offset: 0, length: 1 }], deltas: [2] };
  const histogram = { count: 2, sum: 1, schema: 9, positive };
  const { histograms, lines } = told(encodeFamilies([family(5, { histogram })]));
  expect(histograms.map((one) => one.counterResetHint)).toEqual(["gauge", "gauge"]);
  expect(lines).toContain("# type m gaugehistogram");
});

test("help, unit and type are told once per family, also when they stand behind its metrics", () => {
  const metrics = [{ value: 1 }];
  const body = encodeFamilies([
    { name: "a_bytes", help: "How\nmany.", unit: "bytes", type: 0, metrics },
    { name: "empty", type: 0, metrics: [] },
    { name: "é.b", type: 1, metrics },
  ]);
  expect(told(body).lines).toEqual([
    "# help a_bytes How\nmany.",
    "# unit a_bytes bytes",
    "# type a_bytes counter",
    "a_bytes: 1",
    "# help é.b ",
    "# type é.b gauge",
    "é.b: 1",
  ]);
});

const native = (changes: Partial<HistogramSpec>) =>
  family(4, { histogram: { ...NATIVE, ...changes } });

const FAULTS: readonly (readonly [string, FamilySpec, string])[] = [
  ["no name", { ...family(1, { value: 1 }), name: "" }, "it has no valid name"],
  ["a type that is none", family(9, { value: 1 }), "unknown metric type 9"],
  ["a label without a name", family(1, { labels: { "": "x" } }), '"" is no label name'],
  [
    "a second name",
    family(1, { labels: { __name__: "x" } }),
    'the label "__name__" is given twice',
  ],
  ["no histogram", family(4, {}), "a metric has no histogram"],
  [
    "spans that do not fit the buckets",
    native({ positive: { spans: [{ offset: 0, length: 3 }], deltas: [2, 1] } }),
    "positive side: spans need 3 buckets, have 2 buckets",
  ],
  [
    "a bucket below zero",
    native({ positive: { spans: [{ offset: 0, length: 2 }], deltas: [2, -3] } }),
    "positive side: bucket number 2 has observation count of -1",
  ],
  ["counts that do not add up", native({ count: 7 }), "6 observations found in buckets, but the"],
  [
    "fewer observations than in the buckets, some of them NaN",
    native({ count: 5, sum: NaN }),
    "should be at least the number of observations",
  ],
  ["a schema that nobody knows", native({ schema: 53 }), "histogram has an invalid schema"],
  [
    "custom buckets without bounds",
    native({ schema: -53, zeroCount: 0, zeroThreshold: 0 }),
    "custom",
  ],
];

test.each(FAULTS)("a family with %s ends the reading", (_, spec, expected) => {
  const good = { ...family(1, { value: 1 }), name: "good" };
  const body = encodeFamilies([good, spec]);
  const { lines, problem } = told(body);
  expect(lines).toContain("good: 1");
  expect(problem).toMatchObject({ code: "exposition/protobuf", familyIndex: 1 });
  expect(problem?.offsetBytes).toBe(encodeFamilies([good]).length);
  expect(problem?.message).toMatch(/^Cannot read metric family 1( "m")? at byte \d+ of the/);
  expect(problem?.message).toContain(expected);
});

test("observations of NaN are in no bucket", () => {
  expect(told(encodeFamilies([native({ count: 8, sum: NaN })])).problem).toBeUndefined();
});

test("a body cut short anywhere is an error or a whole number of families, never more", () => {
  const specs = [native({}), family(2, { summary: { count: 1, sum: 1, quantiles: [[0, 1]] } })];
  const body = encodeFamilies(specs);
  const wholeBytes = [0, encodeFamilies(specs.slice(0, 1)).length];
  for (let length = 0; length < body.length; length++) {
    const { problem } = told(body.subarray(0, length));
    expect(problem === undefined, `${length} bytes`).toBe(wholeBytes.includes(length));
  }
});

test("bytes of any kind are read or refused, and nothing else happens", () => {
  const body = encodeFamilies([native(CLASSIC), family(0, { labels: { a: "b" }, value: 1 })]);
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.nat(255), (at, byte) => {
      const changed = body.slice();
      changed[at] = byte;
      told(changed, { classicToo: true });
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void told(bytes)));
});

const side = fc
  .array(fc.record({ gap: fc.nat(4), counts: fc.array(fc.nat(1000), { maxLength: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((runs) => fc.record({ runs: fc.constant(runs), first: fc.integer({ min: -40, max: 40 }) }))
  .map(({ runs, first }) => ({
    spans: runs.map(({ gap, counts }, i) => ({
      offset: i === 0 ? first : gap,
      length: counts.length,
    })),
    counts: runs.flatMap(({ counts }) => counts),
  }));

test("a histogram that is written and read is the same, whole or in fractions", () => {
  const any = fc.record({
    schema: fc.integer({ min: -4, max: 8 }),
    sum: fc.double({ noNaN: true }),
    zeroCount: fc.nat(2 ** 31),
    zeroThreshold: fc.double({ min: 0, max: 1, noNaN: true }),
    positive: side,
    negative: side,
    packed: fc.boolean(),
    isFloat: fc.boolean(),
  });
  fc.assert(
    fc.property(any, ({ isFloat, packed, positive, negative, zeroCount, ...rest }) => {
      const count = [...positive.counts, ...negative.counts].reduce((a, b) => a + b, zeroCount);
      const expected = createHistogram({
        ...rest,
        zeroCount,
        count,
        positiveSpans: positive.spans,
        positiveBuckets: Float64Array.from(positive.counts),
        negativeSpans: negative.spans,
        negativeBuckets: Float64Array.from(negative.counts),
      });
      const written = ({ spans, counts }: typeof positive) =>
        isFloat
          ? { spans, counts, packed }
          : { spans, packed, deltas: counts.map((one, i) => one - (counts[i - 1] ?? 0)) };
      const histogram = {
        ...rest,
        ...(isFloat ? { countFloat: count, zeroCountFloat: zeroCount } : { count, zeroCount }),
        positive: written(positive),
        negative: written(negative),
      };
      const { histograms, problem } = told(encodeFamilies([family(4, { histogram })]));
      expect(problem).toBeUndefined();
      expect(equalHistograms(histograms[0]!, compactHistogram(expected))).toBe(true);
    }),
  );
});

test("the format is known by its content type", () => {
  expect(isProtobufContentType(PROTOBUF_CONTENT_TYPE)).toBe(true);
  expect(isProtobufContentType("text/plain; version=0.0.4")).toBe(false);
});
