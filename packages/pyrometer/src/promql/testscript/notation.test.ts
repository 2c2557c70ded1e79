import { describe, expect, test } from "vitest";
import { printHistogramNotation } from "../../model/index.ts";
import { parseHistogramNotation } from "./histogram-notation.ts";
import { parseScript } from "./script.ts";
import { parseSeriesLine } from "./series-notation.ts";

describe("histogram notation", () => {
  test.each([
    "{{}}",
    "{{schema:1 count:22 sum:3 buckets:[5 10 7]}}",
    "{{count:1.5 sum:-Inf z_bucket:1 z_bucket_w:0.001 offset:-3 buckets:[1 0 2.5]}}",
    "{{count:5 sum:NaN counter_reset_hint:not_reset n_offset:2 n_buckets:[3]}}",
    "{{schema:-53 sum:1 custom_values:[-5 0.1 10] counter_reset_hint:gauge buckets:[1 2 3 4]}}",
  ])("%s is read and printed", (text) => {
    const read = parseHistogramNotation(text);
    expect("problem" in read ? read : printHistogramNotation(read.histogram)).toBe(text);
  });

  test.each([
    ["{{foo:1}}", 'bad histogram descriptor found: "foo"'],
    ["{{schema}}", "missing `:` for histogram descriptor"],
    ["{{sum:1 sum:2}}", 'duplicate key "sum" in histogram'],
    ["{{schema:1.5}}", 'error parsing schema number: "1.5"'],
    ["{{buckets:[1 x]}}", 'error parsing buckets number: "[1 x]"'],
    ["{{buckets:[1 2}}", 'histogram description incomplete unexpected: "[1"'],
    ["{{counter_reset_hint:maybe}}", 'bad histogram descriptor found: "maybe"'],
    ["{{:1}}", 'histogram description incomplete unexpected: ":1"'],
  ])("%s is refused", (text, problem) => {
    expect(parseHistogramNotation(text)).toEqual({ problem });
  });

  test("only a hint that is written is compared", () => {
    const isHintSet = (text: string) => {
      const read = parseHistogramNotation(text);
      return "problem" in read ? read.problem : read.isHintSet;
    };
    expect(isHintSet("{{count:1}}")).toBe(false);
    expect(isHintSet("{{count:1 counter_reset_hint:unknown}}")).toBe(true);
  });
});

describe("series of histograms", () => {
  const notations = (line: string) => {
    const series = parseSeriesLine(line);
    if ("problem" in series) return series.problem;
    return series.values.map((value) =>
      value.kind === "histogram" ? printHistogramNotation(value.histogram) : value.kind,
    );
  };

  test("stand between numbers and gaps", () => {
    expect(notations("m 1 {{count:2}} _ stale {{count:3 }}x1")).toEqual([
      "float",
      "{{count:2}}",
      "gap",
      "stale",
      "{{count:3}}",
      "{{count:3}}",
    ]);
  });

  test("rise and fall", () => {
    expect(notations("m {{count:1 buckets:[1]}}+{{count:2 buckets:[1 1]}}x2")).toEqual([
      "{{count:1 buckets:[1]}}",
      "{{count:3 buckets:[2 1]}}",
      "{{count:5 buckets:[3 2]}}",
    ]);
    expect(notations("m {{count:5}}-{{count:2}}x1")).toEqual(["{{count:5}}", "{{count:3}}"]);
  });

  test("must keep their resolution and kind", () => {
    expect(notations("m {{schema:2}}+{{schema:1}}x1")).toBe(
      "error combining histograms: cannot merge from schema 1 to 2",
    );
    expect(notations("m {{schema:-53}}+{{count:1}}x1")).toMatch(/mix of exponential and custom/);
  });
});

describe("load", () => {
  const load = (lines: string) => {
    const { commands, errors } = parseScript({ name: "test", text: `${lines}\n` });
    const [command] = commands;
    return {
      series: command?.kind === "load" ? command.series : [],
      problems: errors.map(({ problem }) => problem),
    };
  };

  test("gives classic histograms once more as native ones", () => {
    const { series, problems } = load(
      'load_with_nhcb 1m\n m_bucket{a="b", le=".5"} 1 2\n m_bucket{a="b", le="+Inf"} 3 4\n m_sum{a="b"} 5 6',
    );
    const native = series.at(-1)!;
    expect(problems).toEqual([]);
    expect(native.labels.toString()).toBe('m{a="b"}');
    expect(
      native.values.map((value) =>
        value.kind === "histogram" ? printHistogramNotation(value.histogram) : value.kind,
      ),
    ).toEqual([
      "{{schema:-53 count:3 sum:5 custom_values:[0.5] buckets:[1 2]}}",
      "{{schema:-53 count:4 sum:6 custom_values:[0.5] buckets:[2 2]}}",
    ]);
  });

  test("refuses classic histograms that contradict themselves", () => {
    const text = 'load_with_nhcb 1m\n m_bucket{le="1"} 5\n m_bucket{le="+Inf"} 3';
    expect(load(text).problems).toEqual(["m: count is not cumulative: 3 < 5"]);
  });

  test("takes start times from the line before", () => {
    const { series } = load("load 1m\n m@st _ -1m-1sx1 30s\n m 1 2 3 4\n other 1");
    expect(series.map(({ startOffsetsMs }) => startOffsetsMs)).toEqual([
      [undefined, -60_000, -61_000, 30_000],
      undefined,
    ]);
  });

  test.each([
    ["load 1m\n m@st 1x", 'invalid @st sequence: invalid ST item "1x"'],
    ["load 1m\n m@st -1m\n other 1", "@st metric does not match the following sample line metric"],
    ["load 1m\n m@st -1m\n m 1 2", "@st line has 1 values but sample line has 2"],
    ["load 1m\n m@st -1m", "@st line has no following sample line"],
  ])("%j is refused", (text, problem) => {
    expect(load(text).problems).toContain(problem);
  });
});
