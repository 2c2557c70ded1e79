/** What `pyrometer check metrics` asks: everything that is wrong with a text, not just the first. */
import type { Source, SourceError } from "../std/index.ts";
import { ERRORS_PER_CHECK_MAX } from "./limits.ts";
import { createOpenMetricsCheck } from "./openmetrics-check.ts";
import { parseExposition } from "./parse.ts";
import type { ExpositionFormat, ExpositionHandler } from "./types.ts";

const IGNORE: ExpositionHandler<true> = {
  lookup: () => undefined,
  add: () => true,
  sample() {},
};

/**
 * Everything wrong with `source` as a target's answer, in the order of its lines; empty when it is
 * good. OpenMetrics is also held to what its specification demands beyond the grammar: families
 * in one piece, names that do not clash, histograms that add up.
 */
export function checkExposition(source: Source, format: ExpositionFormat): SourceError[] {
  if (format === "prometheus") {
    return [
      ...parseExposition(source, { format, handler: IGNORE, errorsMax: ERRORS_PER_CHECK_MAX }),
    ];
  }
  const check = createOpenMetricsCheck(source);
  const errors = parseExposition(source, {
    format,
    handler: check.handler,
    errorsMax: ERRORS_PER_CHECK_MAX,
  });
  const all = [...errors, ...check.finish()];
  return all.sort((a, b) => a.span.start - b.span.start).slice(0, ERRORS_PER_CHECK_MAX);
}
