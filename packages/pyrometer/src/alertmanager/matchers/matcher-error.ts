/** A matcher text that does not parse. Whoever knows where it stood makes a SourceError of it. */
export class MatcherError extends Error {
  override readonly name = "MatcherError";
}
