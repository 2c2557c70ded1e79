/**
 * The metrics of one process, and their text. Label names are part of a metric's type: a label
 * that is missing or misspelt does not compile.
 */
import type { Counter } from "./counter.ts";
import { CounterState } from "./counter.ts";
import type { LabelValues, Metric, MetricType, Printable } from "./family.ts";
import { Family } from "./family.ts";
import type { Gauge } from "./gauge.ts";
import { GaugeState } from "./gauge.ts";
import type { Histogram } from "./histogram.ts";
import { checkBuckets, DEFAULT_BUCKETS, HistogramState } from "./histogram.ts";
import { MetricError } from "./metric-error.ts";
import { checkLabelNames, checkMetricName } from "./names.ts";

export interface MetricOptions<L extends string> {
  /** Base units, unit last: `ml_inference_latency_seconds`; a counter ends in `_total`. */
  readonly name: string;
  /** One sentence for the person who meets the metric in a query. */
  readonly help: string;
  readonly labelNames?: readonly L[];
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, rising, in the unit of the metric. +Inf comes by itself. */
  readonly buckets?: readonly number[];
}

interface Definition {
  readonly type: MetricType;
  readonly reservedLabels: readonly string[];
}

/** What the registry keeps of a family, whatever its labels are. */
interface AnyFamily {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly seriesNames: readonly string[];
  print(lines: string[]): void;
}

export class Registry {
  readonly #families: AnyFamily[] = [];
  readonly #familyBySeriesName = new Map<string, AnyFamily>();
  readonly #hooks: (() => void)[] = [];

  /** @throws {MetricError} on a bad name or label, or a name that is taken; so do the others */
  counter<const L extends string = never>(options: MetricOptions<L>): Counter<L> {
    const definition: Definition = { type: "counter", reservedLabels: [] };
    return this.#add(options, definition, () => new CounterState(options.name));
  }

  gauge<const L extends string = never>(options: MetricOptions<L>): Gauge<L> {
    const definition: Definition = { type: "gauge", reservedLabels: [] };
    return this.#add(options, definition, () => new GaugeState());
  }

  histogram<const L extends string = never>(options: HistogramOptions<L>): Histogram<L> {
    const bounds = checkBuckets(options.name, options.buckets ?? DEFAULT_BUCKETS);
    const definition: Definition = { type: "histogram", reservedLabels: ["le"] };
    return this.#add(options, definition, () => new HistogramState(bounds));
  }

  /** Calls `hook` before each exposition, to set gauges that are read rather than kept. */
  collect(hook: () => void): void {
    this.#hooks.push(hook);
  }

  /** All metrics as text format 0.0.4, in the order they were defined. A throwing hook throws. */
  expose(): string {
    for (const hook of this.#hooks) hook();
    const lines: string[] = [];
    for (const family of this.#families) family.print(lines);
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }

  /** Without labels the metric is its one series, born at 0, so that it is there before it counts. */
  #add<L extends string, Cell extends Printable>(
    { name, help, labelNames = [] }: MetricOptions<L>,
    { type, reservedLabels }: Definition,
    newCell: () => Cell,
  ): Metric<L, Cell> {
    checkMetricName(name);
    checkLabelNames(name, labelNames, reservedLabels);
    const family = new Family<L, Cell>({ name, help, type, labelNames }, newCell);
    this.#claim(family);
    const metric = labelNames.length === 0 ? family.labels({} as LabelValues<L>) : family;
    // The compiler does not see that "no names" and "L is never" are one condition.
    return metric as unknown as Metric<L, Cell>;
  }

  #claim(family: AnyFamily): void {
    for (const name of family.seriesNames) {
      const holder = this.#familyBySeriesName.get(name);
      if (holder) throw clash(family, holder, name);
    }
    for (const name of family.seriesNames) this.#familyBySeriesName.set(name, family);
    this.#families.push(family);
  }
}

export function createRegistry(): Registry {
  return new Registry();
}

/** For programs that are one service. A library takes a registry as an argument instead. */
export const defaultRegistry = new Registry();

function clash(family: AnyFamily, holder: AnyFamily, seriesName: string): MetricError {
  const describe = ({ type, name, help }: AnyFamily) => `${type} "${name}" ("${help}")`;
  return new MetricError(
    "client/clash",
    `Cannot define ${describe(family)}: ${describe(holder)} already has series ` +
      `"${seriesName}", expected another name`,
  );
}
