/** Random valid queries over the metrics m0, m1 and m2 with the labels a and b, for properties. */
import fc from "fast-check";

const metric = fc.constantFrom("m0", "m1", "m2");
const matchers = fc.constantFrom("", '{a="x"}', '{a!="x"}', '{b=~"1|2"}', '{a!~"y.*"}');
const modifier = fc.constantFrom("", " offset 30s", " offset -45s", " @ 100", " @ end()");
const range = fc.constantFrom("[30s]", "[1m]", "[95s]");

const selector = fc
  .tuple(metric, matchers, modifier)
  .map(([name, braces, when]) => name + braces + when);

const rangeSelector = fc
  .tuple(metric, matchers, range, modifier)
  .map(([name, braces, brackets, when]) => name + braces + brackets + when);

const rangeFunction = fc.constantFrom(
  "rate",
  "increase",
  "delta",
  "irate",
  "deriv",
  "changes",
  "resets",
  "sum_over_time",
  "avg_over_time",
  "min_over_time",
  "max_over_time",
  "count_over_time",
  "last_over_time",
  "stddev_over_time",
);
const vectorFunction = fc.constantFrom("abs", "ceil", "sqrt", "exp", "sgn", "timestamp", "absent");
const aggregation = fc.constantFrom("sum", "avg", "min", "max", "count", "stddev", "group");
const grouping = fc.constantFrom("", " by (a)", " without (a)", " by (a, b)");
const operator = fc.constantFrom("+", "-", "*", "/", "%", ">", "<=", "== bool", "and", "or");
const scalarOperator = fc.constantFrom("+", "-", "*", "/", ">", "!= bool", "^");

export function queries(): fc.Arbitrary<string> {
  return fc.letrec<{ vector: string; leaf: string }>((tie) => ({
    leaf: fc.oneof(
      selector,
      fc.tuple(rangeFunction, rangeSelector).map(([name, arg]) => `${name}(${arg})`),
    ),
    vector: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      tie("leaf"),
      fc
        .tuple(aggregation, grouping, tie("vector"))
        .map(([name, by, arg]) => `${name}${by} (${arg})`),
      fc.tuple(vectorFunction, tie("vector")).map(([name, arg]) => `${name}(${arg})`),
      fc
        .tuple(aggregation, tie("vector"), operator, aggregation, tie("vector"))
        .map(
          ([one, left, sign, two, right]) =>
            `${one} by (a) (${left}) ${sign} ${two} by (a) (${right})`,
        ),
      fc
        .tuple(tie("vector"), scalarOperator, fc.integer({ min: -3, max: 3 }))
        .map(([left, sign, right]) => `(${left}) ${sign} ${right}`),
      fc.tuple(rangeFunction, tie("vector")).map(([name, arg]) => `${name}((${arg})[1m:20s])`),
      fc.tuple(tie("vector")).map(([arg]) => `-(${arg})`),
    ),
  })).vector;
}
