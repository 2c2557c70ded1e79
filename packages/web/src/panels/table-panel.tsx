import { useMemo, useState } from "react";
import { resolveColor } from "../charts/colors.ts";
import { useScheme } from "../frame/scheme.ts";
import { displayValue, type FieldOptions, fieldsOf, type TablePanel } from "../model.ts";
import type { PanelProps } from "./panel-props.ts";
import { type Cell, sortRows, type TableColumn, toTable } from "./table-rows.ts";

/** A page of more rows is read by nobody and drawn slowly. */
const ROWS_SHOWN_MAX = 300;

interface Sort {
  readonly index: number;
  readonly isDescending: boolean;
}

export function TableView({ panel, data }: PanelProps<TablePanel>) {
  const scheme = useScheme();
  const [sort, setSort] = useState<Sort>();
  const table = useMemo(() => {
    const merged = toTable(data.series, panel.transformations);
    return sort ? sortRows(merged, sort.index, sort.isDescending) : merged;
  }, [data, panel.transformations, sort]);
  const fields = table.columns.map((column) => columnFields(panel, column));
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            {table.columns.map((column, index) => (
              <HeaderCell key={column.field} {...{ column, index, sort, setSort }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, ROWS_SHOWN_MAX).map((row) => (
            <tr key={JSON.stringify(row.filter((cell) => typeof cell === "string"))}>
              {row.map((cell, index) => {
                const shown = printCell(cell, fields[index]);
                const color = resolveColor(shown.color, scheme, "");
                return (
                  <td
                    key={table.columns[index]!.field}
                    data-number={typeof cell === "number"}
                    style={color === "" ? undefined : { color }}
                  >
                    {shown.text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > ROWS_SHOWN_MAX && (
        <p className="panel-note">and {table.rows.length - ROWS_SHOWN_MAX} more rows</p>
      )}
    </div>
  );
}

function HeaderCell({
  column,
  index,
  sort,
  setSort,
}: {
  readonly column: TableColumn;
  readonly index: number;
  readonly sort: Sort | undefined;
  setSort(sort: Sort): void;
}) {
  const isSorted = sort?.index === index;
  const direction = sort?.isDescending ? "descending" : "ascending";
  return (
    <th scope="col" aria-sort={isSorted ? direction : "none"} data-number={column.refId !== ""}>
      <button
        type="button"
        onClick={() =>
          setSort({ index, isDescending: isSorted ? !sort.isDescending : column.refId !== "" })
        }
      >
        {column.title}
      </button>
    </th>
  );
}

function columnFields(panel: TablePanel, { field, title, refId }: TableColumn): FieldOptions {
  const byField = fieldsOf(panel.fields, panel.overrides, { name: field, refId });
  return title === field ? byField : fieldsOf(byField, panel.overrides, { name: title, refId: "" });
}

function printCell(cell: Cell, fields: FieldOptions | undefined): { text: string; color: string } {
  if (typeof cell !== "number" || !fields)
    return { text: cell === null ? "" : String(cell), color: "" };
  const { prefix, text, suffix, color } = displayValue(cell, fields);
  const isColored = fields.thresholds.steps.length > 1;
  return { text: `${prefix}${text}${suffix}`, color: isColored ? color : "" };
}
