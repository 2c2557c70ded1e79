import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MetricErrorCode } from "./metric-error.ts";
import { MetricError } from "./metric-error.ts";
import { createRegistry, Registry } from "./registry.ts";

describe("text exposition", () => {
  const cases: [name: string, build: (registry: Registry) => void, lines: string[]][] = [
    ["an empty registry exposes nothing", () => {}, []],
    [
      "a counter without labels is born at 0",
      (registry) => registry.counter({ name: "a_total", help: "A." }),
      ["# HELP a_total A.", "# TYPE a_total counter", "a_total 0"],
    ],
    [
      "a metric with labels has no series until one is asked for",
      (registry) => registry.counter({ name: "a_total", help: "A.", labelNames: ["job"] }),
      ["# HELP a_total A.", "# TYPE a_total counter"],
    ],
    [
      "labels keep the order they were declared in, and numbers become text",
      (registry) => {
        const metric = registry.gauge({ name: "a", help: "A.", labelNames: ["x", "gpu"] });
        metric.labels({ gpu: 0, x: "b" }).set(2.5);
      },
      ["# HELP a A.", "# TYPE a gauge", 'a{x="b",gpu="0"} 2.5'],
    ],
    [
      "backslash, quote and line break are escaped",
      (registry) => {
        const metric = registry.gauge({ name: "a", help: 'C:\\ "x"\n', labelNames: ["x"] });
        metric.labels({ x: 'C:\\ "x"\n' }).set(1);
      },
      ['# HELP a C:\\\\ "x"\\n', "# TYPE a gauge", 'a{x="C:\\\\ \\"x\\"\\n"} 1'],
    ],
    [
      "buckets are cumulative, bounds are inclusive, NaN and more are above all",
      (registry) => {
        const metric = registry.histogram({ name: "h", help: "H.", buckets: [0.5, 1e6, Infinity] });
        for (const value of [0.5, 0.4, 0.6, 2e6]) metric.observe(value);
      },
      [
        "# HELP h H.",
        "# TYPE h histogram",
        'h_bucket{le="0.5"} 2',
        'h_bucket{le="1e+06"} 3',
        'h_bucket{le="+Inf"} 4',
        "h_sum 2.0000015e+06",
        "h_count 4",
      ],
    ],
    [
      "a histogram adds le after its own labels",
      (registry) => {
        const options = { name: "h", help: "H.", labelNames: ["m"], buckets: [1] } as const;
        registry.histogram(options).labels({ m: "x" }).observe(Number.NaN);
      },
      [
        "# HELP h H.",
        "# TYPE h histogram",
        'h_bucket{m="x",le="1"} 0',
        'h_bucket{m="x",le="+Inf"} 1',
        'h_sum{m="x"} NaN',
        'h_count{m="x"} 1',
      ],
    ],
    [
      "removed series are gone and start over",
      (registry) => {
        const metric = registry.counter({ name: "a_total", help: "A.", labelNames: ["x"] });
        metric.labels({ x: "1" }).inc(5);
        metric.labels({ x: "2" }).inc(5);
        expect(metric.remove({ x: "1" })).toBe(true);
        expect(metric.remove({ x: "1" })).toBe(false);
        metric.labels({ x: "1" }).inc();
        metric.remove({ x: "2" });
      },
      ["# HELP a_total A.", "# TYPE a_total counter", 'a_total{x="1"} 1'],
    ],
    [
      "collect hooks run before each exposition",
      (registry) => {
        const metric = registry.gauge({ name: "a", help: "A." });
        registry.collect(() => metric.inc(3));
        registry.expose();
      },
      ["# HELP a A.", "# TYPE a gauge", "a 6"],
    ],
  ];

  test.each(cases)("%s", (_, build, lines) => {
    const registry = createRegistry();
    build(registry);
    expect(registry.expose().split("\n")).toEqual([...lines, ""]);
  });
});

describe("misuse is refused where it happens", () => {
  const cases: [what: string, code: MetricErrorCode, misuse: (registry: Registry) => void][] = [
    ["a digit first", "client/name", (r) => r.counter({ name: "1a", help: "" })],
    ["an empty name", "client/name", (r) => r.gauge({ name: "", help: "" })],
    ["a dash", "client/name", (r) => r.gauge({ name: "a-b", help: "" })],
    ["a bad label", "client/label", (r) => r.gauge({ name: "a", help: "", labelNames: ["a:b"] })],
    [
      "a reserved label",
      "client/label",
      (r) => r.gauge({ name: "a", help: "", labelNames: ["__a"] }),
    ],
    [
      "a label twice",
      "client/label",
      (r) => r.gauge({ name: "a", help: "", labelNames: ["x", "x"] }),
    ],
    ["le", "client/label", (r) => r.histogram({ name: "a", help: "", labelNames: ["le"] })],
    ["no buckets", "client/buckets", (r) => r.histogram({ name: "a", help: "", buckets: [] })],
    ["unsorted", "client/buckets", (r) => r.histogram({ name: "a", help: "", buckets: [2, 1] })],
    ["equal", "client/buckets", (r) => r.histogram({ name: "a", help: "", buckets: [1, 1] })],
    ["NaN", "client/buckets", (r) => r.histogram({ name: "a", help: "", buckets: [Number.NaN] })],
    [
      "-Inf",
      "client/buckets",
      (r) => r.histogram({ name: "a", help: "", buckets: [-Infinity, 1] }),
    ],
    ["a fall", "client/value", (r) => r.counter({ name: "a", help: "" }).inc(-1)],
    ["a NaN", "client/value", (r) => r.counter({ name: "a", help: "" }).inc(Number.NaN)],
  ];

  test.each(cases)("%s is %s", (_, code, misuse) => {
    expect(() => misuse(new Registry())).toThrow(expect.objectContaining({ code }));
  });

  test("a name clash names both metrics and leaves the first alone", () => {
    const registry = new Registry();
    registry.gauge({ name: "a", help: "First." });
    expect(() => registry.counter({ name: "a", help: "Second." })).toThrow(
      'Cannot define counter "a" ("Second."): gauge "a" ("First.") already has series "a", ' +
        "expected another name",
    );
    expect(registry.expose()).toContain("# TYPE a gauge\na 0\n");
  });

  test("a histogram claims the names of its series", () => {
    const registry = new Registry();
    registry.counter({ name: "h_count", help: "A counter." });
    expect(() => registry.histogram({ name: "h", help: "H." })).toThrow('series "h_count"');
    expect(() =>
      registry.counter({ name: "h_sum", help: "Free, as h was refused." }),
    ).not.toThrow();
  });

  test("wrong labels neither compile nor pass", () => {
    const metric = new Registry().counter({ name: "a", help: "", labelNames: ["job", "path"] });
    // @ts-expect-error a label is missing
    expect(() => metric.labels({ job: "x" })).toThrow(MetricError);
    // @ts-expect-error a label is misspelt
    expect(() => metric.labels({ job: "x", pathh: "y" })).toThrow('label "path" is missing');
    // @ts-expect-error a label too many
    expect(() => metric.labels({ job: "x", path: "y", z: "" })).toThrow('"z" is unknown');
    // @ts-expect-error a metric with labels has no value of its own
    expect(metric.inc).toBeUndefined();
    const plain = new Registry().counter({ name: "a", help: "" });
    // @ts-expect-error a metric without labels has one series
    expect(plain.labels).toBeUndefined();
  });
});

/** One step of a program that uses the client, over two label values and two metrics. */
type Step =
  | { kind: "inc"; label: string; amount: number }
  | { kind: "observe"; label: string; value: number }
  | { kind: "remove"; label: string };

const label = fc.oneof(fc.constantFrom("", "a", "b", 'q"', "b\\n", "l\n"), fc.string());
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("inc"), label, amount: fc.nat(1000) }),
  fc.record({ kind: fc.constant("observe"), label, value: fc.integer({ min: -5, max: 20 }) }),
  fc.record({ kind: fc.constant("remove"), label }),
);
const BOUNDS = [0, 1, 10];

test("any sequence of operations exposes what a list of all observations says", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      expect(run(steps)).toBe(predict(steps));
    }),
  );
});

function run(steps: readonly Step[]): string {
  const registry = new Registry();
  const counter = registry.counter({ name: "c_total", help: "C.", labelNames: ["x"] });
  const options = { name: "h", help: "H.", labelNames: ["x"], buckets: BOUNDS } as const;
  const histogram = registry.histogram(options);
  for (const one of steps) {
    if (one.kind === "inc") counter.labels({ x: one.label }).inc(one.amount);
    else if (one.kind === "observe") histogram.labels({ x: one.label }).observe(one.value);
    else {
      counter.remove({ x: one.label });
      histogram.remove({ x: one.label });
    }
  }
  return registry.expose();
}

/** The naive model: keep everything that happened, and count it when asked. */
function predict(steps: readonly Step[]): string {
  const amounts = new Map<string, number[]>();
  const values = new Map<string, number[]>();
  for (const one of steps) {
    if (one.kind === "inc") amounts.set(one.label, [...(amounts.get(one.label) ?? []), one.amount]);
    else if (one.kind === "observe") {
      values.set(one.label, [...(values.get(one.label) ?? []), one.value]);
    } else {
      amounts.delete(one.label);
      values.delete(one.label);
    }
  }
  let text = "# HELP c_total C.\n# TYPE c_total counter\n";
  for (const [x, all] of amounts) text += `c_total{x="${escaped(x)}"} ${sum(all)}\n`;
  text += "# HELP h H.\n# TYPE h histogram\n";
  for (const [x, all] of values) {
    for (const bound of BOUNDS) {
      const count = all.filter((value) => value <= bound).length;
      text += `h_bucket{x="${escaped(x)}",le="${bound}"} ${count}\n`;
    }
    text += `h_bucket{x="${escaped(x)}",le="+Inf"} ${all.length}\n`;
    text += `h_sum{x="${escaped(x)}"} ${sum(all)}\nh_count{x="${escaped(x)}"} ${all.length}\n`;
  }
  return text;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function escaped(text: string): string {
  const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };
  return [...text].map((character) => escapes[character] ?? character).join("");
}

/** Debian's python3-prometheus-client; another Python may lack it. */
const PYTHON = "/usr/bin/python3";
const PARSE = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as parse
print(json.dumps([[s.name, s.labels, repr(s.value)] for f in parse(sys.stdin.read()) for s in f.samples]))
`;

test("the Python client's parser reads back what was written", () => {
  const registry = new Registry();
  const gauge = registry.gauge({ name: "g", help: "G.\n\\", labelNames: ["x"] });
  const values = [0, 1e6, 1.5e-7, 123456.789, Number.MAX_VALUE, 5e-324, -0.25, Infinity];
  for (const value of values) gauge.labels({ x: `${value}\\n "q"\n` }).set(value);
  registry.histogram({ name: "h", help: "H.", buckets: [1e-9, 1e21] }).observe(3);

  const python = spawnSync(PYTHON, ["-c", PARSE], { input: registry.expose(), encoding: "utf8" });
  if (python.status !== 0) {
    process.stderr.write(`NOT RUN: ${PYTHON} cannot import prometheus_client's parser\n`);
    return;
  }
  const samples: [string, Record<string, string>, string][] = JSON.parse(python.stdout);
  const gauges = samples.filter(([name]) => name === "g");
  expect(gauges.map(([, labels]) => labels.x)).toEqual(values.map((v) => `${v}\\n "q"\n`));
  const numbers = gauges.map(([, , value]) => (value === "inf" ? Infinity : Number(value)));
  expect(numbers).toEqual(values);
  const bounds = samples.filter(([name]) => name === "h_bucket").map(([, labels]) => labels.le);
  expect(bounds).toEqual(["1e-09", "1e+21", "+Inf"]);
});
