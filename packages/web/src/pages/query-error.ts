/** Where in a query an error stands: Prometheus writes `1:5: parse error: …`, line and column. */
export interface QueryErrorPlace {
  /** The line of the query that holds the error. */
  readonly lineText: string;
  /** 0-based. */
  readonly column: number;
  readonly message: string;
}

export function locateError(query: string, message: string): QueryErrorPlace | undefined {
  const match = /(?:^|\s)(\d+):(\d+): (.*)$/s.exec(message);
  if (!match) return undefined;
  const lineText = query.split("\n")[Number(match[1]) - 1];
  if (lineText === undefined) return undefined;
  const column = Math.min(lineText.length, Math.max(0, Number(match[2]) - 1));
  return { lineText, column, message: match[3]! };
}
