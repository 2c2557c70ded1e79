/**
 * Functions over ranges of series that have native histograms or start times. Series of plain
 * numbers never come here: they go to the functions' own columns-at-once code.
 */
import type { FloatHistogram } from "../../model/index.ts";
import { detectReset } from "../../model/index.ts";
import { assert } from "../../std/index.ts";
import type { RemarkPlace } from "../functions/histogram-sums.ts";
import type {
  HistogramValueOf,
  WindowCompute,
  WindowFunction,
  WindowInput,
} from "../functions/implementation.ts";
import { isRestart } from "../functions/start-times.ts";
import type { Budget } from "./budget.ts";
import type { Column } from "./column.ts";
import { ABSENT, FLOAT, histogramWork, setHistogram } from "./column.ts";
import { ignoredInRange, mixedTypesOf } from "./remark-texts.ts";
import type { Samples } from "./samples.ts";
import type { Windows } from "./windows.ts";
import { locateWindows } from "./windows.ts";

/** What the function does, as far as its range's extension decides it. */
export interface WindowPlan {
  readonly implementation: WindowFunction;
  readonly compute: WindowCompute;
  /** Of a function that keeps histograms apart. */
  readonly valueOfHistograms: HistogramValueOf | undefined;
  readonly isExtended: boolean;
}

interface MixedInput {
  readonly input: WindowInput;
  readonly place: RemarkPlace;
  readonly budget: Budget;
}

/** Fills `into` for one series; `windows` are located in all of its samples. */
export async function computeMixed(
  plan: WindowPlan,
  { input, place, budget }: MixedInput,
  into: Column,
): Promise<void> {
  const { histograms } = plan.implementation;
  switch (histograms?.kind) {
    case undefined:
      plan.compute(input, into);
      return;
    case "ignored":
      computeNumbers(plan, { input, place }, into);
      return;
    case "apart":
      return computeApart(plan, { input, place, budget }, into);
    case "together":
      return forEachWindow(input, budget, (bounds, step) => {
        const from = plan.isExtended ? anchorOf(bounds) : bounds.from;
        if (from === undefined) return;
        const { values } = input.samples;
        const row = { values, histograms: input.samples.histograms, place };
        put(into, step, histograms.cellOf({ ...bounds, from, ...row }));
      });
  }
}

/** Works on the numbers, and says where histograms were left out. */
function computeNumbers(
  { compute }: WindowPlan,
  { input, place }: Omit<MixedInput, "budget">,
  into: Column,
): void {
  const numbers = onlyNumbers(input.samples);
  const windows = located(input.windows, numbers);
  compute({ ...input, samples: numbers, windows }, into);
  for (let step = 0; step < windows.stepCount; step++) {
    const numberCount = windows.to[step]! - windows.from[step]!;
    const allCount = input.windows.to[step]! - input.windows.from[step]!;
    if (numberCount === 0 || numberCount === allCount) continue;
    place.annotations.info(ignoredInRange(place.name), place.span);
    return;
  }
}

async function computeApart(
  plan: WindowPlan,
  { input, place, budget }: MixedInput,
  into: Column,
): Promise<void> {
  const numbers = onlyNumbers(input.samples);
  const numberWindows = located(input.windows, numbers);
  const numberInput = { ...input, samples: numbers, windows: numberWindows };
  await computeApartNumbers(plan, { input: numberInput, place, budget }, into);
  const only = onlyHistograms(input.samples);
  if (only.histograms.length === 0) return;
  const { valueOfHistograms } = plan;
  assert(valueOfHistograms !== undefined, "BUG: no value of histograms");
  const { histograms } = only;
  const isResetAt = resetsOf(only);
  const own = { windows: located(input.windows, only), samples: only };
  await forEachWindow(own, budget, (bounds, step) => {
    if (numberWindows.from[step] === numberWindows.to[step]) {
      put(into, step, valueOfHistograms({ ...bounds, histograms, place, isResetAt }));
      return;
    }
    into.present[step] = ABSENT;
    place.annotations.warn(mixedTypesOf(place.name), place.span);
  });
}

/**
 * Whether the counters started over before a row. Windows overlap, so each pair is looked at once
 * and the answer kept.
 */
function resetsOf(
  samples: Samples & { readonly histograms: readonly FloatHistogram[] },
): (row: number) => boolean {
  const { histograms } = samples;
  const known = new Int8Array(histograms.length).fill(-1);
  return (row) => {
    if (known[row] === -1) {
      const hasReset = detectReset(histograms[row]!, histograms[row - 1]!);
      known[row] = Number(hasReset || isRestart(samples, row));
    }
    return known[row] === 1;
  };
}

async function computeApartNumbers(
  { implementation, compute, isExtended }: WindowPlan,
  { input, place, budget }: MixedInput,
  into: Column,
): Promise<void> {
  const { ofStarted } = implementation;
  const { values, startTimesMs } = input.samples;
  if (ofStarted === undefined || startTimesMs === undefined || isExtended) {
    compute(input, into);
    return;
  }
  await forEachWindow(input, budget, (bounds, step) => {
    put(into, step, ofStarted({ ...bounds, values, startTimesMs, place }));
  });
}

function put(into: Column, step: number, value: number | FloatHistogram | undefined): void {
  if (value === undefined) return;
  if (typeof value !== "number") return setHistogram(into, step, value);
  into.values[step] = value;
  into.present[step] = FLOAT;
}

interface Bounds {
  readonly timesMs: Float64Array;
  readonly startTimesMs: Float64Array | undefined;
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly rangeMs: number;
}

/** Calls `see` for every window that has samples. */
async function forEachWindow(
  { windows, samples }: Pick<WindowInput, "windows" | "samples">,
  budget: Budget,
  see: (bounds: Bounds, step: number) => void,
): Promise<void> {
  const { from, to, stepCount, firstEndMs, strideMs, rangeMs } = windows;
  const { timesMs, startTimesMs } = samples;
  for (let step = 0; step < stepCount; step++) {
    const [first, last] = [from[step]!, to[step]!];
    if (first === last) continue;
    const endMs = firstEndMs + strideMs * step;
    const startMs = endMs - rangeMs;
    see({ timesMs, startTimesMs, from: first, to: last, startMs, endMs, rangeMs }, step);
    const work = samples.histograms === undefined ? last - first : histogramWork(last - first);
    if (budget.isTurnDue(work)) await budget.turn();
  }
}

/** The last sample at or before the window's start; undefined when none comes after the start. */
function anchorOf({ timesMs, from, to, startMs }: Bounds): number | undefined {
  if (timesMs[to - 1]! <= startMs) return undefined;
  let anchor = from;
  while (timesMs[anchor + 1]! <= startMs) anchor += 1;
  return anchor;
}

function located(windows: Windows, samples: Samples): Windows {
  const own = {
    ...windows,
    from: new Int32Array(windows.stepCount),
    to: new Int32Array(windows.stepCount),
  };
  locateWindows(own, samples);
  return own;
}

function onlyNumbers(samples: Samples): Samples {
  const { histograms } = samples;
  return histograms === undefined
    ? samples
    : filtered(samples, (row) => histograms[row] === undefined);
}

function onlyHistograms(samples: Samples): Samples & { readonly histograms: FloatHistogram[] } {
  const { histograms = [] } = samples;
  const kept = filtered(samples, (row) => histograms[row] !== undefined);
  const rows = histograms.slice(0, samples.count).filter((one) => one !== undefined);
  return { ...kept, histograms: rows };
}

function filtered(
  { timesMs, values, count, startTimesMs }: Samples,
  isKept: (row: number) => boolean,
): Samples {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (isKept(row)) rows.push(row);
  const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  return {
    timesMs: pick(timesMs),
    values: pick(values),
    count: rows.length,
    startTimesMs: startTimesMs && pick(startTimesMs),
  };
}
