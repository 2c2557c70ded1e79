/**
 * A panel's data: all its queries at once, each on its own, so that one that fails leaves the rest.
 * Equal queries of several panels are sent once.
 */
import {
  keepPreviousData,
  type QueryClient,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";
import type { QueryAnswer } from "../api/query.ts";
import { queryInstant, queryRange } from "../api/query.ts";
import type { Grid } from "../charts/aligned-data.ts";
import type { PanelRequest } from "./requests.ts";
import { type NamedSeries, nameSeries } from "./series-names.ts";

export interface PanelError {
  readonly refId: string;
  readonly expr: string;
  readonly message: string;
}

export interface PanelData {
  readonly series: readonly NamedSeries[];
  readonly errors: readonly PanelError[];
  readonly warnings: readonly string[];
  /** Of the first query; all of a panel's share its range. */
  readonly grid: Grid;
}

/** Answers of earlier refreshes are of no use to anyone. */
const KEEP_ANSWERS_MS = 10_000;

const NO_GRID: Grid = { startMs: 0, endMs: 0, stepMs: 1000 };

/** Keeps the last data while the next loads; undefined until there was any. */
export function usePanelData(requests: readonly PanelRequest[] | undefined): PanelData | undefined {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["panel", requests],
    queryFn: () => loadPanel(client, requests ?? []),
    enabled: requests !== undefined && requests.length > 0,
    placeholderData: keepPreviousData,
    gcTime: KEEP_ANSWERS_MS,
    retry: false,
    structuralSharing: false,
  });
  return data;
}

async function loadPanel(
  client: QueryClient,
  requests: readonly PanelRequest[],
): Promise<PanelData> {
  const answers = await Promise.allSettled(requests.map((request) => ask(client, request)));
  const series: NamedSeries[] = [];
  const errors: PanelError[] = [];
  const warnings = new Set<string>();
  for (const [index, answer] of answers.entries()) {
    const { refId, expr, legendFormat } = requests[index]!;
    if (answer.status === "rejected") {
      errors.push({ refId, expr, message: messageOf(answer.reason) });
      continue;
    }
    series.push(...nameSeries({ refId, expr, legendFormat }, answer.value.series));
    for (const warning of answer.value.warnings) warnings.add(warning);
  }
  const grid = gridSpanning(requests);
  return { series, errors, warnings: [...warnings], grid };
}

function ask(client: QueryClient, { expr, grid, isInstant }: PanelRequest): Promise<QueryAnswer> {
  return client.fetchQuery({
    queryKey: ["query", expr, grid, isInstant],
    queryFn: ({ signal }) =>
      isInstant ? queryInstant(expr, grid.endMs, signal) : queryRange(expr, grid, signal),
    gcTime: KEEP_ANSWERS_MS,
    staleTime: KEEP_ANSWERS_MS,
    retry: false,
    structuralSharing: false,
  });
}

/** Queries may have steps of their own: the finest, over all of them. */
function gridSpanning(requests: readonly PanelRequest[]): Grid {
  return requests
    .map(({ grid }) => grid)
    .reduce(
      (finest, grid) => (grid.stepMs < finest.stepMs ? grid : finest),
      requests[0]?.grid ?? NO_GRID,
    );
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Error) return error.message;
  return String(error);
}
