/**
 * info(): adds to each series the labels of info metrics (`target_info` unless told otherwise)
 * that have the same instance and job. Which info series is current may change between steps, so
 * one series in may be several out, one per set of labels it goes through.
 * Source: Prometheus 3.14, promql/info.go
 */
import type { Labels, Matcher } from "../../model/index.ts";
import { METRIC_NAME } from "../../model/index.ts";
import { assert } from "../../std/index.ts";
import { QueryError } from "../../storage/index.ts";
import type { Call } from "../parser/ast.ts";
import type { Column, NodeValue, SeriesColumn } from "./column.ts";
import { ABSENT, copyCell, createColumn } from "./column.ts";
import type { QueryContext } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import type { Grid } from "./grid.ts";
import { infoDataMatchers, infoNameMatchers, infoSelector } from "./info-selector.ts";
import { vectorOf } from "./names.ts";
import { selectVector } from "./select.ts";

const IDENTIFYING_LABELS = ["instance", "job"];

export async function evaluateInfo(
  call: Call,
  grid: Grid,
  context: QueryContext,
): Promise<NodeValue> {
  const base = await evaluate(call.args[0]!, grid, context);
  assert(base.kind === "vector", `BUG: info() of a ${base.kind}`);
  const names = infoNameMatchers(call);
  // A series that is an info metric itself is left as it is.
  const isInfo = ({ labels }: SeriesColumn) =>
    names.every(({ test }) => test(labels.get(METRIC_NAME)));
  const plain = base.series.filter((one) => !isInfo(one));
  const infos = await selectInfos(call, plain, { grid, context });
  const data = infoDataMatchers(call);
  const results: SeriesColumn[] = base.series.filter(isInfo);
  await context.budget.forEach(plain, grid.stepCount, (one) => {
    results.push(...withInfo(one, infos.get(identity(one.labels)) ?? [], data));
  });
  return vectorOf(results);
}

/** The series of one info metric that share instance and job, with the times of their samples. */
type InfoMetric = readonly SeriesColumn[];

async function selectInfos(
  call: Call,
  base: readonly SeriesColumn[],
  { grid, context }: { readonly grid: Grid; readonly context: QueryContext },
): Promise<ReadonlyMap<string, readonly InfoMetric[]>> {
  const wanted = new Set(base.map(({ labels }) => identity(labels)));
  wanted.delete("");
  if (wanted.size === 0) return new Map();
  const { series } = await selectVector(infoSelector(call, context), grid, {
    context,
    wants: "info-time",
  });
  const byIdentity = new Map<string, Map<string, SeriesColumn[]>>();
  for (const one of series) {
    const key = identity(one.labels);
    if (!wanted.has(key)) continue;
    const byName = byIdentity.get(key) ?? new Map<string, SeriesColumn[]>();
    byIdentity.set(key, byName);
    byName.set(one.labels.metricName, [...(byName.get(one.labels.metricName) ?? []), one]);
  }
  return new Map([...byIdentity].map(([key, byName]) => [key, [...byName.values()]]));
}

function identity(labels: Labels): string {
  return labels.only(IDENTIFYING_LABELS).key;
}

function withInfo(
  one: SeriesColumn,
  metrics: readonly InfoMetric[],
  data: readonly Matcher[],
): SeriesColumn[] {
  const byChoice = new Map<string, (SeriesColumn & Column) | undefined>();
  for (let step = 0; step < one.values.length; step++) {
    if (one.present[step] === ABSENT) continue;
    const current = metrics.map((metric) => newestAt(metric, step));
    const choice = current.map((info) => info?.labels.key ?? "").join("\0");
    if (!byChoice.has(choice)) byChoice.set(choice, extended(one, current, data));
    const column = byChoice.get(choice);
    if (column === undefined) continue;
    copyCell(one, step, column);
  }
  return [...byChoice.values()].filter((column) => column !== undefined);
}

/** @throws {QueryError} "execution" when two series are equally new */
function newestAt(metric: InfoMetric, step: number): SeriesColumn | undefined {
  let newest: SeriesColumn | undefined;
  for (const one of metric) {
    if (one.present[step] === ABSENT) continue;
    const difference = newest === undefined ? 1 : one.values[step]! - newest.values[step]!;
    if (newest !== undefined && difference === 0) {
      const timeMs = Math.round(one.values[step]! * 1000);
      const existing = `existing ${newest.labels} @ ${timeMs}`;
      const problem = `found duplicate series for info metric: ${existing}, new ${one.labels} @ ${timeMs}`;
      throw new QueryError("execution", problem);
    }
    if (difference > 0) newest = one;
  }
  return newest;
}

/** An empty column with the labels added; undefined where a wanted label is not to be had. */
function extended(
  one: SeriesColumn,
  infos: readonly (SeriesColumn | undefined)[],
  data: readonly Matcher[],
): SeriesColumn | undefined {
  const isAnyThere = infos.some((info) => info !== undefined);
  if (!isAnyThere && !data.every(({ test }) => test(""))) return undefined;
  const wanted = new Set(data.map(({ name }) => name));
  const added: Record<string, string> = {};
  for (const info of infos) {
    for (const [name, value] of info?.labels ?? []) {
      if (name === METRIC_NAME || (wanted.size > 0 && !wanted.has(name))) continue;
      if (added[name] !== undefined && added[name] !== value) {
        throw new QueryError("execution", `conflicting label: ${name}`);
      }
      if (!one.labels.has(name)) added[name] = value;
    }
  }
  const labels = one.labels.with(added);
  return { labels, dropsName: one.dropsName, ...createColumn(one.values.length) };
}
