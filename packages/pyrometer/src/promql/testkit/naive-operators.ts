/** Binary operators as their definition reads, for naive-evaluator.ts. */
import type { Labels } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import type { Binary } from "../parser/ast.ts";
import type { Sample } from "./naive-sample.ts";
import { distinct, NaiveRefusal, withoutName } from "./naive-sample.ts";

type Arithmetic = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  // Go: 1 to any power is 1.
  "^": (left, right) =>
    left === 1 || (left === -1 && Math.abs(right) === Infinity) ? 1 : left ** right,
  atan2: Math.atan2,
};

const COMPARISON: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">": (left, right) => left > right,
  "<": (left, right) => left < right,
  ">=": (left, right) => left >= right,
  "<=": (left, right) => left <= right,
};

export function evaluateBinary(
  expr: Binary,
  left: number | Sample[],
  right: number | Sample[],
): number | Sample[] {
  if (typeof left === "number" && typeof right === "number") {
    return apply(expr, { left, right, passed: left }) ?? 0;
  }
  if (typeof left !== "number" && typeof right !== "number") {
    return ["and", "or", "unless"].includes(expr.operator)
      ? combineSets(expr, left, right)
      : combineVectors(expr, left, right);
  }
  const samples = typeof left === "number" ? (right as Sample[]) : left;
  const results = samples.flatMap(({ labels, value }) => {
    const a = typeof left === "number" ? left : value;
    const b = typeof right === "number" ? right : value;
    const result = apply(expr, { left: a, right: b, passed: value });
    return result === undefined ? [] : [{ labels: resultName(expr, labels), value: result }];
  });
  return distinct(results);
}

interface Pair {
  readonly left: number;
  readonly right: number;
  /** What a filter lets through. */
  readonly passed: number;
}

/** undefined where a filter lets nothing through. */
function apply(
  { operator, returnsBool }: Binary,
  { left, right, passed }: Pair,
): number | undefined {
  const compare = COMPARISON[operator];
  if (compare === undefined) return ARITHMETIC[operator]!(left, right);
  if (returnsBool) return Number(compare(left, right));
  return compare(left, right) ? passed : undefined;
}

/** Arithmetic and `bool` change what a value means, a filter does not. */
function resultName({ operator, returnsBool }: Binary, labels: Labels): Labels {
  return COMPARISON[operator] && !returnsBool ? labels : withoutName(labels);
}

function matchKey({ matching }: Binary, labels: Labels): string {
  const { isOn, labels: names } = matching;
  return (isOn ? labels.only(names) : labels.without([...names, METRIC_NAME])).key;
}

function combineSets(expr: Binary, left: Sample[], right: Sample[]): Sample[] {
  const keys = (samples: Sample[]) => new Set(samples.map(({ labels }) => matchKey(expr, labels)));
  const isIn = (set: Set<string>) => (one: Sample) => set.has(matchKey(expr, one.labels));
  const inLeft = isIn(keys(left));
  const inRight = isIn(keys(right));
  switch (expr.operator) {
    case "and":
      return left.filter(inRight);
    case "unless":
      return left.filter((one) => !inRight(one));
    default:
      return distinct([...left, ...right.filter((one) => !inLeft(one))]);
  }
}

function combineVectors(expr: Binary, left: Sample[], right: Sample[]): Sample[] {
  const { cardinality } = expr.matching;
  if (left.length === 0 || right.length === 0) return [];
  const isSwapped = cardinality === "one-to-many";
  const [many, one] = isSwapped ? [right, left] : [left, right];
  const oneByKey = new Map(one.map((sample) => [matchKey(expr, sample.labels), sample]));
  if (oneByKey.size < one.length) throw new NaiveRefusal("found duplicate series");
  const seen = new Set<string>();
  const results: Sample[] = [];
  for (const sample of many) {
    const key = matchKey(expr, sample.labels);
    const other = oneByKey.get(key);
    if (other === undefined) continue;
    const labels = joinedLabels(expr, sample.labels, other.labels);
    const unique = cardinality === "one-to-one" ? key : `${key} ${labels.key}`;
    if (seen.has(unique)) throw new NaiveRefusal("multiple matches");
    seen.add(unique);
    const [a, b] = isSwapped ? [other.value, sample.value] : [sample.value, other.value];
    const value = apply(expr, { left: a, right: b, passed: a });
    if (value !== undefined) results.push({ labels, value });
  }
  return distinct(results);
}

function joinedLabels(expr: Binary, many: Labels, one: Labels): Labels {
  const { cardinality, isOn, labels: names, include } = expr.matching;
  const named = resultName(expr, many);
  if (cardinality === "one-to-one") return isOn ? named.only(names) : named.without(names);
  return named.with(Object.fromEntries(include.map((name) => [name, one.get(name)])));
}
