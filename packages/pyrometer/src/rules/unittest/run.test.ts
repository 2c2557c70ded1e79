/** What unit tests of rules may say, and what is said when they fail. */
import { expect, test } from "vitest";
import type { RuleTestReport } from "./report.ts";
import { runRuleTests } from "./run.ts";

const RULES = `
groups:
- name: second
  rules:
  - record: doubled:again
    expr: 2 * doubled
- name: first
  interval: 5m
  rules:
  - record: doubled
    expr: 2 * input
- name: alerts
  rules:
  - alert: High
    expr: input > 5
    for: 2m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.job }} at {{ $value }} in {{ $externalLabels.zone }}, {{ externalURL }}"}
  - alert: Never
    expr: input > 1000
`;

const INPUT = `
  input_series:
  - series: 'input{job="a"}'
    values: 1 _ 3+2x4`;

function run(
  tests: string,
  { rules = RULES, isWanted }: { rules?: string; isWanted?: (name: string) => boolean } = {},
): Promise<RuleTestReport> {
  const source = { name: "test.yml", text: tests };
  return runRuleTests(source, {
    readRuleFiles: (pattern) =>
      pattern === "rules.yml" ? [{ name: "rules.yml", text: rules }] : [],
    ...(isWanted && { isWanted }),
  });
}

/** Each failure as `line:column problem`, then its differences. */
async function failures(tests: string, rules?: string): Promise<string[]> {
  const report = await run(tests, rules === undefined ? {} : { rules });
  const found = report.tests.flatMap((one) => one.failures);
  const failed = found.flatMap(({ error, differences }) => [at(error), ...differences]);
  return [...report.errors.map(at), ...failed];
}

function at({ line, column, problem }: { line: number; column: number; problem: string }): string {
  return `${line}:${column} ${problem}`;
}

const HEAD = `rule_files: [rules.yml]
tests:
- interval: 1m${INPUT}
`;

test("alerts and samples as expected pass", async () => {
  const report = await run(`${HEAD}
  external_labels: {zone: z1}
  external_url: http://here/
  alert_rule_test:
  - eval_time: 5m
    alertname: High
  - eval_time: 5m59s
    alertname: High
    exp_alerts: []
  - eval_time: 6m
    alertname: High
    exp_alerts:
    - exp_labels: {job: a, severity: page}
      exp_annotations: {summary: "a at 11 in z1, http://here/"}
  promql_expr_test:
  - expr: doubled
    eval_time: 2m30s
    exp_samples:
    - {labels: 'doubled{job="a"}', value: 6}
  - expr: count(input)
    eval_time: 20m
    exp_samples: []
  - expr: ALERTS{alertname="High"}
    eval_time: 4m
    exp_samples:
    - labels: 'ALERTS{alertname="High",alertstate="pending",job="a",severity="page"}'
      value: 1
`);
  expect(report.errors).toEqual([]);
  expect(report.tests).toEqual([{ name: "unnamed#0", failures: [] }]);
});

test("what differs is named, with its place", async () => {
  const found = await failures(`${HEAD}
  name: mine
  alert_rule_test:
  - eval_time: 6m
    alertname: High
    exp_alerts:
    - exp_labels: {job: a, severity: page}
      exp_annotations: {summary: all well}
  promql_expr_test:
  - expr: '{__name__=~"input|doubled"} or vector(1)'
    eval_time: 6m
    exp_samples:
    - {labels: 'input{job="a"}', value: 12}
    - {labels: 'doubled{job="b"}', value: 22}
    - {labels: 'gone{}', value: 1}
`);
  expect(found).toEqual([
    "10:5 mine: alert High at 6m: not the alerts expected",
    'different:  {alertname="High", job="a", severity="page"}',
    '    annotation summary: expected "all well", got "a at 11 in , "',
    '16:5 mine: {__name__=~"input|doubled"} or vector(1) at 6m: not the samples expected',
    'different:  input{job="a"}',
    "    value: expected 12, got 11",
    'missing:    doubled{job="b"} 22',
    'unexpected: doubled{job="a"} 22',
    '    label job: expected "b", got "a"',
    "missing:    gone 1",
    "unexpected: {} 1",
  ]);
});

test("a sample is not seen before the evaluation that comes after it", async () => {
  // At 30 s nothing past the evaluation at 0 s has been loaded, as in promtool.
  const tests = `
evaluation_interval: 1m
tests:
- interval: 10s
  input_series: [{series: a, values: 0+1x60}]
  promql_expr_test:
  - {expr: a, eval_time: 30s, exp_samples: [{labels: a, value: 0}]}
  - {expr: a, eval_time: 1m, exp_samples: [{labels: a, value: 6}]}
`;
  expect(await failures(tests.replace(/^.*1m, exp.*\n/m, ""))).toEqual([]);
  // With a later test the samples in between are there for every query.
  expect(await failures(tests)).toEqual([
    "7:5 a at 30s: not the samples expected",
    "different:  a",
    "    value: expected 0, got 3",
  ]);
});

test("group_eval_order decides who sees whose results at one moment", async () => {
  const tests = (order: string) => `
rule_files: [rules.yml]
group_eval_order: ${order}
tests:
- input_series: [{series: input, values: 1+1x5}]
  promql_expr_test:
  - {expr: doubled:again, eval_time: 1m, exp_samples: [{labels: "doubled:again", value: 8}]}
`;
  expect(await failures(tests("[first, second]"))).toEqual([]);
  expect(await failures(tests("[second, first]"))).toContain("    value: expected 8, got 4");
  expect(await failures(tests("[first, first]"))).toEqual([
    "3:27 group name repeated in evaluation order: first",
  ]);
});

test("start_timestamp moves everything, given in seconds or as a date", async () => {
  for (const start of ["1704067200", '"2024-01-01T00:00:00Z"']) {
    expect(
      await failures(`
tests:
- start_timestamp: ${start}
  input_series: [{series: a, values: 1 2}]
  promql_expr_test:
  - {expr: timestamp(a), eval_time: 1m, exp_samples: [{value: 1704067260}]}
  - {expr: time(), eval_time: 90s, exp_samples: [{value: 1704067290}]}
`),
    ).toEqual([]);
  }
});

test.each([
  ["fuzzy_compare: true", "3.0000000000000004", []],
  ["fuzzy_compare: true", "3.000000000000001", ["    value: expected 3, got 3.000000000000001"]],
  ["fuzzy_compare: false", "3.0000000000000004", ["    value: expected 3, got 3.0000000000000004"]],
  ["", "NaN", ["    value: expected 3, got NaN"]],
])("%s: 3 against %s", async (head, value, lines) => {
  const tests = `${head}
tests:
- input_series: [{series: a, values: ${value}}]
  promql_expr_test:
  - {expr: a, exp_samples: [{labels: a, value: 3}]}
`;
  expect((await failures(tests)).slice(2)).toEqual(lines);
});

test.each(["NaN", ".nan", "-Inf", "1e3", "0x10", "-0"])("%s can be expected", async (value) => {
  const written = value === "0x10" ? "16" : value.replace(".nan", "NaN");
  const tests = `
tests:
- input_series: [{series: a, values: "${written}"}]
  promql_expr_test:
  - {expr: a, exp_samples: [{labels: a, value: ${value}}]}
`;
  expect(await failures(tests)).toEqual([]);
});

test.each([
  ["tests: [{intervall: 1m}]", '1:10 Cannot read key "intervall"'],
  ["tests: [{interval: 1}]", "1:20 Cannot parse duration"],
  ["tests: [{start_timestamp: soon}]", '1:27 Cannot read "soon": expected Unix seconds'],
  [
    "tests: [{promql_expr_test: [{expr: a, exp_samples: [{value: x}]}]}]",
    '1:61 Cannot read "x": expected a number',
  ],
  ["tests: [{input_series: [{series: 'a{', values: 1}]}]", "1:34 Cannot read series"],
  ["tests: [{input_series: [{series: a, values: 1 x2}]}]", "1:45 Cannot read series"],
  ["tests: [{promql_expr_test: [{expr: 'sum(a) + nosuch(a)'}]}]", "1:46 Cannot answer"],
  ["tests: [{promql_expr_test: [{expr: 'a[5m]'}]}]", "1:36 Cannot answer"],
  ["tests: [{alert_rule_test: [{eval_time: 1m}]}]", "1:28 an item under alert_rule_test misses"],
  [
    "tests: [{promql_expr_test: [{expr: a, exp_samples: [{labels: 'a{b=~\"c\"}'}]}]}]",
    "1:62 Cannot read the sample",
  ],
  ["tests: [{promql_expr_test: [{expr: a, eval_time: 200y}]}]", "1:9 Cannot run the test"],
])("%s", async (tests, message) => {
  const [first = "", ...more] = await failures(tests);
  expect(first.slice(0, message.length)).toBe(message);
  expect(more).toEqual([]);
});

test("a rule that fails ends its test, and says so", async () => {
  const rules = "groups: [{name: g, rules: [{record: r, expr: 'a + on(x) b'}]}]";
  const found = await failures(
    `rule_files: [rules.yml]
tests:
- input_series:
  - {series: 'a{y="1"}', values: 1x9}
  - {series: 'b{z="1"}', values: 1x9}
  - {series: 'b{z="2"}', values: _ _ 1x9}
  promql_expr_test:
  - {expr: a, eval_time: 5m}
`,
    rules,
  );
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('3:3 Cannot evaluate rule "r" of group "g" at 2m: found duplicate');
});

test("broken rule files keep every test from running; unknown keys in them do not", async () => {
  const tests = "rule_files: [rules.yml, none.yml]\ntests: [{}]";
  const broken = await run(tests, { rules: "groups: [{name: g, rules: [{record: r}]}]" });
  expect(broken.errors.map(({ message }) => message.slice(0, 14))).toEqual(["rules.yml:1:28"]);
  expect(broken.tests).toEqual([]);
  const foreign = await run(tests, { rules: "groups: [{name: g, owner: me, rules: []}]" });
  expect(foreign.errors).toEqual([]);
  expect(foreign.tests).toHaveLength(1);
  expect(foreign.warnings.map(({ code }) => code)).toEqual([
    "config/unknown-key",
    "rules/no-rule-file",
  ]);
});

test("only the tests wanted run", async () => {
  const tests = "tests: [{name: one}, {name: two}, {}]";
  const { tests: ran } = await run(tests, { isWanted: (name) => name === "two" });
  expect(ran.map(({ name }) => name)).toEqual(["two"]);
  const { tests: all } = await run(tests);
  expect(all.map(({ name }) => name)).toEqual(["one", "two", "unnamed#2"]);
});

test("coverage: a rule counts once any test has seen it give something", async () => {
  const { coverage } = await run(`${HEAD}
  promql_expr_test: [{expr: vector(1), eval_time: 4m, exp_samples: [{value: 1}]}]
- {}
`);
  expect(coverage.map(({ group, rule, hasResult }) => [group, rule, hasResult])).toEqual([
    ["second", "doubled:again", true],
    ["first", "doubled", true],
    ["alerts", "High", true],
    ["alerts", "Never", false],
  ]);
});

test("native histograms are recorded, expected, and printed by alerts", async () => {
  const rules = `groups:
- name: g
  rules:
  - {record: double, expr: 2 * h}
  - {alert: Wide, expr: h, annotations: {value: "{{ $value }}"}}
`;
  const tests = (count: number) => `rule_files: [rules.yml]
tests:
- input_series:
  - {series: h, values: "{{count:2 sum:3 buckets:[2]}}x3"}
  alert_rule_test:
  - {eval_time: 1m, alertname: Wide, exp_alerts: [{exp_annotations: {value: "{count:2, sum:3, (0.5,1]:2}"}}]}
  promql_expr_test:
  - expr: double
    exp_samples: [{labels: double, histogram: "{{count:${count} sum:6 buckets:[4]}}"}]
`;
  expect(await failures(tests(4), rules)).toEqual([]);
  expect((await failures(tests(5), rules)).slice(1)).toEqual([
    "different:  double",
    '    histogram: expected "{{count:5 sum:6 buckets:[4]}}", got "{{count:4 sum:6 buckets:[4]}}"',
  ]);
  const broken = tests(4).replace("{{count:4 sum:6 buckets:[4]}}", "4");
  expect(await failures(broken, rules)).toEqual([
    "9:47 Cannot read the sample expected: expected histogram, got 4",
  ]);
});

test.each([
  ["0m", "count:2 sum:1 buckets:[2]"],
  ["1m", "count:3 sum:1 counter_reset_hint:not_reset buckets:[3]"],
  ["2m", "count:1 sum:1 counter_reset_hint:reset buckets:[1]"],
  ["3m", "schema:1 count:1 sum:1 buckets:[1]"],
])("a histogram's hint at %s: {{%s}}", async (time, histogram) => {
  const values = ["count:2 sum:1 buckets:[2]", "count:3 sum:1 buckets:[3]"];
  const resets = ["count:1 sum:1 buckets:[1]", "schema:1 count:1 sum:1 buckets:[1]"];
  const tests = `
tests:
- input_series:
  - {series: h, values: "${[...values, ...resets].map((text) => `{{${text}}}`).join(" ")}"}
  promql_expr_test:
  - {expr: h, eval_time: ${time}, exp_samples: [{labels: h, histogram: "{{${histogram}}}"}]}
`;
  expect(await failures(tests)).toEqual([]);
});
