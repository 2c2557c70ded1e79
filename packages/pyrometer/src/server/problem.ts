import type { ProblemReport } from "../api/index.ts";
import { SourceError } from "../std/index.ts";

/** Something a person should know: shown by `pyrometer up`, in the UI and by the status API. */
export type Problem = ProblemReport;

export function problemOf(error: unknown, severity: Problem["severity"]): Problem {
  if (error instanceof SourceError) {
    const { code, message, line, column, source } = error;
    return { severity, code, message, file: source.name, line, column, rendered: error.render() };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { severity, code: "server/internal", message };
}
