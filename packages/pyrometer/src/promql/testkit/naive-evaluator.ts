/**
 * PromQL as its definition reads: one moment at a time, samples as objects, no columns, no
 * sliding, nothing shared with the engine but the parser and plain arithmetic. Slow and short, so
 * that it can be checked by reading; the engine is checked against it.
 *
 * It knows floats and the language that generate-query.ts writes, and throws on the rest.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/
 */
import { isStale, Labels, METRIC_NAME, matchesAll } from "../../model/index.ts";
import { MS_PER_SECOND } from "../../std/index.ts";
import type {
  Aggregate,
  Call,
  Duration,
  Expr,
  TimeModifiers,
  VectorSelector,
} from "../parser/ast.ts";
import type { MessySeries } from "./messy-data.ts";
import { aggregateValues, instantFunctions, rangeFunctions } from "./naive-functions.ts";
import { evaluateBinary } from "./naive-operators.ts";
import type { Point, RangeSample, Sample } from "./naive-sample.ts";
import { distinct, nameless, withoutName } from "./naive-sample.ts";

export interface NaiveQuery {
  readonly series: readonly MessySeries[];
  /** What start() and end() stand for. */
  readonly startMs: number;
  readonly endMs: number;
}

const LOOKBACK_MS = 300_000;
const SUBQUERY_STEP_MS = 60_000;

/** @throws {NaiveRefusal} */
export function evaluateAt(expr: Expr, timeMs: number, query: NaiveQuery): number | Sample[] {
  const at = (inner: Expr) => evaluateAt(inner, timeMs, query);
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "paren":
      return at(expr.expr);
    case "vector-selector":
      return selectNewest(expr, timeMs, query).map(({ labels, point }) => ({
        labels,
        value: point.value,
      }));
    case "unary": {
      const value = at(expr.expr);
      if (expr.operator === "+") return value;
      if (typeof value === "number") return -value;
      return nameless(value, ({ value: one }) => -one);
    }
    case "binary":
      return evaluateBinary(expr, at(expr.left), at(expr.right));
    case "aggregate":
      return evaluateAggregate(expr, vector(at(expr.expr)), (param) => at(param));
    case "call":
      return evaluateCall(expr, timeMs, query);
    default:
      throw new Error(`the naive evaluator knows no ${expr.kind} here`);
  }
}

function vector(value: number | Sample[]): Sample[] {
  if (typeof value === "number") throw new Error("not a vector");
  return value;
}

// ---- selectors

function momentOf({ at, offset }: TimeModifiers, timeMs: number, query: NaiveQuery): number {
  const fixed =
    at?.kind === "time" ? at.timeMs : at?.kind === "start" ? query.startMs : query.endMs;
  return (at === undefined ? timeMs : fixed) - milliseconds(offset);
}

function milliseconds(duration: Duration | undefined): number {
  if (duration === undefined) return 0;
  if (duration.kind !== "literal")
    throw new Error("the naive evaluator knows plain durations only");
  return duration.seconds * MS_PER_SECOND;
}

function selectNewest(selector: VectorSelector, timeMs: number, query: NaiveQuery) {
  const momentMs = momentOf(selector, timeMs, query);
  const found: { labels: Labels; point: Point }[] = [];
  for (const { labels, timesMs, values } of matching(selector, query)) {
    const index = timesMs.findLastIndex((sampleMs) => sampleMs <= momentMs);
    if (index === -1 || timesMs[index]! <= momentMs - LOOKBACK_MS) continue;
    if (isStale(values[index]!)) continue;
    found.push({ labels, point: { timeMs: timesMs[index]!, value: values[index]! } });
  }
  return found;
}

function matching({ matchers }: VectorSelector, { series }: NaiveQuery): MessySeries[] {
  return series.filter(({ labels }) => matchesAll(matchers, labels));
}

/** Series with a sample in the window (end - range, end]. */
function selectRange(expr: Expr, timeMs: number, query: NaiveQuery): RangeSample[] {
  switch (expr.kind) {
    case "paren":
      return selectRange(expr.expr, timeMs, query);
    case "matrix-selector": {
      const endMs = momentOf(expr.selector, timeMs, query);
      const startMs = endMs - milliseconds(expr.range);
      return matching(expr.selector, query).flatMap(({ labels, timesMs, values }) => {
        const points: Point[] = [];
        for (const [i, sampleMs] of timesMs.entries()) {
          const isIn = startMs < sampleMs && sampleMs <= endMs;
          if (isIn && !isStale(values[i]!)) points.push({ timeMs: sampleMs, value: values[i]! });
        }
        return points.length === 0 ? [] : [{ labels, points, startMs, endMs }];
      });
    }
    case "subquery": {
      const endMs = momentOf(expr, timeMs, query);
      const startMs = endMs - milliseconds(expr.range);
      const stepMs = expr.step === undefined ? SUBQUERY_STEP_MS : milliseconds(expr.step);
      const bySeries = new Map<string, { labels: Labels; points: Point[] }>();
      for (let atMs = firstMultiple(startMs, stepMs); atMs <= endMs; atMs += stepMs) {
        for (const { labels, value } of vector(evaluateAt(expr.expr, atMs, query))) {
          const known = bySeries.get(labels.key) ?? { labels, points: [] };
          bySeries.set(labels.key, known);
          known.points.push({ timeMs: atMs, value });
        }
      }
      return [...bySeries.values()].map((one) => ({ ...one, startMs, endMs }));
    }
    default:
      throw new Error(`${expr.kind} is no range vector`);
  }
}

/** The first multiple of `stepMs` after `startMs`. */
function firstMultiple(startMs: number, stepMs: number): number {
  return (Math.floor(startMs / stepMs) + 1) * stepMs;
}

// ---- functions

function evaluateCall(call: Call, timeMs: number, query: NaiveQuery): number | Sample[] {
  const { name, args } = call;
  const arg = (index: number) => evaluateAt(args[index]!, timeMs, query);
  const number = (index: number) => arg(index) as number;
  const text = (index: number) => {
    const literal = args[index]!;
    return literal.kind === "string" ? literal.text : "";
  };
  const range = rangeFunctions[name];
  if (range !== undefined) {
    const [ranges, params] =
      name === "quantile_over_time"
        ? [args[1]!, [number(0)]]
        : [args[0]!, args.slice(1).map((_, i) => number(i + 1))];
    const found = selectRange(ranges, timeMs, query);
    if (name === "absent_over_time") return found.length > 0 ? [] : [absentSample(args[0]!)];
    const results = found.flatMap((one) => {
      const value = range(one, params, timeMs);
      const labels = name === "last_over_time" ? one.labels : withoutName(one.labels);
      return value === undefined ? [] : [{ labels, value }];
    });
    return distinct(results);
  }
  const map = instantFunctions[name];
  if (map !== undefined) {
    const input =
      args.length === 0
        ? [{ labels: Labels.EMPTY, value: timeMs / MS_PER_SECOND }]
        : vector(arg(0));
    const params = args.slice(1).map((_, i) => number(i + 1));
    return nameless(input, ({ value }) => map(value, params));
  }
  switch (name) {
    case "time":
      return timeMs / MS_PER_SECOND;
    case "pi":
      return Math.PI;
    case "vector":
      return [{ labels: Labels.EMPTY, value: number(0) }];
    case "scalar": {
      const [only, ...others] = vector(arg(0));
      return only === undefined || others.length > 0 ? NaN : only.value;
    }
    case "sort":
    case "sort_desc":
      return arg(0);
    case "absent":
      return vector(arg(0)).length > 0 ? [] : [absentSample(args[0]!)];
    case "clamp": {
      const [low, high] = [number(1), number(2)];
      return low > high ? [] : nameless(vector(arg(0)), ({ value }) => clamp(value, low, high));
    }
    case "timestamp": {
      const inner = withoutParens(args[0]!);
      const samples =
        inner.kind === "vector-selector"
          ? selectNewest(inner, timeMs, query).map(({ labels, point }) => ({
              labels,
              value: point.timeMs / MS_PER_SECOND,
            }))
          : vector(arg(0)).map(({ labels }) => ({ labels, value: timeMs / MS_PER_SECOND }));
      return nameless(samples, ({ value }) => value);
    }
    case "label_replace":
      return distinct(
        vector(arg(0)).map(({ labels, value }) => {
          const match = new RegExp(`^(?:${text(4)})$`, "s").exec(labels.get(text(3)));
          if (match === null) return { labels, value };
          const filled = text(2).replace(
            /\$(\d)/g,
            (_, group: string) => match[Number(group)] ?? "",
          );
          return { labels: labels.with({ [text(1)]: filled }), value };
        }),
      );
    case "label_join": {
      const sources = args.slice(3).map((_, i) => text(i + 3));
      return distinct(
        vector(arg(0)).map(({ labels, value }) => {
          const joined = sources.map((source) => labels.get(source)).join(text(2));
          return { labels: labels.with({ [text(1)]: joined }), value };
        }),
      );
    }
    default:
      throw new Error(`the naive evaluator knows no ${name}()`);
  }
}

function clamp(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? NaN : Math.max(low, Math.min(high, value));
}

function withoutParens(expr: Expr): Expr {
  return expr.kind === "paren" ? withoutParens(expr.expr) : expr;
}

/** Labels that equality matchers, each label's only one, promise. */
function absentSample(expr: Expr): Sample {
  const inner = withoutParens(expr);
  const selector = inner.kind === "matrix-selector" ? inner.selector : inner;
  if (selector.kind !== "vector-selector") return { labels: Labels.EMPTY, value: 1 };
  const { matchers } = selector;
  const sure = matchers.filter(
    ({ name, operator }) =>
      name !== METRIC_NAME &&
      operator === "=" &&
      matchers.filter((other) => other.name === name).length === 1,
  );
  return { labels: Labels.from(sure.map(({ name, value }) => [name, value] as const)), value: 1 };
}

// ---- aggregations

function evaluateAggregate(
  { operator, param, grouping, isWithout }: Aggregate,
  samples: readonly Sample[],
  evaluateParam: (param: Expr) => number | Sample[],
): Sample[] {
  const groupOf = (labels: Labels) =>
    isWithout ? labels.without([...grouping, METRIC_NAME]) : labels.only(grouping);
  if (operator === "count_values") {
    const label = param?.kind === "string" ? param.text : "";
    const valued = samples.map(({ labels, value }) => ({
      labels: groupOf(labels).with({ [label]: String(value) }),
      value: 1,
    }));
    return groupBy(valued, (labels) => labels).map(([labels, members]) => ({
      labels,
      value: members.length,
    }));
  }
  const number = param === undefined ? NaN : (evaluateParam(param) as number);
  return groupBy(samples, groupOf).flatMap(([labels, members]) => {
    if (operator === "topk" || operator === "bottomk") {
      const sign = operator === "topk" ? -1 : 1;
      return members.toSorted((a, b) => sign * (a.value - b.value)).slice(0, number);
    }
    const values = members.map(({ value }) => value);
    return [{ labels, value: aggregateValues(operator, values, number) }];
  });
}

function groupBy(
  samples: readonly Sample[],
  labelsOf: (labels: Labels) => Labels,
): [Labels, Sample[]][] {
  const groups = new Map<string, [Labels, Sample[]]>();
  for (const sample of samples) {
    const labels = labelsOf(sample.labels);
    const known = groups.get(labels.key) ?? [labels, []];
    groups.set(labels.key, known);
    known[1].push(sample);
  }
  return [...groups.values()];
}
