/** A query's annotations as the API's "warnings" and "infos", worded and cut as Prometheus does. */
import type { Annotation } from "../../storage/index.ts";
import type { Remarks } from "../answer.ts";

/** Of each kind; Prometheus' own number. */
const REMARKS_MAX = 10;

export const TRUNCATED = "results truncated due to limit";

export function remarksOf(annotations: readonly Annotation[], isTruncated: boolean): Remarks {
  const textsOf = (severity: Annotation["severity"]) => [
    ...new Set(annotations.filter((one) => one.severity === severity).map((one) => one.message)),
  ];
  const warnings = cut(textsOf("warning"), "warning");
  return {
    warnings: isTruncated ? [...warnings, TRUNCATED] : warnings,
    infos: cut(textsOf("info"), "info"),
  };
}

function cut(texts: readonly string[], word: string): readonly string[] {
  if (texts.length <= REMARKS_MAX) return texts;
  const omittedCount = texts.length - REMARKS_MAX;
  return [...texts.slice(0, REMARKS_MAX), `${omittedCount} more ${word} annotations omitted`];
}
