import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponentialBound } from "./bounds.ts";
import { BucketCursor } from "./bucket-cursor.ts";
import { addCompensatedHistograms, addHistograms, subHistograms } from "./combine.ts";
import { detectReset } from "./detect-reset.ts";
import { equalHistograms } from "./equal.ts";
import type { CounterResetHint, FloatHistogram } from "./float-histogram.ts";
import {
  createHistogram,
  isStaleHistogram,
  STALE_HISTOGRAM,
  withCounterResetHint,
} from "./float-histogram.ts";
import { fromClassicHistogram } from "./from-classic.ts";
import { printHistogram, printHistogramNotation } from "./print.ts";
import { compactHistogram, mulHistogram, reduceHistogram } from "./scale.ts";
import { histogramFraction, histogramQuantile } from "./statistics.ts";
import { customHistogram, exponentialHistogram, histogramPair } from "./testkit/histograms.ts";
import { trimLower, trimUpper } from "./trim.ts";
import { histogramProblem } from "./validate.ts";

const anyHistogram = fc.oneof(exponentialHistogram, customHistogram);

describe("bounds", () => {
  test.each([
    [0, 0, 1],
    [0, 1, 2],
    [0, -1, 0.5],
    [1, 3, 2.82842712474619],
    [-1, 1, 4],
    [-4, 1, 65536],
    [8, 256, 2],
    [0, 1024, Number.MAX_VALUE],
    [0, 1025, Infinity],
    [-4, 64, Number.MAX_VALUE],
    [-4, 65, Infinity],
    [0, -1074, 5e-324],
    [0, -1075, 0],
  ])("schema %i ends bucket %i at %d", (schema, index, bound) => {
    expect(exponentialBound(schema, index)).toBe(bound);
  });

  test("two buckets of a schema are one bucket of the schema below", () => {
    for (let schema = -3; schema <= 8; schema++) {
      for (let index = -40; index <= 40; index++) {
        expect(exponentialBound(schema, 2 * index)).toBe(exponentialBound(schema - 1, index));
      }
    }
  });
});

describe("a walk over the buckets", () => {
  const histogram = createHistogram({
    zeroThreshold: 1.5,
    zeroCount: 5,
    positiveSpans: [{ offset: 1, length: 2 }],
    positiveBuckets: new Float64Array([1, 0]),
    negativeSpans: [{ offset: 1, length: 1 }],
    negativeBuckets: new Float64Array([7]),
  });
  const walk = (order: "ascending" | "descending") => {
    const seen: string[] = [];
    for (const cursor = new BucketCursor(histogram, order); cursor.next(); ) {
      const { lower, upper, isLowerInclusive, isUpperInclusive, count } = cursor;
      const [open, close] = [isLowerInclusive ? "[" : "(", isUpperInclusive ? "]" : ")"];
      seen.push(`${open}${lower},${upper}${close}:${count}`);
    }
    return seen;
  };

  test("goes up, with bounds cut at the zero bucket", () => {
    expect(walk("ascending")).toEqual(["[-2,-1.5):7", "[-1.5,1.5]:5", "(1.5,2]:1", "(2,4]:0"]);
  });

  test("or down", () => {
    expect(walk("descending")).toEqual(walk("ascending").reverse());
  });
});

describe("arithmetic", () => {
  test("adding is commutative", () => {
    fc.assert(
      fc.property(histogramPair, ([a, b]) => {
        const [ab, ba] = [addHistograms(a, b)!, addHistograms(b, a)!];
        expect(compactHistogram(ab.histogram)).toEqual(compactHistogram(ba.histogram));
        expect(ab.hasResetCollision).toBe(ba.hasResetCollision);
        expect(ab.hasReconciledBounds).toBe(ba.hasReconciledBounds);
      }),
    );
  });

  test("subtracting undoes adding, in the resolution that is left", () => {
    fc.assert(
      fc.property(histogramPair, ([a, b]) => {
        const sum = addHistograms(a, b)!.histogram;
        // What one more addition of nothing leaves of `a`: its buckets as the sum has them.
        const nothing = subHistograms(b, b)!.histogram;
        const left = subHistograms(sum, b)!.histogram;
        const wanted = addHistograms(a, nothing)!.histogram;
        expect(withoutHint(left)).toEqual(withoutHint(wanted));
      }),
    );
  });

  test("no count is lost: the buckets of a sum hold what those of both held", () => {
    fc.assert(
      fc.property(histogramPair, ([a, b]) => {
        const { histogram } = addHistograms(a, b)!;
        expect(total(histogram)).toBe(total(a) + total(b));
        expect(histogramProblem(histogram)).toBeUndefined();
      }),
    );
  });

  test("on whole counts a compensated sum is the sum, and nothing is to compensate", () => {
    fc.assert(
      fc.property(histogramPair, ([a, b]) => {
        const { histogram, compensation } = addCompensatedHistograms(a, b)!;
        expect(compactHistogram(histogram)).toEqual(
          compactHistogram(addHistograms(a, b)!.histogram),
        );
        expect([compensation.count, compensation.sum, total(compensation)]).toEqual([0, 0, 0]);
      }),
    );
  });

  test("a compensated sum keeps what rounding would lose", () => {
    const of = (count: number) =>
      createHistogram({
        count,
        sum: count,
        zeroCount: count,
        positiveSpans: [{ offset: 0, length: 1 }],
        positiveBuckets: new Float64Array([count]),
      });
    let sum = of(1);
    let compensation: FloatHistogram | undefined;
    for (const count of [1e100, 1, -1e100]) {
      const added = addCompensatedHistograms(sum, of(count), compensation)!;
      sum = added.histogram;
      compensation = added.compensation;
    }
    const { histogram } = addHistograms(sum, compensation!)!;
    expect(histogram).toEqual(of(2));
  });

  test("the operands stay as they are", () => {
    fc.assert(
      fc.property(histogramPair, ([a, b]) => {
        const before = structuredClone([a, b]);
        addHistograms(a, b);
        subHistograms(a, b);
        addCompensatedHistograms(a, b);
        detectReset(a, b);
        trimUpper(a, 1);
        expect([a, b]).toEqual(before);
      }),
    );
  });

  test("exponential and custom buckets do not add up", () => {
    const custom = createHistogram({ schema: -53 });
    const exponential = createHistogram();
    expect(addHistograms(custom, exponential)).toBeUndefined();
    expect(subHistograms(exponential, custom)).toBeUndefined();
    expect(addCompensatedHistograms(custom, exponential)).toBeUndefined();
  });

  test("a zero bucket widens to the end of the bucket it would cut", () => {
    const narrow = createHistogram({
      count: 6,
      positiveSpans: [{ offset: 0, length: 3 }],
      positiveBuckets: new Float64Array([1, 2, 3]),
    });
    const wide = createHistogram({ zeroThreshold: 1.5, zeroCount: 10, count: 10 });
    const { histogram } = addHistograms(narrow, wide)!;
    expect(printHistogram(histogram)).toBe("{count:16, sum:0, [-2,2]:13, (2,4]:3}");
    expect(addHistograms(wide, narrow)!.histogram.zeroThreshold).toBe(2);
  });

  test.each<[CounterResetHint, CounterResetHint, CounterResetHint, boolean]>([
    ["reset", "reset", "reset", false],
    ["reset", "not-reset", "unknown", true],
    ["not-reset", "unknown", "unknown", false],
    ["unknown", "reset", "unknown", false],
    ["gauge", "reset", "gauge", false],
    ["unknown", "gauge", "gauge", false],
  ])("a sum of %s and %s is %s", (one, other, hint, isCollision) => {
    const [a, b] = [one, other].map((counterResetHint) => createHistogram({ counterResetHint }));
    const sum = addHistograms(a!, b!)!;
    expect(sum.histogram.counterResetHint).toBe(hint);
    expect(sum.hasResetCollision).toBe(isCollision);
  });

  test("a lower resolution keeps counts and sum", () => {
    fc.assert(
      fc.property(exponentialHistogram, fc.nat(12), (histogram, steps) => {
        const reduced = reduceHistogram(histogram, Math.max(-4, histogram.schema - steps));
        expect(total(reduced)).toBe(total(histogram));
        expect([reduced.count, reduced.sum]).toEqual([histogram.count, histogram.sum]);
        expect(histogramProblem(reduced)).toBeUndefined();
      }),
    );
  });

  test("compacting changes nothing that is printed, and twice is once", () => {
    fc.assert(
      fc.property(anyHistogram, (histogram) => {
        const compact = compactHistogram(histogram);
        expect(printHistogram(compact)).toBe(printHistogram(histogram));
        expect(compactHistogram(compact)).toEqual(compact);
        expect(compact.positiveBuckets).not.toContain(0);
      }),
    );
  });
});

describe("counter resets", () => {
  test("a histogram that only grows has none; one that shrinks has one", () => {
    fc.assert(
      fc.property(exponentialHistogram, exponentialHistogram, (a, b) => {
        const before = withCounterResetHint(a, "unknown");
        const after = withCounterResetHint(addHistograms(before, b)!.histogram, "unknown");
        expect(detectReset(after, before)).toBe(false);
        if (b.count > 0) expect(detectReset(before, after)).toBe(true);
      }),
    );
  });

  test("a hint is believed", () => {
    const [few, many] = [1, 2].map((count) => createHistogram({ count }));
    expect(detectReset(withCounterResetHint(few!, "not-reset"), many!)).toBe(false);
    expect(detectReset(withCounterResetHint(many!, "reset"), few!)).toBe(true);
  });
});

describe("statistics", () => {
  test("quantiles rise with q", () => {
    fc.assert(
      fc.property(anyHistogram, (histogram) => {
        // A single bucket from -Inf to +Inf says nothing: all its quantiles are NaN.
        fc.pre(
          histogram.count > 0 && (histogram.schema !== -53 || histogram.customValues.length > 0),
        );
        let before = -Infinity;
        for (let q = 0; q <= 1; q += 1 / 16) {
          const { value, remark } = histogramQuantile(histogram, q);
          expect(remark).toBeUndefined();
          // Rounding on the way through logarithms may cost the last digits.
          expect(value).toBeGreaterThanOrEqual(before - Math.abs(before) * 1e-12);
          before = value;
        }
      }),
    );
  });

  test("the fraction below the q-quantile is q", () => {
    fc.assert(
      fc.property(
        exponentialHistogram,
        fc.integer({ min: 1, max: 15 }),
        (histogram, sixteenths) => {
          fc.pre(histogram.count > 0);
          const q = sixteenths / 16;
          const { value } = histogramQuantile(histogram, q);
          const below = histogramFraction(histogram, -Infinity, value).value;
          expect(below).toBeCloseTo(q, 9);
        },
      ),
    );
  });

  test("fractions of neighbouring ranges add up", () => {
    const bound = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(exponentialHistogram, bound, (histogram, middle) => {
        fc.pre(histogram.count > 0);
        const between = (lower: number, upper: number) =>
          histogramFraction(histogram, lower, upper).value;
        expect(between(-Infinity, middle) + between(middle, Infinity)).toBeCloseTo(1, 9);
      }),
    );
  });

  test("observations of NaN are told of", () => {
    const histogram = createHistogram({
      count: 15,
      sum: NaN,
      positiveSpans: [{ offset: 0, length: 1 }],
      positiveBuckets: new Float64Array([12]),
    });
    expect(histogramQuantile(histogram, 0.4)).toEqual({
      value: 0.7071067811865475,
      remark: "nan-skew",
    });
    expect(histogramQuantile(histogram, 0.9)).toEqual({ value: NaN, remark: "nan-result" });
    expect(histogramFraction(histogram, -Infinity, Infinity)).toEqual({
      value: 0.8,
      remark: "nan-skew",
    });
  });
});

describe("trimming", () => {
  test("the two parts hold what the whole held", () => {
    fc.assert(
      fc.property(
        exponentialHistogram,
        fc.double({ min: -20, max: 20, noNaN: true }),
        (whole, at) => {
          const parts = total(trimUpper(whole, at)) + total(trimLower(whole, at));
          expect(parts).toBeCloseTo(total(whole), 6);
        },
      ),
    );
  });

  test("a limit beyond all buckets changes nothing", () => {
    fc.assert(
      fc.property(anyHistogram, (histogram) => {
        expect(trimUpper(histogram, Infinity)).toBe(histogram);
        expect(trimLower(histogram, -Infinity)).toBe(histogram);
      }),
    );
  });
});

describe("texts", () => {
  test("a histogram is printed with its bounds, lowest first", () => {
    const histogram = createHistogram({
      schema: 0,
      count: 1_000_000,
      sum: -0.00001,
      zeroThreshold: 0.001,
      zeroCount: 2,
      positiveSpans: [{ offset: 1, length: 2 }],
      positiveBuckets: new Float64Array([1, 0.5]),
      negativeSpans: [{ offset: 0, length: 2 }],
      negativeBuckets: new Float64Array([0, 3]),
    });
    expect(printHistogram(histogram)).toBe(
      "{count:1e+06, sum:-1e-05, [-2,-1):3, [-0.001,0.001]:2, (1,2]:1, (2,4]:0.5}",
    );
    expect(printHistogramNotation(withCounterResetHint(histogram, "not-reset"))).toBe(
      "{{count:1e+06 sum:-1e-05 z_bucket:2 z_bucket_w:0.001 counter_reset_hint:not_reset " +
        "offset:1 buckets:[1 0.5] n_offset:1 n_buckets:[3]}}",
    );
  });
});

describe("classic histograms", () => {
  const buckets = [
    { upper: 1, cumulativeCount: 3 },
    { upper: Infinity, cumulativeCount: 10 },
    { upper: 0.5, cumulativeCount: 1 },
  ];

  test("become native ones with custom buckets", () => {
    const native = fromClassicHistogram({ buckets, sum: 7 }) as FloatHistogram;
    expect(printHistogram(native)).toBe("{count:10, sum:7, [-Inf,0.5]:1, (0.5,1]:2, (1,+Inf]:7}");
    expect(histogramProblem(native)).toBeUndefined();
  });

  test("without a last bucket the count fills it", () => {
    const native = fromClassicHistogram({ buckets: buckets.slice(0, 1), count: 5, sum: 0 });
    expect(printHistogram(native as FloatHistogram)).toBe(
      "{count:5, sum:0, [-Inf,1]:3, (1,+Inf]:2}",
    );
  });

  test.each([
    [{ buckets, count: 11, sum: 0 }, "count mismatch: count=11 != le=+Inf count=10"],
    [
      { buckets: [...buckets, { upper: 2, cumulativeCount: 1 }], sum: 0 },
      "count is not cumulative: 1 < 3",
    ],
    [
      { buckets: [{ upper: 1, cumulativeCount: -1 }], sum: 0 },
      "bucket count must be non-negative: le=1, count=-1",
    ],
  ])("that contradict themselves are refused", (classic, problem) => {
    expect(fromClassicHistogram(classic)).toEqual({ problem });
  });
});

describe("equality", () => {
  test("is that of the buckets, however the spans are cut", () => {
    const cut = createHistogram({
      positiveSpans: [
        { offset: 1, length: 1 },
        { offset: 0, length: 0 },
        { offset: 0, length: 1 },
      ],
      positiveBuckets: new Float64Array([1, NaN]),
    });
    const whole = createHistogram({
      positiveSpans: [{ offset: 1, length: 2 }],
      positiveBuckets: new Float64Array([1, NaN]),
      counterResetHint: "gauge",
    });
    expect(equalHistograms(cut, whole)).toBe(true);
    expect(equalHistograms(whole, mulHistogram(whole, 2))).toBe(false);
  });

  test("tells the staleness marker from another NaN", () => {
    expect(isStaleHistogram(STALE_HISTOGRAM)).toBe(true);
    expect(isStaleHistogram(createHistogram({ sum: NaN }))).toBe(false);
    expect(equalHistograms(STALE_HISTOGRAM, createHistogram({ sum: NaN }))).toBe(false);
  });
});

/** Of all buckets, the zero bucket among them. */
function total({ zeroCount, positiveBuckets, negativeBuckets }: FloatHistogram): number {
  return [...positiveBuckets, ...negativeBuckets].reduce((a, b) => a + b, zeroCount);
}

function withoutHint(histogram: FloatHistogram): FloatHistogram {
  return compactHistogram(withCounterResetHint(histogram, "unknown"));
}
