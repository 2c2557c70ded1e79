/** Something that keeps targets from being scraped as meant, for the status page. */
import type { SourceError } from "../std/index.ts";

export interface ScrapeProblem {
  readonly severity: "error" | "warning";
  /** Its own, or that of the SourceError; documented in docs/errors.md. */
  readonly code: string;
  readonly job: string;
  readonly message: string;
  /** When a text is wrong: where, and how to draw it. */
  readonly sourceError?: SourceError;
}
