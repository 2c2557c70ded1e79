import { compareText } from "../std/index.ts";

export const METRIC_NAME = "__name__";

/** Sorts before every name and value: a byte that valid UTF-8 text never holds, as Prometheus has it. */
const SEPARATOR = "\u{10FFFF}";

/**
 * The labels of one series: immutable, sorted by name, no name twice, no empty value (to
 * Prometheus an empty label and an absent one are the same).
 *
 * For the edges: hot paths hold series references (integers) instead.
 */
export class Labels {
  // `this`: for the class by its name TypeScript 7.0 emits an alias that is not set yet.
  static readonly EMPTY: Labels = new this([]);

  /** name, value, name, value … */
  readonly #flat: readonly string[];
  #key: string | undefined;

  private constructor(flat: readonly string[]) {
    this.#flat = flat;
  }

  /** Sorts, drops empty values; when a name comes twice the last one wins. */
  static from(
    pairs: Readonly<Record<string, string>> | Iterable<readonly [string, string]>,
  ): Labels {
    const entries = Symbol.iterator in pairs ? pairs : Object.entries(pairs);
    const byName = new Map(entries as Iterable<readonly [string, string]>);
    const names = [...byName.keys()].sort(compareText);
    const flat: string[] = [];
    for (const name of names) {
      const value = byName.get(name)!;
      if (value !== "") flat.push(name, value);
    }
    return flat.length === 0 ? Labels.EMPTY : new Labels(flat);
  }

  get size(): number {
    return this.#flat.length / 2;
  }

  /** Equal for equal labels, and only for those. For maps; not for people, see toString(). */
  get key(): string {
    this.#key ??= this.#flat.join(SEPARATOR);
    return this.#key;
  }

  /** The metric name, "" when there is none. */
  get metricName(): string {
    return this.get(METRIC_NAME);
  }

  /** The value, "" when absent. */
  get(name: string): string {
    const flat = this.#flat;
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return flat[i + 1]!;
    return "";
  }

  has(name: string): boolean {
    return this.get(name) !== "";
  }

  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    const flat = this.#flat;
    for (let i = 0; i < flat.length; i += 2) yield [flat[i]!, flat[i + 1]!];
  }

  /** These labels with `changes` on top; an empty value removes. */
  with(changes: Readonly<Record<string, string>>): Labels {
    const names = Object.keys(changes);
    const [name] = names;
    if (names.length === 1 && name !== undefined) return this.#withOne(name, changes[name]!);
    return Labels.from(new Map([...this, ...Object.entries(changes)]));
  }

  /** One change finds its place without sorting anything. */
  #withOne(name: string, value: string): Labels {
    const flat = this.#flat;
    let at = 0;
    while (at < flat.length && compareText(flat[at]!, name) < 0) at += 2;
    const rest = flat.slice(flat[at] === name ? at + 2 : at);
    const changed = flat.slice(0, at);
    if (value !== "") changed.push(name, value);
    for (const text of rest) changed.push(text);
    return changed.length === 0 ? Labels.EMPTY : new Labels(changed);
  }

  without(names: readonly string[]): Labels {
    return this.#filter(names, false);
  }

  only(names: readonly string[]): Labels {
    return this.#filter(names, true);
  }

  equals(other: Labels): boolean {
    return this === other || this.key === other.key;
  }

  /** Orders by first differing name, then value, then length: Prometheus' labels.Compare. */
  compare(other: Labels): number {
    const length = Math.min(this.#flat.length, other.#flat.length);
    for (let i = 0; i < length; i++) {
      const order = compareText(this.#flat[i]!, other.#flat[i]!);
      if (order !== 0) return order;
    }
    return this.#flat.length - other.#flat.length;
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this);
  }

  toJSON(): Record<string, string> {
    return this.toRecord();
  }

  /** As Prometheus prints a series: `up{job="api"}`, `{a="b"}`, `{"my.metric", a="b"}`. */
  toString(): string {
    const name = this.metricName;
    const isPlainName = isLegacyMetricName(name);
    const parts: string[] = [];
    if (name !== "" && !isPlainName) parts.push(quote(name));
    for (const [label, value] of this) {
      if (label === METRIC_NAME) continue;
      parts.push(`${isLegacyLabelName(label) ? label : quote(label)}=${quote(value)}`);
    }
    if (isPlainName && parts.length === 0) return name;
    return `${isPlainName ? name : ""}{${parts.join(", ")}}`;
  }

  /** Names are few: a scan beats a set, and a plain loop beats the iterator five times over. */
  #filter(names: readonly string[], keepsNamed: boolean): Labels {
    const flat = this.#flat;
    const kept: string[] = [];
    for (let i = 0; i < flat.length; i += 2) {
      if (names.includes(flat[i]!) === keepsNamed) kept.push(flat[i]!, flat[i + 1]!);
    }
    if (kept.length === flat.length) return this;
    return kept.length === 0 ? Labels.EMPTY : new Labels(kept);
  }
}

/** Whether `name` needs no quotes as a metric name. */
export function isLegacyMetricName(name: string): boolean {
  return /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
}

/** Whether `name` needs no quotes as a label name. */
export function isLegacyLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** Whether `name` may name a metric or label in Prometheus 3: non-empty, well-formed UTF-8. */
export function isUtf8Name(name: string): boolean {
  return name !== "" && !/\p{Surrogate}/u.test(name) && !name.includes("\uFFFD");
}

/** Double-quoted as Go's strconv.Quote prints it, for the characters that occur in labels. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, "\\x$1");
}
