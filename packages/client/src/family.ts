/**
 * A metric with all its series: one cell per combination of label values, made when first asked
 * for. A cell is held by whoever writes to it, so the way of a hot loop is: labels() once, then
 * writes that touch no map.
 */
import { MetricError } from "./metric-error.ts";
import { escapeHelp, formatLabels } from "./text-format.ts";

export type MetricType = "counter" | "gauge" | "histogram";

export type LabelValues<L extends string> = Readonly<Record<L, string | number>>;

/** A metric with labels: pick a series by giving each label a value. */
export interface Labelled<L extends string, Cell> {
  /**
   * The series with these label values, born at 0 when it is new. Hold on to the result in a hot
   * loop.
   *
   * @throws {MetricError} "client/label" when a label is missing or unknown
   */
  labels(values: LabelValues<L>): Cell;
  /** Forgets one series, for things that went away. Whether there was one. */
  remove(values: LabelValues<L>): boolean;
  /** Forgets all series. A cell that is still held counts on, unseen. */
  clear(): void;
}

/** What a registry hands out: without labels the metric is its one series. */
export type Metric<L extends string, Cell> = [L] extends [never] ? Cell : Labelled<L, Cell>;

export interface FamilyOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly labelNames: readonly L[];
}

/** What a family asks of its cells: print yourself under this name. */
export interface Printable {
  print(lines: string[], name: string, labels: string): void;
}

interface Entry<Cell> {
  readonly labels: string;
  readonly cell: Cell;
}

export class Family<L extends string, Cell extends Printable> implements Labelled<L, Cell> {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly #labelNames: readonly L[];
  readonly #newCell: () => Cell;
  readonly #entries = new Map<string, Entry<Cell>>();

  constructor({ name, help, type, labelNames }: FamilyOptions<L>, newCell: () => Cell) {
    this.name = name;
    this.help = help;
    this.type = type;
    this.#labelNames = [...labelNames];
    this.#newCell = newCell;
  }

  labels(values: LabelValues<L>): Cell {
    const texts = this.#textsOf(values);
    const key = keyOf(texts);
    const known = this.#entries.get(key);
    if (known) return known.cell;
    const cell = this.#newCell();
    this.#entries.set(key, { labels: formatLabels(this.#labelNames, texts), cell });
    return cell;
  }

  remove(values: LabelValues<L>): boolean {
    return this.#entries.delete(keyOf(this.#textsOf(values)));
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The names of the series it prints; no other metric may print one of them. */
  get seriesNames(): readonly string[] {
    const { name } = this;
    return this.type === "histogram"
      ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
      : [name];
  }

  print(lines: string[]): void {
    lines.push(`# HELP ${this.name} ${escapeHelp(this.help)}`, `# TYPE ${this.name} ${this.type}`);
    for (const { cell, labels } of this.#entries.values()) cell.print(lines, this.name, labels);
  }

  /** The types say that all labels are there; callers from JavaScript have none. */
  #textsOf(values: LabelValues<L>): string[] {
    const given: Readonly<Record<string, string | number | undefined>> = values;
    const texts: string[] = [];
    for (const name of this.#labelNames) {
      const value = given[name];
      if (value === undefined) throw this.#labelError(`label "${name}" is missing`);
      texts.push(String(value));
    }
    for (const name of Object.keys(given)) {
      const isKnown = this.#labelNames.some((known) => known === name);
      if (!isKnown) throw this.#labelError(`label "${name}" is unknown`);
    }
    return texts;
  }

  #labelError(problem: string): MetricError {
    const wanted = this.#labelNames.length === 0 ? "none" : this.#labelNames.join(", ");
    return new MetricError(
      "client/label",
      `Cannot find series of "${this.name}": ${problem}, expected ${wanted}`,
    );
  }
}

/** Lengths keep ("a", "bc") and ("ab", "c") apart, whatever characters the values hold. */
function keyOf(texts: readonly string[]): string {
  if (texts.length === 1) return texts[0]!;
  return texts.map((text) => `${text.length}:${text}`).join("");
}
