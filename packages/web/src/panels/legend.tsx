/** The legend below a chart: colour, name, and the numbers asked for. A click shows one alone. */
import type { Column } from "../charts/aligned-data.ts";
import type { ChartSeries } from "../charts/line-chart.ts";
import { CALC_NAMES, displayValue, type Legend as LegendOptions, reduceValues } from "../model.ts";

interface Props {
  readonly legend: LegendOptions;
  readonly series: readonly ChartSeries[];
  readonly values: readonly Column[];
  readonly leftOutCount: number;
  onToggle(name: string): void;
  onOnly(name: string): void;
}

export function Legend(props: Props) {
  const { legend, leftOutCount } = props;
  const isTable = legend.displayMode === "table" && legend.calcs.length > 0;
  return (
    <div className="legend">
      {isTable ? <LegendTable {...props} /> : <LegendList {...props} />}
      {leftOutCount > 0 && <div className="legend-more">{leftOutCount} more series not drawn</div>}
    </div>
  );
}

function LegendList({ legend, series, values, onToggle, onOnly }: Props) {
  const calcs = legend.calcs.length > 0 ? legend.calcs : ["lastNotNull"];
  return (
    <ul className="legend-list">
      {series.map((one, index) => (
        <li key={one.key}>
          <NameButton series={one} onToggle={onToggle} onOnly={onOnly} />
          {calcs.map((calc) => (
            <span key={calc} className="legend-value">
              {legend.calcs.length > 1 && <small>{CALC_NAMES[calc] ?? calc} </small>}
              {printCalc(values[index], calc, one)}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function LegendTable({ legend, series, values, onToggle, onOnly }: Props) {
  return (
    <table className="legend-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          {legend.calcs.map((calc) => (
            <th scope="col" key={calc}>
              {CALC_NAMES[calc] ?? calc}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {series.map((one, index) => (
          <tr key={one.key}>
            <td>
              <NameButton series={one} onToggle={onToggle} onOnly={onOnly} />
            </td>
            {legend.calcs.map((calc) => (
              <td key={calc}>{printCalc(values[index], calc, one)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NameButton({
  series,
  onToggle,
  onOnly,
}: { readonly series: ChartSeries } & Pick<Props, "onToggle" | "onOnly">) {
  return (
    <button
      type="button"
      className="legend-name"
      aria-pressed={series.isShown}
      title={series.name}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) onToggle(series.name);
        else onOnly(series.name);
      }}
    >
      <i style={{ background: series.color }} />
      <span className="legend-text">{series.name}</span>
    </button>
  );
}

function printCalc(column: Column | undefined, calc: string, { fields }: ChartSeries): string {
  const { prefix, text, suffix } = displayValue(reduceValues(column ?? [], calc), fields);
  return `${prefix}${text}${suffix}`;
}
