/**
 * The meaning of OpenMetrics 1.0, beyond its grammar: which samples a family may have, that
 * families and the groups in them stay in one piece, that counts do not fall and buckets add up.
 *
 * A family is closed when a line of another begins; what can only be judged as a whole (buckets,
 * units) is judged then. A name once used, by any sample the family could have, is taken.
 *
 * Source: OpenMetrics 1.0 specification; the reference behaviour is prometheus/client_python's
 */
import { METRIC_NAME } from "../model/index.ts";
import type { Source, Span } from "../std/index.ts";
import { SourceError } from "../std/index.ts";
import { parseNumber } from "./number.ts";
import { HistogramCheck } from "./openmetrics-histogram.ts";
import type {
  Exemplar,
  ExpositionHandler,
  LabelPairs,
  MetadataEntry,
  MetricType,
} from "./types.ts";

/** What a type's samples are called after the family's name. */
const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ["_total", "_created"],
  gauge: [""],
  histogram: ["_bucket", "_count", "_sum", "_created"],
  gaugehistogram: ["_bucket", "_gcount", "_gsum"],
  summary: ["", "_count", "_sum", "_created"],
  info: ["_info"],
  stateset: [""],
  unknown: [""],
};

/** Samples that count something: neither negative nor NaN. A sum may be negative in a gaugehistogram. */
const COUNTING: ReadonlySet<string> = new Set(["_total", "_sum", "_count", "_bucket", "_gcount"]);

interface Family {
  readonly name: string;
  readonly span: Span;
  readonly given: Set<MetadataEntry["kind"]>;
  type: MetricType;
  unit: { readonly text: string; readonly span: Span } | undefined;
  hasSamples: boolean;
  readonly seenGroups: Set<string>;
  group: string | undefined;
  timeMs: number | undefined;
  histogram: HistogramCheck | undefined;
}

interface Sample {
  readonly suffix: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly timeMs: number | undefined;
}

export interface OpenMetricsCheck {
  readonly handler: ExpositionHandler<LabelPairs>;
  /** Closes the last family and returns everything found. */
  finish(): readonly SourceError[];
}

export function createOpenMetricsCheck(source: Source): OpenMetricsCheck {
  const checker = new Checker(source);
  return {
    handler: {
      lookup: () => undefined,
      add: (_, pairs) => pairs,
      line: (span) => checker.line(span),
      exemplar: (exemplar) => checker.exemplar(exemplar),
      sample: (pairs, value, timeMs) => checker.sample(pairs, value, timeMs),
      metadata: (entry) => checker.metadata(entry),
    },
    finish: () => checker.finish(),
  };
}

class Checker {
  readonly #source: Source;
  readonly #errors: SourceError[] = [];
  readonly #takenNames = new Set<string>();
  #family: Family | undefined;
  #span: Span = { start: 0, end: 1 };
  #exemplar: Exemplar | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  line(span: Span): void {
    this.#span = span;
    this.#exemplar = undefined;
  }

  exemplar(exemplar: Exemplar): void {
    this.#exemplar = exemplar;
  }

  metadata(entry: MetadataEntry): void {
    let family = this.#family;
    if (family?.name !== entry.metric) family = this.#open(entry.metric);
    if (family.hasSamples) this.#fail(`# ${entry.kind.toUpperCase()} comes after samples`);
    if (family.given.has(entry.kind)) this.#fail(`# ${entry.kind.toUpperCase()} is given twice`);
    family.given.add(entry.kind);
    if (entry.kind === "type") family.type = entry.type;
    if (entry.kind === "unit") family.unit = { text: entry.text, span: this.#span };
  }

  sample(pairs: LabelPairs, value: number, timeMs: number | undefined): void {
    const labels = new Map(pairs);
    const name = labels.get(METRIC_NAME) ?? "";
    labels.delete(METRIC_NAME);
    const owner = this.#family;
    const suffix = owner && suffixOf(name, owner);
    const family = owner && suffix !== undefined ? owner : this.#open(name);
    const sample: Sample = { suffix: suffix ?? "", labels, value, timeMs };
    family.hasSamples = true;
    this.#checkPlace(family, sample);
    this.#checkValue(family, sample);
    this.#checkLabels(family, sample);
    this.#checkExemplar(family, sample);
    const problem = family.histogram?.add(sample.suffix, labels.get("le"), value);
    if (problem !== undefined) this.#fail(problem);
  }

  finish(): readonly SourceError[] {
    this.#close();
    return this.#errors;
  }

  #open(name: string): Family {
    this.#close();
    const family: Family = {
      name,
      span: this.#span,
      given: new Set(),
      type: "unknown",
      unit: undefined,
      hasSamples: false,
      seenGroups: new Set(),
      group: undefined,
      timeMs: undefined,
      histogram: undefined,
    };
    this.#family = family;
    return family;
  }

  #close(): void {
    const family = this.#family;
    if (family === undefined) return;
    this.#closeGroup(family);
    const { name, unit, type, span } = family;
    for (const suffix of new Set(["", ...SUFFIXES[type]])) {
      const taken = name + suffix;
      if (this.#takenNames.has(taken)) this.#failAt(span, `the name "${taken}" is taken already`);
      this.#takenNames.add(taken);
    }
    if (unit === undefined || unit.text === "") return;
    if (!name.endsWith(`_${unit.text}`)) {
      this.#failAt(unit.span, `"${name}" does not end with its unit "_${unit.text}"`);
    }
    if (type === "info" || type === "stateset") {
      this.#failAt(unit.span, `a metric of type ${type} has no unit`);
    }
  }

  #closeGroup(family: Family): void {
    const problem = family.histogram?.finish();
    if (problem !== undefined) this.#failAt(family.histogram?.span ?? family.span, problem);
    family.histogram = undefined;
  }

  /** A group, all samples with the same labels but for the one that tells them apart, is in one piece. */
  #checkPlace(family: Family, { labels, timeMs, suffix }: Sample): void {
    const group = groupOf(family, labels, suffix);
    const isSameGroup = group === family.group;
    if (!isSameGroup && family.seenGroups.has(group)) {
      this.#fail("the samples of one set of labels are not next to each other");
    }
    if (isSameGroup && (timeMs === undefined) !== (family.timeMs === undefined)) {
      this.#fail("some samples of one set of labels have a timestamp and some have none");
    }
    if (isSameGroup && timeMs !== undefined && timeMs < (family.timeMs ?? timeMs)) {
      this.#fail("timestamps go backwards");
    }
    if (!isSameGroup || timeMs !== family.timeMs) {
      this.#closeGroup(family);
      if (family.type === "histogram" || family.type === "gaugehistogram") {
        family.histogram = new HistogramCheck(family.type, this.#span);
      }
    }
    family.seenGroups.add(group);
    family.group = group;
    family.timeMs = timeMs;
  }

  #checkValue({ type }: Family, { suffix, value, labels }: Sample): void {
    const isCounting = COUNTING.has(suffix) || (type === "summary" && suffix === "");
    if (isCounting && value < 0) this.#fail(`${value} is negative, expected a count`);
    const mayBeNaN = suffix === "" || suffix === "_created" || suffix === "_info";
    if (!mayBeNaN && Number.isNaN(value)) this.#fail("NaN is no count");
    if (type === "info" && value !== 1) this.#fail(`the value of an info is 1, not ${value}`);
    if (type === "stateset" && value !== 0 && value !== 1 && labels.size > 0) {
      this.#fail(`the value of a state is 0 or 1, not ${value}`);
    }
  }

  #checkLabels({ type, name }: Family, { suffix, labels }: Sample): void {
    if (type === "stateset" && !labels.has(name)) {
      this.#fail(`a stateset needs the label "${name}" to name the state`);
    }
    if (suffix === "_bucket") {
      const le = labels.get("le");
      if (le === undefined) this.#fail('a bucket needs the label "le"');
      else if (!isBound(le)) this.#fail(`le="${le}" is no bound, expected a number or +Inf`);
    }
    if (type === "summary" && suffix === "") {
      const quantile = labels.get("quantile");
      const share = quantile === undefined ? undefined : parseNumber(quantile, 0, quantile.length);
      const isShare = share !== undefined && 0 <= share && share <= 1;
      if (!isShare) this.#fail('a summary needs the label "quantile", from 0 to 1');
    }
  }

  #checkExemplar({ type }: Family, { suffix }: Sample): void {
    const mayHaveOne = suffix === "_bucket" || (type === "counter" && suffix === "_total");
    if (this.#exemplar && !mayHaveOne) {
      this.#fail("an exemplar stands only behind a counter's total or a histogram's bucket");
    }
  }

  #fail(problem: string): void {
    this.#failAt(this.#span, problem);
  }

  #failAt(span: Span, problem: string): void {
    const line = JSON.stringify(this.#source.text.slice(span.start, span.end));
    const error = new SourceError("exposition/openmetrics", `Cannot accept ${line}: ${problem}`, {
      source: this.#source,
      span,
    });
    this.#errors.push(error);
  }
}

function suffixOf(name: string, family: Family): string | undefined {
  if (!name.startsWith(family.name)) return undefined;
  const suffix = name.slice(family.name.length);
  return SUFFIXES[family.type].includes(suffix) ? suffix : undefined;
}

function groupOf({ type, name }: Family, labels: ReadonlyMap<string, string>, suffix: string) {
  const apart = new Map(labels);
  if (suffix === "_bucket") apart.delete("le");
  if (type === "summary" && suffix === "") apart.delete("quantile");
  if (type === "stateset") apart.delete(name);
  return JSON.stringify([...apart].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** "+Inf" is the one spelling of infinity that a bound may have. */
function isBound(le: string): boolean {
  const bound = parseNumber(le, 0, le.length);
  if (bound === undefined || Number.isNaN(bound)) return false;
  return Number.isFinite(bound) || le === "+Inf";
}
