import fc from "fast-check";
import { expect, test } from "vitest";
import { formatValue, Labels } from "../model/index.ts";
import { SourceError } from "../std/index.ts";
import type { ExpositionFormat } from "./index.ts";
import {
  checkExposition,
  decodeExposition,
  formatOfContentType,
  parseExposition,
  parseNumber,
} from "./index.ts";
import type { LabelPairs } from "./types.ts";

/** What a handler is told, one line each; then the errors. */
function tell(text: string, format: ExpositionFormat = "prometheus"): string[] {
  const told: string[] = [];
  const errors = parseExposition<LabelPairs>(
    { name: "m", text },
    {
      format,
      errorsMax: 10,
      handler: {
        lookup: () => undefined,
        add: (_, pairs) => pairs,
        sample: (pairs, value, timeMs) => {
          const time = timeMs === undefined ? "" : ` @${timeMs}`;
          told.push(`${Labels.from(pairs)} ${formatValue(value)}${time}`);
        },
        metadata: ({ kind, metric, ...rest }) =>
          told.push(`${kind} ${metric} ${JSON.stringify(Object.values(rest)[0])}`),
        exemplar: ({ labels, value }) => told.push(`exemplar ${Labels.from(labels)} ${value}`),
      },
    },
  );
  return [...told, ...errors.map(({ line, column, problem }) => `${line}:${column} ${problem}`)];
}

test.each([
  ["a 1", ["a 1"]],
  ["a 1\n\n  b\t2  \n", ["a 1", "b 2"]],
  ["a{} 1 5", ["a 1 @5"]],
  ['a{x="1" y="2"} 1', ['a{x="1", y="2"} 1']],
  ["# HELP a-b text", ['help a "-b text"']],
  ['a { x = "1" , y="2", } 1', ['a{x="1", y="2"} 1']],
  ['a{x="} 5 #",y="{"}1', ['a{x="} 5 #", y="{"} 1']],
  ['a{x="\\"\\\\\\n\\z"} 1', ['a{x="\\"\\\\\\n\\\\z"} 1']],
  ['{"a.b",x="1"} 1', ['{"a.b", x="1"} 1']],
  ['{x="1", "a b"} 1', ['{"a b", x="1"} 1']],
  ['a{"x.y"="1"} 1', ['a{"x.y"="1"} 1']],
  ["a:b 1", ["a:b 1"]],
  ["# just a comment\n#HELP a not help\na 1", ["a 1"]],
  ["# HELP a two\\nlines \\\\ \\x", ['help a "two\\nlines \\\\ \\\\x"']],
  ["# HELP a\n# TYPE a untyped", ['help a ""', 'type a "unknown"']],
  ['# TYPE "a.b" gauge', ['type a.b "gauge"']],
])("text format %j tells %j", (text, told) => {
  expect(tell(text)).toEqual(told);
});

test.each([
  ["a", '1:2 Cannot read "a": expected a value after the series'],
  ["a x", '1:3 Cannot read "a x": "x" is no number'],
  ["a 1\r\n", '1:3 Cannot read "a 1\\r": "1\\r" is no number'],
  ["a 1 2.5", '1:5 Cannot read "a 1 2.5": "2.5" is no timestamp, expected whole milliseconds'],
  ["a 1 2 3", '1:7 Cannot read "a 1 2 3": expected nothing after the timestamp'],
  ["ok 1\n  0a 1", '2:3 Cannot read "  0a 1": expected a metric name or {'],
  ['a{x="1" 1', '1:8 Cannot read "a{x=\\"1\\" 1": expected a comma or }'],
  ['a{x="1} 1', '1:5 Cannot read "a{x=\\"1} 1": the quoted text does not end'],
  ['a{x="1"=} 1', '1:8 Cannot read "a{x=\\"1\\"=} 1": expected a label name'],
  ["a 1 -5", '1:5 Cannot read "a 1 -5": "-5" is no timestamp, expected whole milliseconds'],
  ["# TYPE a gauge ", '1:10 Cannot read "# TYPE a gauge ": invalid metric type "gauge "'],
  ["a{x=1} 1", '1:5 Cannot read "a{x=1} 1": expected a quoted value for the label "x"'],
  ['a{,x="1"} 1', '1:3 Cannot read "a{,x=\\"1\\"} 1": expected a label name'],
  ['a{x="1",x="2"} 1', "1:9 Cannot read"],
  ['a{"b"} 1', '1:3 Cannot read "a{\\"b\\"} 1": the metric name is given twice'],
  ['{x="1"} 1', '1:1 Cannot read "{x=\\"1\\"} 1": it has no metric name'],
  ["# TYPE a meh", '1:10 Cannot read "# TYPE a meh": invalid metric type "meh"'],
  ["# HELP 0 x", '1:8 Cannot read "# HELP 0 x": expected a metric name after HELP'],
])("text format %j is wrong: %s", (text, problem) => {
  expect(tell(text).at(-1)).toContain(problem);
});

test("every wrong line is reported when asked, and the good ones between are told", () => {
  const told = tell("a 1\nb\nc 2\nd x\n");
  expect(told.slice(0, 2)).toEqual(["a 1", "c 2"]);
  expect(told.slice(2).map((line) => line.split(" ")[0])).toEqual(["2:2", "4:3"]);
});

test("OpenMetrics: seconds, units, exemplars", () => {
  const text = [
    "# TYPE a_seconds counter",
    "# UNIT a_seconds seconds",
    '# HELP a_seconds say \\"hi\\"',
    'a_seconds_total{x=" # "} 1 1.5 # {id="}"} 0.5 2',
    "# EOF",
  ].join("\n");
  expect(tell(text, "openmetrics")).toEqual([
    'type a_seconds "counter"',
    'unit a_seconds "seconds"',
    'help a_seconds "say \\"hi\\""',
    'exemplar {id="}"} 0.5',
    'a_seconds_total{x=" # "} 1 @1500',
  ]);
});

test("a known series costs no reading of its labels, and texts to keep are copies", () => {
  const text = 'a{x="1"} 1\na{x="1"} 2\n';
  const known = new Map<string, string>();
  const values: number[] = [];
  const errors = parseExposition<string>(
    { name: "m", text },
    {
      format: "prometheus",
      handler: {
        lookup: (series) => known.get(series),
        add: (series) => {
          expect(known.has(series)).toBe(false);
          known.set(series, series);
          return series;
        },
        sample: (_, value) => values.push(value),
      },
    },
  );
  expect([errors, [...known.keys()], values]).toEqual([[], ['a{x="1"}'], [1, 2]]);
});

test("what Labels print parses back to the same labels", () => {
  const name = fc.stringMatching(/^[a-z_.]{1,5}$/).filter((text) => text !== "__name__");
  const pairs = fc.dictionary(name, fc.string({ unit: "grapheme", minLength: 1 }), { maxKeys: 4 });
  fc.assert(
    fc.property(name, pairs, (metric, others) => {
      const labels = Labels.from({ ...others, __name__: metric });
      // Go's quoting has more escapes than the format: those texts print differently.
      fc.pre(!/\\[^n"\\]/.test(labels.toString()));
      const text = `${labels} 1`;
      const found: Labels[] = [];
      parseExposition<Labels>(
        { name: "m", text },
        {
          format: "prometheus",
          handler: {
            lookup: () => undefined,
            add: (_, read) => Labels.from(read),
            sample: (read) => found.push(read),
          },
        },
      );
      expect(found.map(String)).toEqual([labels.toString()]);
    }),
  );
});

const number = (text: string) => parseNumber(text, 0, text.length);

test("numbers read as Number() reads them, to the last bit", () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      expect(number(formatValue(value))).toBe(value);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^-?\d{1,12}\.\d{0,12}$/), (text) => {
      expect(number(text)).toBe(Number(text));
    }),
  );
});

test.each([
  ["+Inf", Infinity],
  ["-inf", -Infinity],
  ["Infinity", Infinity],
  ["NaN", NaN],
  ["nan", NaN],
  ["+1.5E-3", 0.0015],
  [".5", 0.5],
  ["5.", 5],
  ["-0", -0],
  ["007", 7],
  ["1e-400", 0],
  ["0x10", undefined],
  ["0x1p-2", undefined],
  ["1_000", undefined],
  ["0b1", undefined],
  ["1e400", undefined],
  ["", undefined],
  ["-", undefined],
  [".", undefined],
  ["1.2.3", undefined],
  ["+NaN", undefined],
  ["1 ", undefined],
])("the number %j is %d", (text, value) => {
  expect(number(text)).toBe(value);
});

test("a check collects every fault and stops at its limit", () => {
  expect(checkExposition({ name: "m", text: "a\n".repeat(1000) }, "prometheus").length).toBe(100);
  const errors = checkExposition(
    { name: "m", text: "# TYPE a counter\na_total -1\n" },
    "openmetrics",
  );
  expect(errors.map(({ code }) => code)).toEqual(["exposition/openmetrics", "exposition/eof"]);
});

test("a body that is not UTF-8 is refused at its first wrong byte", () => {
  const good = decodeExposition("m", Buffer.from("a 1\n"));
  expect(good).toEqual({ name: "m", text: "a 1\n" });
  const bad = decodeExposition("m", Buffer.concat([Buffer.from("é 1\nb"), Buffer.from([0xc3])]));
  expect(bad).toBeInstanceOf(SourceError);
  expect(bad).toMatchObject({ code: "exposition/encoding", line: 2, column: 2 });
});

test("the content type names the format", () => {
  const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  expect(formatOfContentType(openMetrics)).toBe("openmetrics");
  expect(formatOfContentType("text/plain; version=0.0.4")).toBe("prometheus");
  expect(formatOfContentType("")).toBe("prometheus");
});
