/** Reads a whole exposition and tells a handler what is in it. */
import type { Source, SourceError } from "../std/index.ts";
import { readOpenMetricsText } from "./openmetrics-text.ts";
import { readPrometheusText } from "./prometheus-text.ts";
import { Reading } from "./reading.ts";
import type { ExpositionFormat, ExpositionHandler } from "./types.ts";

export interface ParseOptions<Series> {
  readonly format: ExpositionFormat;
  readonly handler: ExpositionHandler<Series>;
  /** How many faults to collect before giving up; each costs its line. 1 unless said. */
  readonly errorsMax?: number;
}

/**
 * Calls `handler` for each line of `source`, in order.
 *
 * @returns what is wrong; empty when the text is good. With errors, the handler was still told of
 * the good lines up to the last error: what it gathered is the caller's to throw away.
 */
export function parseExposition<Series>(
  source: Source,
  { format, handler, errorsMax = 1 }: ParseOptions<Series>,
): readonly SourceError[] {
  const reading = new Reading(source, handler, errorsMax);
  switch (format) {
    case "prometheus":
      readPrometheusText(reading);
      break;
    case "openmetrics":
      readOpenMetricsText(reading);
      break;
  }
  return reading.errors;
}

/** The format that a Content-Type header names; text format for any that we do not know. */
export function formatOfContentType(contentType: string): ExpositionFormat {
  return /^application\/openmetrics-text\b/i.test(contentType.trim())
    ? "openmetrics"
    : "prometheus";
}
