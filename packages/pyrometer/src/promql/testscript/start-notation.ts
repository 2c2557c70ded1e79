/**
 * Start times in scripts, on a line before that of their series: `metric{a="b"}@st _ -1m -30s-1sx5`.
 * Each is a duration from its sample's time; `a-bxn` is n + 1 of them from a in steps of b.
 * Source: Prometheus 3.14, promql/promqltest/test.go
 */
import type { Labels } from "../../model/index.ts";
import { parseDuration } from "../../std/index.ts";
import { parseSeriesLine } from "./series-notation.ts";

export interface StartLine {
  readonly labels: Labels;
  /** One per value of the series; undefined where nothing is known. */
  readonly offsetsMs: readonly (number | undefined)[];
}

const LINE = /^(\S+)@st(?:\s+(.*))?$/;
const DURATION = String.raw`(?:\d+(?:ms|[smhdwy]))+|0`;
const ITEM = new RegExp(`^([+-]?)(${DURATION})(?:([+-])(${DURATION}))?(?:x(\\d+))?$`);

export function isStartLine(line: string): boolean {
  return LINE.test(line);
}

/** @returns what is wrong, as text, when it cannot be read */
export function parseStartLine(line: string): StartLine | { readonly problem: string } {
  const [, metric = "", content = ""] = LINE.exec(line) ?? [];
  const series = parseSeriesLine(`${metric} _`);
  if ("problem" in series) {
    return { problem: `invalid @st line metric "${metric}": ${series.problem}` };
  }
  const offsetsMs: (number | undefined)[] = [];
  for (const item of content.split(/\s+/).filter((text) => text !== "")) {
    const offsets = parseItem(item);
    if (offsets === undefined)
      return { problem: `invalid @st sequence: invalid ST item "${item}"` };
    offsetsMs.push(...offsets);
  }
  return { labels: series.labels, offsetsMs };
}

function parseItem(item: string): (number | undefined)[] | undefined {
  const gaps = /^_(?:x([1-9]\d*))?$/.exec(item);
  if (gaps) return new Array<undefined>(Number(gaps[1] ?? 1)).fill(undefined);
  const [, sign, base, stepSign, step, times] = ITEM.exec(item) ?? [];
  // A step without a count of steps says nothing.
  if (base === undefined || (step !== undefined && times === undefined)) return undefined;
  const firstMs = signedMs(sign, base);
  const stepMs = signedMs(stepSign, step ?? "0");
  if (firstMs === undefined || stepMs === undefined) return undefined;
  return Array.from({ length: Number(times ?? 0) + 1 }, (_, i) => firstMs + i * stepMs);
}

function signedMs(sign: string | undefined, text: string): number | undefined {
  const parsed = parseDuration(text);
  if ("problem" in parsed) return undefined;
  return sign === "-" ? -parsed.ms : parsed.ms;
}
