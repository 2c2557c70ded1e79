/** Remarks that travel beside a result, each distinct text once, with Prometheus' wording. */
import type { Source, Span } from "../../std/index.ts";
import { placeOf } from "../../std/index.ts";
import type { Annotation } from "../../storage/index.ts";
import { ANNOTATIONS_PER_QUERY_MAX } from "../limits.ts";

export class Annotations {
  readonly #source: Source;
  readonly #byText = new Map<string, Annotation>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param problem without prefix and place, which are added as Prometheus does */
  add(severity: Annotation["severity"], problem: string, span: Span): void {
    if (this.#byText.size >= ANNOTATIONS_PER_QUERY_MAX) return;
    const { line, column } = placeOf(this.#source.text, span.start);
    const message = `PromQL ${severity}: ${problem} (${line}:${column})`;
    if (!this.#byText.has(message)) this.#byText.set(message, { severity, message, span });
  }

  warn(problem: string, span: Span): void {
    this.add("warning", problem, span);
  }

  info(problem: string, span: Span): void {
    this.add("info", problem, span);
  }

  toArray(): readonly Annotation[] {
    return [...this.#byText.values()];
  }
}
