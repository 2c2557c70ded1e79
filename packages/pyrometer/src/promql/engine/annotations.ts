/**
 * Remarks that travel beside a result, with Prometheus' wording. Each distinct text once, at the
 * place where it was last made, as there.
 */
import type { Source, Span } from "../../std/index.ts";
import { placeOf } from "../../std/index.ts";
import type { Annotation } from "../../storage/index.ts";
import { ANNOTATIONS_PER_QUERY_MAX } from "../limits.ts";

interface Remark {
  readonly severity: Annotation["severity"];
  readonly problem: string;
  span: Span;
  /** How often it happened, for remarks that say so. */
  count: number;
}

export class Annotations {
  readonly #source: Source;
  readonly #byText = new Map<string, Remark>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param problem without prefix and place, which are added as Prometheus does */
  warn(problem: string, span: Span): void {
    this.#add("warning", problem, span);
  }

  info(problem: string, span: Span): void {
    this.#add("info", problem, span);
  }

  /** As warn(); tells how often it happened when it was more than once. */
  warnCounted(problem: string, span: Span): void {
    const remark = this.#add("warning", problem, span);
    if (remark !== undefined) remark.count += 1;
  }

  toArray(): readonly Annotation[] {
    return [...this.#byText.values()].map(({ severity, problem, span, count }) => {
      const { line, column } = placeOf(this.#source.text, span.start);
      const times = count > 1 ? ` (${count} occurrences)` : "";
      const message = `PromQL ${severity}: ${problem}${times} (${line}:${column})`;
      return { severity, message, span };
    });
  }

  #add(severity: Annotation["severity"], problem: string, span: Span): Remark | undefined {
    const known = this.#byText.get(problem);
    if (known !== undefined) {
      known.span = span;
      return known;
    }
    if (this.#byText.size >= ANNOTATIONS_PER_QUERY_MAX) return undefined;
    const remark = { severity, problem, span, count: 0 };
    this.#byText.set(problem, remark);
    return remark;
  }
}
