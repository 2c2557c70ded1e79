/** match[] parameters: each a series selector; a request asks for the union of several. */
import type { Labels, Matcher } from "../../model/index.ts";
import { parseSelector } from "../../promql/index.ts";
import type { Reader, View } from "../../storage/index.ts";
import { ApiError, parseErrorText } from "../api-error.ts";

export type Selector = readonly Matcher[];

/** @throws {ApiError} "bad_data" on the first selector that does not parse or selects everything */
export function readSelectors(
  texts: readonly string[],
  fail = (why: string) => new ApiError("bad_data", why),
): readonly Selector[] {
  return texts.map((text) => {
    const { matchers, errors } = parseSelector({ name: "match[]", text });
    if (matchers === undefined || errors.length > 0) throw fail(parseErrorText(errors));
    // A selector that also matches a series without any label would select the whole store.
    if (matchers.some(({ test }) => !test(""))) return matchers;
    throw fail("match[] must contain at least one non-empty matcher");
  });
}

export interface TimeRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Runs `read` on a view of the range and closes the view. An empty range reads nothing.
 * @returns undefined when the range is empty
 */
export async function withView<T>(
  reader: Reader,
  { minMs, maxMs }: TimeRange,
  read: (view: View) => T,
): Promise<T | undefined> {
  if (minMs > maxMs) return undefined;
  const view = await reader.open(minMs, maxMs);
  try {
    return read(view);
  } finally {
    view.close();
  }
}

/** Label sets of the series that any selector picks, each once, ordered by labels. */
export function seriesOf(view: View, selectors: readonly Selector[]): Labels[] {
  const found = new Map<string, Labels>();
  for (const selector of selectors) {
    for (const { labels } of view.select(selector)) found.set(labels.key, labels);
  }
  const all = [...found.values()];
  // One selector's series come ordered; only a union needs sorting.
  return selectors.length > 1 ? all.sort((a, b) => a.compare(b)) : all;
}
