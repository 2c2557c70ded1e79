/**
 * What differs between the series (or alerts) a test expects and those it got, for people: which
 * are missing, which nobody expected, which have another value, and, where a missing one has a
 * near relation among the unexpected ones, the labels in which the two differ.
 */
import type { Labels } from "../../model/index.ts";
import { formatValue, quote } from "../../model/index.ts";

/** A series or alert, and what it has beside its labels: "value", "annotation summary". */
export interface Item {
  readonly labels: Labels;
  readonly fields: ReadonlyMap<string, Field>;
}

type Field = number | string;

/** Numbers may be compared with tolerance; texts never are. */
type SameNumber = (a: number, b: number) => boolean;

interface Sides {
  readonly expected: readonly Item[];
  readonly actual: readonly Item[];
}

/** Lines of text, none when both hold the same, in whatever order. */
export function describeDifferences(sides: Sides, isSameNumber: SameNumber): string[] {
  const unequal = takePairs(
    sides,
    (a, b) => a.labels.equals(b.labels) && fieldLines(a, b, isSameNumber).length === 0,
  ).rest;
  const sameLabels = takePairs(unequal, (a, b) => a.labels.equals(b.labels));
  const near = takeNearest(sameLabels.rest);
  return [
    ...sameLabels.pairs.flatMap(([expected, actual]) => [
      `different:  ${expected.labels}`,
      ...fieldLines(expected, actual, isSameNumber),
    ]),
    ...near.pairs.flatMap(([expected, actual]) => [
      `missing:    ${print(expected)}`,
      `unexpected: ${print(actual)}`,
      ...labelLines(expected.labels, actual.labels),
    ]),
    ...near.rest.expected.map((item) => `missing:    ${print(item)}`),
    ...near.rest.actual.map((item) => `unexpected: ${print(item)}`),
  ];
}

type Pair = readonly [expected: Item, actual: Item];

interface Pairing {
  readonly pairs: readonly Pair[];
  readonly rest: Sides;
}

function takePairs(
  { expected, actual }: Sides,
  belong: (expected: Item, actual: Item) => boolean,
): Pairing {
  const left = [...actual];
  const pairs: Pair[] = [];
  const lonely: Item[] = [];
  for (const item of expected) {
    const index = left.findIndex((other) => belong(item, other));
    const [partner] = index === -1 ? [] : left.splice(index, 1);
    if (partner) pairs.push([item, partner]);
    else lonely.push(item);
  }
  return { pairs, rest: { expected: lonely, actual: left } };
}

/** Pairs each expected item with the one that shares most labels with it, if more than none. */
function takeNearest({ expected, actual }: Sides): Pairing {
  const left = [...actual];
  const pairs: Pair[] = [];
  const lonely: Item[] = [];
  for (const item of expected) {
    const shares = left.map((other) => sharedCount(item.labels, other.labels));
    const most = Math.max(0, ...shares);
    const [partner] = most === 0 ? [] : left.splice(shares.indexOf(most), 1);
    if (partner) pairs.push([item, partner]);
    else lonely.push(item);
  }
  return { pairs, rest: { expected: lonely, actual: left } };
}

function sharedCount(a: Labels, b: Labels): number {
  return [...a].filter(([name, value]) => b.get(name) === value).length;
}

function labelLines(expected: Labels, actual: Labels): string[] {
  const names = new Set([...expected, ...actual].map(([name]) => name));
  const differing = [...names].filter((name) => expected.get(name) !== actual.get(name));
  const filled = (labels: Labels, name: string) => labels.get(name) || undefined;
  return differing.map((name) =>
    differs(`label ${name}`, filled(expected, name), filled(actual, name)),
  );
}

function fieldLines(expected: Item, actual: Item, isSameNumber: SameNumber): string[] {
  const names = new Set([...expected.fields.keys(), ...actual.fields.keys()]);
  return [...names].flatMap((name) => {
    const a = expected.fields.get(name);
    const b = actual.fields.get(name);
    const areNumbers = typeof a === "number" && typeof b === "number";
    const isSame = areNumbers ? isSameNumber(a, b) : a === b;
    return isSame ? [] : [differs(name, a, b)];
  });
}

function differs(what: string, expected: Field | undefined, actual: Field | undefined): string {
  return `    ${what}: expected ${printField(expected)}, got ${printField(actual)}`;
}

function printField(field: Field | undefined): string {
  if (field === undefined) return "none";
  return typeof field === "number" ? formatValue(field) : quote(field);
}

/** In one line; annotations are left out, since labels say which alert it is. */
function print({ labels, fields }: Item): string {
  const value = fields.get("value") ?? fields.get("histogram");
  if (value === undefined) return labels.toString();
  return `${labels} ${typeof value === "number" ? formatValue(value) : value}`;
}
