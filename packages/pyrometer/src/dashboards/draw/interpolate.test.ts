import { expect, test } from "vitest";
import { interpolateQuery, interpolateText, type VariableLookup } from "./interpolate.ts";

const lookup: VariableLookup = (name) =>
  ({
    __rate_interval: "1m",
    one: { values: ["a.b"], isMulti: false },
    quoted: { values: ['x"y\\z'], isMulti: false },
    single: { values: ["a.b"], isMulti: true },
    many: { values: ["a.b", "c|d"], isMulti: true },
    all: { values: [".*"], isMulti: true, raw: ".*" },
    none: { values: [], isMulti: false },
  })[name];

test.each([
  ['up{x="$one"}', 'up{x="a.b"}'],
  ['up{x="${one}"}', 'up{x="a.b"}'],
  ['up{x="[[one]]"}', 'up{x="a.b"}'],
  ['up{x="$quoted"}', 'up{x="x\\"y\\\\z"}'],
  ['up{x=~"$single"}', 'up{x=~"a\\\\.b"}'],
  ['up{x=~"$many"}', 'up{x=~"(a\\\\.b|c\\\\|d)"}'],
  ['up{x=~"$all"}', 'up{x=~".*"}'],
  ['up{x=~"${many:pipe}"}', 'up{x=~"a.b|c|d"}'],
  ["${many:csv}", "a.b,c|d"],
  ["${many:regex}", "(a\\.b|c\\|d)"],
  ["${many:singlequote}", "'a.b','c|d'"],
  ["${many:json}", '["a.b","c|d"]'],
  ["rate(x[$__rate_interval])", "rate(x[1m])"],
  ["rate(x[$nobody])", "rate(x[$nobody])"],
  ['label_replace(x, "a", "$1", "b", "(.*)")', 'label_replace(x, "a", "$1", "b", "(.*)")'],
  ['x{a="$none"}', 'x{a=""}'],
])("the query %s becomes %s", (query, wanted) => {
  expect(interpolateQuery(query, lookup)).toBe(wanted);
});

test.each([
  ["GPUs of $many", "GPUs of a.b + c|d"],
  ["$one: latency", "a.b: latency"],
  ["cost in $", "cost in $"],
])("the title %s becomes %s", (title, wanted) => {
  expect(interpolateText(title, lookup)).toBe(wanted);
});
