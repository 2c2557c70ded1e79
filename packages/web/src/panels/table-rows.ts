/**
 * A table panel's rows: one per label set, a column per label and one per query, as Grafana's
 * "merge" makes them of instant queries; then the transformations that rename, hide and order.
 */
import type { NamedSeries } from "../dashboard/series-names.ts";
import type { Transformation } from "../model.ts";

export type Cell = string | number | null;

export interface TableData {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface TableColumn {
  /** As the data has it: a label, "Time", "Value", "Value #A". Overrides name it by this too. */
  readonly field: string;
  readonly title: string;
  readonly refId: string;
}

const HIDDEN_LABELS = new Set(["__name__"]);

export function toTable(
  series: readonly NamedSeries[],
  transformations: readonly Transformation[],
): TableData {
  let table = merge(series);
  for (const { id, options } of transformations) table = transform(table, id, options);
  return table;
}

function merge(series: readonly NamedSeries[]): TableData {
  const refIds = [...new Set(series.map(({ refId }) => refId))];
  const labelNames = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].filter(
    (name) => !HIDDEN_LABELS.has(name),
  );
  const rows = new Map<string, Cell[]>();
  for (const { labels, refId, values } of series) {
    const texts = labelNames.map((name) => labels[name] ?? "");
    const key = JSON.stringify(texts);
    const row = rows.get(key) ?? [...texts, ...refIds.map(() => null)];
    row[labelNames.length + refIds.indexOf(refId)] = values.at(-1) ?? null;
    rows.set(key, row);
  }
  const valueColumns = refIds.map((refId) => {
    const field = refIds.length === 1 ? "Value" : `Value #${refId}`;
    return { field, title: field, refId };
  });
  const labelColumns = labelNames.map((name) => ({ field: name, title: name, refId: "" }));
  return { columns: [...labelColumns, ...valueColumns], rows: [...rows.values()] };
}

function transform(
  table: TableData,
  id: string,
  options: Readonly<Record<string, unknown>>,
): TableData {
  switch (id) {
    case "organize":
      return organize(table, options);
    case "filterFieldsByName": {
      const { include } = options as { readonly include?: { readonly names?: unknown } };
      const names = include?.names;
      if (!Array.isArray(names)) return table;
      return pickColumns(
        table,
        (column) => names.includes(column.title) || names.includes(column.field),
      );
    }
    case "sortBy": {
      const [sort] = Array.isArray(options.sort) ? (options.sort as SortBy[]) : [];
      const index = table.columns.findIndex(({ title, field }) =>
        [title, field].includes(sort?.field ?? ""),
      );
      return index < 0 ? table : sortRows(table, index, sort?.desc === true);
    }
    default:
      return table;
  }
}

interface SortBy {
  readonly field?: string;
  readonly desc?: boolean;
}

interface Organize {
  readonly excludeByName?: Readonly<Record<string, unknown>>;
  readonly renameByName?: Readonly<Record<string, unknown>>;
  readonly indexByName?: Readonly<Record<string, unknown>>;
}

function organize(table: TableData, options: Organize): TableData {
  const { excludeByName = {}, renameByName = {}, indexByName = {} } = options;
  const shown = pickColumns(table, ({ field }) => excludeByName[field] !== true);
  const rank = ({ field }: TableColumn) => Number(indexByName[field] ?? Infinity);
  const order = shown.columns.map((_, i) => i);
  order.sort((a, b) => {
    const [rankA, rankB] = [rank(shown.columns[a]!), rank(shown.columns[b]!)];
    return rankA === rankB ? a - b : rankA - rankB;
  });
  return {
    columns: order.map((i) => {
      const column = shown.columns[i]!;
      const title = renameByName[column.field];
      return typeof title === "string" && title !== "" ? { ...column, title } : column;
    }),
    rows: shown.rows.map((row) => order.map((i) => row[i] ?? null)),
  };
}

function pickColumns(table: TableData, isShown: (column: TableColumn) => boolean): TableData {
  const kept = table.columns.map((_, i) => i).filter((i) => isShown(table.columns[i]!));
  return {
    columns: kept.map((i) => table.columns[i]!),
    rows: table.rows.map((row) => kept.map((i) => row[i] ?? null)),
  };
}

/** Numbers by size, texts by letters, nothing last. */
export function sortRows(table: TableData, index: number, isDescending: boolean): TableData {
  const direction = isDescending ? -1 : 1;
  const rows = [...table.rows].sort((rowA, rowB) => {
    const [a, b] = [rowA[index] ?? null, rowB[index] ?? null];
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return direction * (a - b);
    return direction * String(a).localeCompare(String(b), undefined, { numeric: true });
  });
  return { columns: table.columns, rows };
}
