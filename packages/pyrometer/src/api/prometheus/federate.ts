/**
 * /federate: the newest sample of each series asked for, as text, for another Prometheus to scrape.
 */
import type { FastifyInstance } from "fastify";
import {
  isLegacyLabelName,
  isLegacyMetricName,
  isStale,
  Labels,
  METRIC_NAME,
} from "../../model/index.ts";
import { LOOKBACK_MS } from "../../promql/index.ts";
import { compareText } from "../../std/index.ts";
import type { SeriesCursor, View } from "../../storage/index.ts";
import { createSampleBuffer } from "../../storage/index.ts";
import { sendText } from "../answer.ts";
import type { ApiDeps } from "../deps.ts";
import { encodeValue } from "../encode.ts";
import { paramsOf } from "../params.ts";
import type { Selector } from "./selectors.ts";
import { readSelectors, withView } from "./selectors.ts";

export function registerFederateRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get("/federate", async (request, reply) => {
    const selectors = readSelectors(paramsOf(request).all("match[]"));
    const nowMs = deps.clock.nowMs();
    const range = { minMs: nowMs - LOOKBACK_MS, maxMs: nowMs };
    const found = await withView(deps.reader, range, (view) =>
      newest(view, selectors, range.minMs),
    );
    const external = deps.status.externalLabels?.() ?? Labels.EMPTY;
    return sendText(reply, 200, print(found ?? [], external));
  });
}

interface NewestSample {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number;
}

function newest(view: View, selectors: readonly Selector[], startMs: number): NewestSample[] {
  const found = new Map<string, NewestSample>();
  const last = createLastReader();
  for (const selector of selectors) {
    for (const cursor of view.select(selector)) {
      const { labels } = cursor;
      if (found.has(labels.key) || !labels.has(METRIC_NAME)) continue;
      const sample = last(cursor, startMs);
      // The text format has no staleness marker: a series that ended is left out.
      if (sample && !isStale(sample.value)) found.set(labels.key, { labels, ...sample });
    }
  }
  const samples = [...found.values()];
  return samples.sort((a, b) => compareText(a.labels.metricName, b.labels.metricName));
}

/** Reads a cursor to its end; one buffer serves them all. */
function createLastReader() {
  const buffer = createSampleBuffer(1024);
  return (cursor: SeriesCursor, startMs: number) => {
    let sample: { timeMs: number; value: number } | undefined;
    let fromMs = startMs - 1;
    for (let count = buffer.timesMs.length; count === buffer.timesMs.length; ) {
      count = cursor.read(fromMs, Number.MAX_SAFE_INTEGER, buffer);
      if (count === 0) break;
      fromMs = buffer.timesMs[count - 1]!;
      sample = { timeMs: fromMs, value: buffer.values[count - 1]! };
    }
    return sample;
  };
}

function print(samples: readonly NewestSample[], external: Labels): string {
  // An empty instance label says "not mine": the scraper must not put its own in its place.
  const added = new Map([["instance", ""], ...external]);
  const addedNames = [...added.keys()].sort(compareText);
  let text = "";
  let lastName = "";
  for (const { labels, timeMs, value } of samples) {
    const name = labels.metricName;
    if (name !== lastName) text += `# TYPE ${printName(name)} untyped\n`;
    lastName = name;
    const pairs = [...labels].filter(([label]) => label !== METRIC_NAME);
    for (const label of addedNames) if (!labels.has(label)) pairs.push([label, added.get(label)!]);
    text += `${printSeries(name, pairs)} ${encodeValue(value)} ${timeMs}\n`;
  }
  return text;
}

function printName(name: string): string {
  return isLegacyMetricName(name) ? name : escapeQuoted(name);
}

function printSeries(name: string, pairs: readonly (readonly [string, string])[]): string {
  const isPlain = isLegacyMetricName(name);
  const parts = pairs.map(
    ([label, value]) =>
      `${isLegacyLabelName(label) ? label : escapeQuoted(label)}=${escapeQuoted(value)}`,
  );
  return isPlain ? `${name}{${parts.join(",")}}` : `{${[escapeQuoted(name), ...parts].join(",")}}`;
}

/** The text format knows three escapes; anything else stands for itself. */
function escapeQuoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
