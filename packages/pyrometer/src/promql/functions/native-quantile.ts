/** histogram_quantile and histogram_fraction of native histograms. */
import type { FloatHistogram, Statistic } from "../../model/index.ts";
import { histogramFraction, histogramQuantile } from "../../model/index.ts";
import type { Span } from "../../std/index.ts";
import type { Column, SeriesColumn, VectorColumns } from "../engine/column.ts";
import { createColumn, FLOAT, histogramAt } from "../engine/column.ts";
import type { QueryContext } from "../engine/context.ts";
import { fractionExcludesNans, quantileIsNan, quantileIsSkewed } from "../engine/remark-texts.ts";

/** A series of native histograms, and where it does not count. */
export interface NativeSeries {
  readonly column: SeriesColumn;
  /** Not 0 at steps where a classic histogram of the same name and labels contradicts it. */
  readonly conflicts: Uint8Array | undefined;
}

export function nativeSeriesOf({ series }: VectorColumns): SeriesColumn[] {
  return series.filter(({ histograms }) => histograms !== undefined);
}

interface NativeOptions {
  readonly context: QueryContext;
  /** The expression the histograms come from. */
  readonly span: Span;
}

export function nativeQuantiles(
  native: NativeSeries,
  quantiles: Float64Array,
  { context: { annotations, isNameRemovalDelayed }, span }: NativeOptions,
): Column {
  const name = isNameRemovalDelayed ? native.column.labels.metricName : "";
  return mapHistograms(native, (histogram, step) => {
    const { value, remark } = histogramQuantile(histogram, quantiles[step]!);
    if (remark === "nan-result") annotations.info(quantileIsNan(name), span);
    if (remark === "nan-skew") annotations.info(quantileIsSkewed(name), span);
    return value;
  });
}

export function nativeFractions(
  native: NativeSeries,
  [lower, upper]: readonly [Float64Array, Float64Array],
  { context: { annotations, isNameRemovalDelayed }, span }: NativeOptions,
): Column {
  const name = isNameRemovalDelayed ? native.column.labels.metricName : "";
  return mapHistograms(native, (histogram, step) => {
    const found: Statistic = histogramFraction(histogram, lower[step]!, upper[step]!);
    if (found.remark !== undefined) annotations.info(fractionExcludesNans(name), span);
    return found.value;
  });
}

function mapHistograms(
  { column, conflicts }: NativeSeries,
  numberOf: (histogram: FloatHistogram, step: number) => number,
): Column {
  const into = createColumn(column.values.length);
  for (let step = 0; step < into.values.length; step++) {
    const histogram = conflicts?.[step] ? undefined : histogramAt(column, step);
    if (histogram === undefined) continue;
    into.values[step] = numberOf(histogram, step);
    into.present[step] = FLOAT;
  }
  return into;
}
